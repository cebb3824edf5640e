// Findings in the three formats.

import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/domain/finding.ts'
import { renderFindings } from '../../src/mapping/render.ts'

const finding: Finding = {
  severity: 'warning',
  code: 'similar-status',
  file: 'a,b.yaml',
  line: 12,
  column: 3,
  length: 4,
  message: '100% wrong',
  hint: 'look\nhere',
  source: '\t Busy: x',
}

describe('findings', () => {
  test('as text keep tabs, so that the caret stands under what it marks', () => {
    expect(renderFindings([finding], { format: 'text', color: false })).toBe(
      'a,b.yaml:12:3  warning  100% wrong  [similar-status]\n   |\n12 | \t Busy: x\n   | \t ^^^^\n   help: look\nhere\n\n1 warning\n',
    )
  })

  test('as text are in colour only when asked for', () => {
    const colour = '\u001b['
    expect(renderFindings([finding], { format: 'text', color: false })).not.toContain(colour)
    expect(renderFindings([finding], { format: 'text', color: true })).toContain(colour)
  })

  test('say so when there are none', () => {
    expect(renderFindings([], { format: 'text', color: false })).toBe('No problems found.\n')
    expect(renderFindings([], { format: 'json', color: false })).toBe('[]\n')
    expect(renderFindings([], { format: 'github', color: false })).toBe('')
  })

  test('as json are what they are', () => {
    expect(JSON.parse(renderFindings([finding], { format: 'json', color: true }))).toEqual([finding])
  })

  test('for GitHub are one escaped line each', () => {
    expect(renderFindings([finding], { format: 'github', color: false })).toBe(
      '::warning file=a%2Cb.yaml,line=12,col=3,endColumn=7,title=similar-status::100%25 wrong Help: look%0Ahere\n',
    )
  })

  test('in great number are counted in full but printed in part', () => {
    const many = renderFindings(Array(250).fill(finding), { format: 'text', color: false })
    expect(many).toContain('… and 50 more\n')
    expect(many.endsWith('\n250 warnings\n')).toBe(true)
  })
})
