// What people do with a journal's file from the command line: look at it, and have it forget somebody.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Confirm, forget, info, type Which } from '../../src/cli/journal.ts'
import { SILENT } from '../../src/domain/log.ts'
import { openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { agentId, at, batch, entry } from '../journal/records.ts'
import { captured } from './captured.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  path = join(folder, 'journal.sqlite')
  const journal = await openSqliteJournal({ path, log: SILENT })
  const people = [{ agent: agentId('jane'), name: 'Jane Doe', aliases: ['j@tel.example'], profile: null }]
  const history = { people, mappings: [], service: [], figures: [] }
  const outcomes = [{ seq: 1, side: 'crm' as const, outcome: 'confirmed' as const, ms: 5 }]
  const entries = [entry(1, 'jane'), entry(2, 'lee'), entry(3, 'jane')]
  await journal.append({ ...batch({ entries, outcomes, states: new Map([[agentId('jane'), '{}']]) }), history })
  await journal.close()
})
afterEach(() => rmSync(folder, { recursive: true }))

const never: Confirm = () => Promise.reject(new Error('nobody is asked'))

type Order = { readonly agent?: string; readonly which?: Which; readonly yes?: boolean }

async function run({ agent = 'jane', which = { journal: path }, yes = false }: Order, confirm: Confirm | null = never) {
  const { io, out, err } = captured()
  const code = await forget({ agent, yes, ...which }, io, confirm)
  return { code, out: out(), err: err() }
}

const text = () => readFileSync(path, 'utf8')

describe('forget', () => {
  test('removes somebody by any of their names, and says what went and what did not', async () => {
    writeFileSync(`${path}.damaged-2026-11-20T00-00-00-000Z`, '')
    const asked: string[] = []
    const answer = await run({ agent: 'J@tel.example' }, async (question) => asked.push(question) > 0)
    expect(answer).toMatchObject({ code: 0, err: '' })
    expect(asked).toEqual(['Remove 2 decisions of jane and all else that is kept of them, for good?'])
    expect(answer.out.split('\n')).toEqual([
      'Removed of jane: 2 decisions, 1 outcome, what was remembered to go on, who they are.',
      `${path}.damaged-2026-11-20T00-00-00-000Z was set aside as damaged and may have records of them: delete it.`,
      'Copies of the journal and what was printed to stdout are not touched.',
      '',
    ])
    expect(text()).not.toContain('jane')
    expect(text()).toContain('lee')
  })

  test('removes nothing when it is not meant, or when nobody can be asked', async () => {
    const before = readFileSync(path)
    expect(await run({}, async () => false)).toMatchObject({ code: 1, out: '', err: 'Nothing was removed.\n' })
    expect(await run({}, null)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--yes') })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('asks nobody with --yes', async () => {
    expect(await run({ yes: true }, null)).toMatchObject({ code: 0, err: '' })
    expect(text()).not.toContain('jane')
  })

  test('lets a bridge start while somebody thinks', async () => {
    const answer = await run({}, async () => {
      const bridge = await openSqliteJournal({ path, log: SILENT })
      await bridge.close()
      return true
    })
    expect(answer.code).toBe(0)
  })

  test.each<[string, Order, number, string]>([
    ['nobody of that name', { agent: 'acme', yes: true }, 1, 'Nobody of that name is in the journal: acme'],
    ['no journal named', { which: {} }, 2, 'either --settings FILE or --journal FILE'],
    [
      'a file that is not there',
      { which: { journal: '/nowhere/journal.sqlite' }, yes: true },
      2,
      'There is no journal at',
    ],
  ])('says what is wrong: %s', async (_, order, code, words) => {
    expect(await run(order)).toMatchObject({ code, out: '', err: expect.stringContaining(words) })
  })

  test('says so where somebody reads meanwhile, and does the rest when asked again', async () => {
    const reading = new DatabaseSync(path, { readOnly: true })
    const rows = reading.prepare('SELECT seq FROM decisions').iterate()
    rows.next()
    const first = await run({ yes: true })
    expect(first).toMatchObject({ code: 2, err: expect.stringContaining('ask again') })
    expect(first.out).toContain('its log could not be emptied')
    reading.close()
    expect(await run({ agent: 'lee', yes: true })).toMatchObject({ code: 0, err: '' })
    expect(text()).not.toMatch(/jane|lee/)
  })

  test('does not touch a file that a bridge has open', async () => {
    const bridge = await openSqliteJournal({ path, log: SILENT })
    expect(await run({ yes: true })).toMatchObject({
      code: 2,
      err: expect.stringContaining('with --settings, or stop it'),
    })
    expect(bridge.query({ agent: agentId('jane'), limit: 10 })).toHaveLength(2)
    await bridge.close()
  })
})

describe('info', () => {
  test('tells how large it is, how much is in it and how long it is kept', () => {
    writeFileSync(join(folder, 'bridge.yaml'), SETTINGS)
    const { io, out, err } = captured()
    expect(info({ settings: join(folder, 'bridge.yaml'), format: 'text' }, io)).toBe(0)
    expect(err()).toBe('')
    const lines = out().split('\n')
    expect(lines[0]).toBe(`journal:   ${path} (form 2)`)
    expect(lines[1]).toMatch(/^size: {6}0\.\d MB, 0\.0 MB of it free for new decisions; log 0\.0 MB$/)
    expect(lines[2]).toBe(`decisions: 3 decisions from ${at(1_000)} to ${at(3_000)}`)
    expect(lines[3]).toBe('people:    1 are or were kept in step')
    expect(lines[5]).toBe('kept:      30 days, or until it has 10240.0 MB')
  })

  test('is the same as JSON, also while a bridge runs', async () => {
    const bridge = await openSqliteJournal({ path, log: SILENT })
    const { io, out } = captured()
    expect(info({ journal: path, format: 'json' }, io)).toBe(0)
    expect(JSON.parse(out())).toMatchObject({
      path,
      decisions: 3,
      from: at(1_000),
      to: at(3_000),
      people: 1,
      keep: null,
    })
    await bridge.close()
  })

  test('makes no journal where there is none', () => {
    const { io, err } = captured()
    const missing = join(folder, 'none.sqlite')
    expect(info({ journal: missing, format: 'text' }, io)).toBe(2)
    expect(err()).toBe(`There is no journal at ${missing}.\n`)
    expect(existsSync(missing)).toBe(false)
  })
})

const SETTINGS = `mappings: ./mappings.yaml
crm: { kind: sandbox }
telephony: { kind: sandbox }
journal: { path: ./journal.sqlite, keep: 30d }
`
