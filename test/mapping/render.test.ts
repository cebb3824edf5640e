// Findings in the three formats.

import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
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
const earlier = { line: 9, column: 1, length: 3, message: 'first here', source: 'abc: d' }

function text(...findings: readonly Finding[]): string {
  return renderFindings(findings, { format: 'text', color: false })
}

describe('a caret', () => {
  /** Each with the columns that a terminal gives it. */
  const atoms: readonly (readonly [string, number])[] = [
    ['a', 1],
    [' ', 1],
    ['é', 1],
    ['e\u0301', 1],
    ['ł', 1],
    ['Ж', 1],
    ['ש', 1],
    ['語', 2],
    ['カ', 2],
    ['한', 2],
    ['Ａ', 2],
    ['😀', 2],
    ['👩‍💻', 2],
    ['❤️', 2],
    ['𠮷', 2],
    ['\t', 4],
    ['\u0007', 1],
  ]
  const written = fc.array(fc.constantFrom(...atoms), { maxLength: 12 })
  const join = (part: readonly (typeof atoms)[number][]) => part.map(([piece]) => piece).join('')
  const width = (part: readonly (typeof atoms)[number][]) => part.reduce((sum, [, columns]) => sum + columns, 0)

  test('stands under what it marks, however wide that and what stands before it are', () => {
    fc.assert(
      fc.property(written, written, written, (before, marked, after) => {
        fc.pre(marked.length > 0)
        const source = join([...before, ['.', 1], ...marked, ['.', 1], ...after])
        const column = join(before).length + 2
        const lines = text({ ...finding, column, length: join(marked).length, source }).split('\n')
        expect(lines[3]).toBe(`   | ${' '.repeat(width(before) + 1)}${'^'.repeat(width(marked))}`)
      }),
      { numRuns: 500 },
    )
  })

  test('is in sight also on a line without end', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5_000 }), fc.integer({ min: 1, max: 300 }), (start, length) => {
        const source = `${'.'.repeat(start)}${'x'.repeat(length)}${'.'.repeat(5_000 - start)}`
        const [, , shown = '', caret = ''] = text({ ...finding, column: start + 1, length, source }).split('\n')
        expect(shown.length).toBeLessThan(180)
        const marked = shown.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)
        expect(marked).toMatch(length <= 100 ? /^x+$/ : /^x+…?$/)
        expect(marked.length).toBe(Math.min(length, marked.length))
      }),
      { numRuns: 100 },
    )
  })
})

describe('findings', () => {
  test('as text stand above their line, with what to do below it', () => {
    expect(text(finding)).toBe(
      [
        'a,b.yaml:12:3  warning  100% wrong  [similar-status]',
        '   |',
        '12 |      Busy: x',
        '   |      ^^^^',
        '   help: look',
        '     here',
        '',
        '1 warning in a,b.yaml',
        '',
      ].join('\n'),
    )
  })

  test('show the other places that they are about, in the order of the file', () => {
    const related = [{ ...earlier, line: 14, source: 'xyz' }, earlier, { ...earlier, line: 12, source: finding.source }]
    expect(
      text({ ...finding, hint: '', related })
        .split('\n')
        .slice(1, 11),
    ).toEqual([
      '   |',
      ' 9 | abc: d',
      '   | --- first here',
      '...',
      '12 |      Busy: x',
      '   |      ^^^^',
      '   | ------ first here',
      '...',
      '14 | xyz',
      '   | --- first here',
    ])
  })

  test('as text are in colour only when asked for', () => {
    const colour = '\u001b['
    expect(text({ ...finding, related: [earlier] })).not.toContain(colour)
    expect(renderFindings([finding], { format: 'text', color: true })).toContain(colour)
  })

  test('never act on the terminal, whatever the file holds', () => {
    const evil = '\u001b[2J\u202e\u0007\r\n'
    const said = text({ ...finding, message: evil, hint: evil, source: evil, related: [{ ...earlier, message: evil }] })
    expect([...'\u001b\u202e\u0007\r'].filter((character) => said.includes(character))).toEqual([])
  })

  test('say so when there are none', () => {
    expect(text()).toBe('No problems found.\n')
    expect(renderFindings([], { format: 'json', color: false })).toBe('[]\n')
    expect(renderFindings([], { format: 'github', color: false })).toBe('')
  })

  test('are counted, by kind and by file', () => {
    const error = { ...finding, severity: 'error' } as const
    expect(text(error, error, finding)).toMatch(/\n2 errors, 1 warning in a,b\.yaml\n$/)
    expect(text(error, { ...finding, file: 'c.yaml' })).toMatch(/\n1 error, 1 warning in 2 files\n$/)
  })

  test('as json have the members that programs rely on, and the column behind the last character', () => {
    const { file, line, column, severity, code, message, hint } = finding
    const parsed: unknown = JSON.parse(
      renderFindings([finding, { ...finding, related: [earlier] }], { format: 'json', color: true }),
    )
    const own = { file, line, column, endLine: 12, endColumn: 7, severity, code, message, hint }
    const related = [{ line: 9, column: 1, endLine: 9, endColumn: 4, message: 'first here' }]
    expect(parsed).toEqual([own, { ...own, related }])
  })

  test('for GitHub are one line each, escaped so that nothing else is read out of them', () => {
    expect(renderFindings([finding], { format: 'github', color: false })).toBe(
      '::warning file=a%2Cb.yaml,line=12,col=3,endColumn=7,title=similar-status::100%25 wrong Help: look%0Ahere\n',
    )
    fc.assert(
      fc.property(fc.string(), fc.string(), (file, message) => {
        const line = renderFindings([{ ...finding, file, message }], { format: 'github', color: false })
        const [, name = '', words = ''] =
          /^::warning file=([^,:\n]*),line=[^\n]*title=similar-status::([^\n\r]*) Help: [^\n]*\n$/.exec(line) ?? []
        const unescaped = (text: string) => decodeURIComponent(text.replace(/%(?!0A|0D|25|2C|3A)/g, '%25'))
        expect([unescaped(name), unescaped(words)]).toEqual([file, message])
      }),
    )
  })

  test('in great number are counted in full but printed in part', () => {
    const many = text(...Array<Finding>(250).fill(finding))
    expect(many).toContain('… and 50 more\n')
    expect(many.endsWith('\n250 warnings in a,b.yaml\n')).toBe(true)
  })
})
