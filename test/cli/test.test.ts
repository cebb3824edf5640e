// presence-bridge test: what it says of stories that pass and fail, to people and to other programs.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { test as run, type TestOptions } from '../../src/cli/test.ts'
import { captured } from './captured.ts'

const FOLDER = 'test/cli/files'
const FAILING = `${FOLDER}/failing.yaml`
const BROKEN = `${FOLDER}/broken.yaml`
const COVERING = `${FOLDER}/covering.yaml`
const PLAIN: TestOptions = { mappings: null, name: null, coverage: false, format: 'text' }
/** Stands still, so that reports are the same every time. */
const clock = { now: () => 0, after: () => () => {}, soon: () => {} }

async function report(files: string | readonly string[], options: Partial<TestOptions> = {}, color = false) {
  const { io, out, err } = captured({ color })
  const code = await run([files].flat(), { ...PLAIN, ...options }, io, { clock })
  return { code, out: out(), err: err() }
}

function lineOf(file: string, words: string): number {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.findIndex((line) => line.includes(words)) + 1
}

describe('for people', () => {
  test('a story that fails shows where, what, why and how it came to it', async () => {
    const { code, out } = await report(FAILING)
    expect(code).toBe(1)
    expect(out).toBe(`✓ going on a break works both ways (0 ms)
✗ a chat does not keep calls away <at all> (0 ms)

✗ a chat does not keep calls away <at all>
  ${FAILING}:15:22
      13 |       - work: { side: crm, id: c1, channel: chat, state: offered }
      14 |         expect:
    > 15 |           telephony: On Queue
         |                      ^^^^^^^^
      16 |           writes: { telephony: 0 }

    telephony            expected On Queue
                              got Available
    writes to telephony  expected 0
                              got 1

    A chat was offered to the agent in the CRM, so telephony is blocked and was set from On Queue to Available (small.yaml line 11).

      time   crm       telephony      what happened           reasons
      start    Online    On Queue
      0:00     Break   → Break        crm: Break              mapped
      0:10   → Online    On Queue     telephony: On Queue     mapped
    > 0:20     Online  → Available ▐  chat c1 offered in crm  blocked

1 story passed, 1 failed (0 ms)
`)
  })

  test('colours stand only where somebody looks', async () => {
    expect((await report(FAILING)).out).not.toContain('\u001b[')
    expect((await report(FAILING, {}, true)).out).toContain('\u001b[')
  })

  test('of several files each is named, and one that cannot be used stops none of the others', async () => {
    const { code, out, err } = await report([BROKEN, FAILING, COVERING])
    expect(code).toBe(1)
    expect(err).toContain(`${BROKEN}:4:`)
    expect(out).toContain(`${FAILING}\n✓ going on a break`)
    expect(out).toContain(`${COVERING}\n✓ the crm on and off`)
    expect(out).toMatch(/\n5 stories passed, 1 failed, 1 file with errors \(0 ms\)\n$/)
  })

  test('only stories with the wanted words in their name are played', async () => {
    const { code, out } = await report([FAILING, COVERING], { name: 'WORKS both' })
    expect(code).toBe(0)
    expect(out).toContain('✓ going on a break works both ways')
    expect(out).toContain('1 story passed, 0 failed, 5 skipped')
  })

  test('words that no name has are no success', async () => {
    await expect(report(COVERING, { name: 'lunch' })).rejects.toThrow('no story has "lunch" in its name')
  })

  test('a file without stories is no success', async () => {
    await expect(report(`${FOLDER}/small.yaml`)).rejects.toThrow('no stories found; add a "tests:" block')
  })

  test('a file that is not there is told in a sentence', async () => {
    await expect(report(`${FOLDER}/nowhere.yaml`)).rejects.toThrow(`${FOLDER}/nowhere.yaml cannot be read`)
  })

  test('another mapping may be tried', async () => {
    const { code, out } = await report(FAILING, { mappings: 'test/stories/scenario-b.mappings.yaml' })
    expect(code).toBe(1)
    expect(out).toContain('✗ going on a break works both ways')
  })
})

describe('for programs', () => {
  test('one JSON object a story, with every step that failed', async () => {
    const { out } = await report(FAILING, { format: 'json' })
    const [first, second, ...others] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(others).toEqual([])
    const file = FAILING
    expect(first).toEqual({ story: 'going on a break works both ways', file, line: 3, passed: true, failures: [] })
    expect(second).toMatchObject({ file, line: 8, passed: false })
    expect(second.failures).toEqual([
      { step: 2, line: 13, column: 9, what: 'telephony', expected: 'On Queue', got: 'Available' },
      { step: 2, line: 13, column: 9, what: 'writes to telephony', expected: '0', got: '1' },
      { step: 3, line: 17, column: 9, what: 'telephony', expected: 'Available', got: 'On Queue' },
    ])
  })

  test('JUnit counts what is in it, and nothing in it is left open', async () => {
    const { out } = await report([BROKEN, FAILING], { format: 'junit' })
    const root = /<testsuites name="presence-bridge" tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(out)
    const count = (what: RegExp) => out.match(what)?.length ?? 0
    expect(root?.slice(1).map(Number)).toEqual([count(/<testcase /g), count(/<failure /g), count(/<error /g)])
    expect(elementsOf(out)).toEqual([])
    expect(out).toContain('name="a chat does not keep calls away &lt;at all&gt;" classname="test.cli.files.failing"')
    expect(out).toContain(`file="${FAILING}" line="8" time="0.000"`)
    expect(out).toContain(
      'message="telephony: expected On Queue, got Available; writes to telephony: expected 0, got 1"',
    )
  })

  test('GitHub is told the line of the value that did not come', async () => {
    const { out } = await report([BROKEN, FAILING], { format: 'github' })
    const commands = out.split('\n').filter((line) => line.startsWith('::'))
    expect(commands).toHaveLength(2)
    expect(commands[0]).toMatch(new RegExp(`^::error file=${BROKEN},line=4,`))
    expect(commands[1]).toMatch(new RegExp(`^::error file=${FAILING},line=15,col=22,title=a chat does not .*%0A`))
  })
})

/** The elements that were opened and not closed, in a text where every "<" begins a tag. */
function elementsOf(xml: string): readonly string[] {
  const open: string[] = []
  for (const [, closing, name, empty] of xml.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (closing === '/') expect(open.pop()).toBe(name)
    else if (empty !== '/') open.push(name ?? '')
  }
  return open
}

describe('coverage', () => {
  const coverageOf = async (files: string | readonly string[], options: Partial<TestOptions> = {}) => {
    const { out } = await report(files, { ...options, coverage: true, format: 'json' })
    const last = out.trimEnd().split('\n').at(-1) ?? ''
    return JSON.parse(last).coverage as { percent: number; covered: number; total: number; missing: { what: string }[] }
  }
  /** Of one story of the covering file; asked for once, as reading the mapping takes longest. */
  const missingAlone = new Map<string, Promise<readonly string[]>>()
  const missing = (name: string) => {
    const known =
      missingAlone.get(name) ?? coverageOf(COVERING, { name }).then((one) => one.missing.map(({ what }) => what))
    missingAlone.set(name, known)
    return known
  }

  test('is whole where stories touch every cell', async () => {
    const { out } = await report(COVERING, { coverage: true })
    expect(out).toContain(`${FOLDER}/small.yaml: 100 % covered (25 of 25)`)
    expect(out).not.toContain('not covered')
  })

  test('names what no story touches, with its line', async () => {
    const { code, out } = await report(COVERING, { coverage: true, name: 'telephony on and off' })
    const small = `${FOLDER}/small.yaml`
    expect(code).toBe(0)
    expect(out).toContain(`not covered: crm Online left (${small}:${lineOf(small, 'crm: Online')})`)
    expect(out).toContain(`not covered: crm chat blocks telephony (${small}:${lineOf(small, 'channels: [chat')})`)
    expect(out).toContain(`not covered: crm log-in (${small})`)
  })

  test.each([
    ['the crm logs in', ['crm log-in']],
    [
      'work keeps',
      ['crm chat blocks telephony', 'crm email blocks telephony', 'telephony released', 'telephony block overridden'],
    ],
    ['telephony on', ['crm transition over', 'telephony On Queue left', 'telephony Idle chosen', 'telephony log-in']],
    ['the crm on', ['crm Online left', 'crm Coaching chosen', 'crm Busy chosen', 'crm Transition chosen']],
  ])('counts the cells of "%s" by what happens in it', async (name, cells) => {
    const there = await missing(name)
    for (const cell of cells) expect(there).not.toContain(cell)
    const others = ['the crm logs in', 'work keeps', 'telephony on', 'the crm on'].filter((one) => one !== name)
    const touchedByOthers = await Promise.all(others.map((other) => missing(other)))
    // Some of them are the story's own: without it they would be missing.
    expect(cells.some((cell) => touchedByOthers.every((list) => list.includes(cell)))).toBe(true)
  })

  test('of two files with one mapping is counted together', async () => {
    const { covered } = await coverageOf(FAILING)
    const together = await coverageOf([FAILING, COVERING])
    expect(covered).toBeLessThan(together.covered)
    expect(together.total).toBe(25)
  })

  test('counts what was only followed for the side that led', async () => {
    expect(await missing('telephony on')).toContain('crm Break chosen')
    expect(await missing('the crm logs in')).toContain('crm Online chosen') // it was put to Break at once
  })

  test.each(['nobody is there', 'other rules'])(
    'does not count what these rules were not asked for: %s',
    async (name) => {
      const { covered, total } = await coverageOf(`${FOLDER}/uncounted.yaml`, { name })
      expect({ covered, total }).toEqual({ covered: 0, total: 25 })
    },
  )

  test('stands in JUnit beside the stories', async () => {
    const { out } = await report(COVERING, { coverage: true, format: 'junit' })
    expect(out).toContain('<property name="coverage" value="100"/>')
  })

  test('is told to GitHub beside the lines', async () => {
    const { out } = await report(COVERING, { coverage: true, name: 'work keeps', format: 'github' })
    expect(out).toMatch(
      /^::notice file=test\/cli\/files\/small\.yaml,line=4,title=not covered::not covered: crm Break left/m,
    )
  })
})
