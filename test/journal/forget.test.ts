// Forgetting a person: nothing of them is left in the files, and nothing of anybody else is missing.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { PersonEntry } from '../../src/domain/history.ts'
import type { JournalBatch } from '../../src/domain/journal.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { PlatformUserId } from '../../src/domain/side.ts'
import { JournalInUse } from '../../src/journal/file.ts'
import { forgetSomeone, openJournalForTending } from '../../src/journal/forgetting.ts'
import { FORGET_ROWS_MAX } from '../../src/journal/limits.ts'
import { type FileJournal, openJournalReader, openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { agentId, at, batch, entry } from './records.ts'

const ABOUT = { time: at(0), by: 'olivia', pause: () => Promise.resolve() }
let folder: string
let path: string
let journal: FileJournal
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  path = join(folder, 'journal.sqlite')
  journal = await openSqliteJournal({ path, log: SILENT })
})
afterEach(async () => {
  await journal.close()
  rmSync(folder, { recursive: true })
})

/** Everything that stands in the files. */
function bytes(): string {
  const files = [path, `${path}-wal`].filter((file) => existsSync(file))
  return files.map((file) => readFileSync(file, 'utf8')).join('\n')
}

function user(id: string): PlatformUserId {
  return id as PlatformUserId
}

function person(name: string, more: Partial<PersonEntry> = {}): PersonEntry {
  const users = { crm: user(`005-${name}`), telephony: user(`uuid-${name}`) }
  return { agent: agentId(name), name: `${name} Doe`, aliases: [], profile: null, users, ...more }
}

function history(people: readonly PersonEntry[]): Pick<JournalBatch, 'history'> {
  return { history: { people, mappings: [], service: [], figures: [] } }
}

/** By the hand of the bridge that has the journal open. */
async function forget(name: string, more: { readonly keptInStep?: boolean; readonly upTo?: number } = {}) {
  const { found } = await journal.forget({ kind: 'find', name })
  if (found?.kind !== 'one') throw new Error(`${name}: ${found?.kind}`)
  const { keptInStep = false, upTo = journal.lastSeq() } = more
  return await forgetSomeone(journal.forget, { ...ABOUT, someone: found.someone, keptInStep, upTo })
}

async function forgetInFile(name: string) {
  const tended = openJournalForTending(path)
  const found = tended.find(name)
  if (found.kind !== 'one') throw new Error(`${name}: ${found.kind}`)
  const forgotten = await tended.forget({ ...ABOUT, someone: found.someone })
  tended.close()
  return forgotten
}

const NAMES = ['ann@acme.example', 'ann.b@acme.example', 'Öl"ga\\@acme.example', 'joanna@acme.example']

describe('whatever was recorded', () => {
  const rows = fc.array(
    fc.record({
      who: fc.nat({ max: NAMES.length - 1 }),
      state: fc.string({ maxLength: 3_000 }),
      settled: fc.boolean(),
      /** A commit of its own. */
      ends: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  )

  test.each([
    ['a running bridge', forget],
    ['nobody else', forgetInFile],
  ])(
    'the one forgotten is in no file any more, and the others are as before (the file is open for %s)',
    async (_, act) => {
      await fc.assert(
        fc.asyncProperty(rows, fc.nat({ max: NAMES.length - 1 }), async (all, chosen) => {
          const offline = act === forgetInFile
          await journal.close()
          for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true })
          journal = await openSqliteJournal({ path, log: SILENT })
          await record(all)
          const name = NAMES[chosen] ?? ''
          const others = NAMES.filter((one) => one !== name)
          const before = others.map((one) => journal.query({ agent: agentId(one), limit: 1_000 }))
          const states = [...journal.states()].filter(([agent]) => agent !== name)
          const last = journal.lastSeq()
          const mine = all.filter(({ who }) => NAMES[who] === name)
          if (offline) await journal.close()

          const forgotten = await act(name)
          expect(forgotten).toMatchObject({ decisions: mine.length, people: 1, logEmptied: true })
          expect(forgotten.outcomes).toBe(mine.filter(({ settled }) => settled).length)
          expect(forgotten.states).toBe(mine.length > 0 ? 1 : 0)
          const text = bytes()
          for (const trace of [name, JSON.stringify(name).slice(1, -1), `005-${name}`])
            expect(traces(text, trace)).toBe(0)

          if (offline) journal = await openSqliteJournal({ path, log: SILENT })
          expect(others.map((one) => journal.query({ agent: agentId(one), limit: 1_000 }))).toEqual(before)
          expect([...journal.states()]).toEqual(states)
          expect(journal.lastSeq()).toBe(last)
        }),
        { numRuns: 10 },
      )
    },
  )

  /** "ann@acme.example" is the end of no other name here, and no other name's beginning. */
  function traces(text: string, name: string): number {
    return text.split(name).length - 1
  }

  async function record(
    all: readonly { readonly who: number; readonly state: string; readonly settled: boolean; readonly ends: boolean }[],
  ) {
    await journal.append(batch(history(NAMES.map((name) => person(name)))))
    let [waiting, seq] = [[] as JournalBatch[], 0]
    for (const { who, state, settled, ends } of all) {
      seq += 1
      const name = NAMES[who] ?? ''
      const outcomes = settled
        ? [{ seq, side: 'crm' as const, outcome: 'refused' as const, ms: 5, words: `${name}: no` }]
        : []
      const states = new Map([[agentId(name), `${name} ${state}`]])
      waiting.push(batch({ entries: [entry(seq, name)], states, outcomes }))
      if (!ends) continue
      await Promise.all(waiting.map((one) => journal.append(one)))
      waiting = []
    }
    await Promise.all(waiting.map((one) => journal.append(one)))
  }
})

test('numbers are not given again, also where the newest decision is gone', async () => {
  await journal.append(batch({ entries: [entry(1, 'lee'), entry(2, 'jane')] }))
  await forget('jane')
  await journal.close()
  journal = await openSqliteJournal({ path, log: SILENT })
  expect(journal.lastSeq()).toBe(2)
})

test('what is decided while somebody is being forgotten stays', async () => {
  await journal.append(batch({ entries: [entry(1, 'jane'), entry(2, 'jane')] }))
  await forget('jane', { upTo: 1 })
  expect(journal.query({ limit: 10 }).map(({ seq }) => seq)).toEqual([2])
})

test('many decisions go in many steps, each a small one', async () => {
  const count = 3 * FORGET_ROWS_MAX + 1
  await journal.append(batch({ entries: Array.from({ length: count }, (_, n) => entry(n + 1, 'jane')) }))
  const sizes: number[] = []
  const { found } = await journal.forget({ kind: 'find', name: 'jane' })
  if (found?.kind !== 'one') throw new Error('jane is not found')
  const hand: typeof journal.forget = async (step) => {
    const answer = await journal.forget(step)
    if (answer.slice !== undefined) sizes.push(answer.slice.decisions)
    return answer
  }
  const task = { ...ABOUT, someone: found.someone, keptInStep: false, upTo: count }
  expect(await forgetSomeone(hand, task)).toMatchObject({ decisions: count, logEmptied: true })
  expect(sizes).toEqual([FORGET_ROWS_MAX, FORGET_ROWS_MAX, FORGET_ROWS_MAX, 1])
})

describe('who is meant', () => {
  const JANE = person('jane@acme.example', { name: 'Jane Doe', aliases: ['j.doe@tel.example'] })
  const JOHN = person('john@acme.example', { name: 'Jane Doe', aliases: ['shared@tel.example'] })
  const JILL = person('jill@acme.example', { name: 'Jill', aliases: ['shared@tel.example', 'left@acme.example'] })
  beforeEach(async () => {
    const entries = [entry(1, 'left@acme.example'), entry(2, '005-jane@acme.example'), entry(3, 'j.doe@tel.example')]
    await journal.append({ ...batch({ entries }), ...history([JANE, JOHN, JILL, person('left@acme.example')]) })
  })
  const found = async (name: string) => (await journal.forget({ kind: 'find', name })).found

  test.each(['jane@acme.example', 'JANE@acme.example', 'j.doe@TEL.example', '005-jane@acme.example'])(
    'is found by any of their names, and with records from before they were matched: %s',
    async (name) => {
      expect(await found(name)).toMatchObject({
        kind: 'one',
        someone: {
          agent: 'jane@acme.example',
          agents: ['jane@acme.example', '005-jane@acme.example', 'j.doe@tel.example'],
        },
      })
    },
  )

  test('is asked back where a name may mean several', async () => {
    expect(await found('jane doe')).toEqual({ kind: 'several', agents: [JANE.agent, JOHN.agent] })
    expect(await found('shared@tel.example')).toEqual({ kind: 'several', agents: [JOHN.agent, JILL.agent] })
  })

  test('is not somebody else who is called like an other name of theirs', async () => {
    expect(await found('jill@acme.example')).toMatchObject({ kind: 'one', someone: { agents: ['jill@acme.example'] } })
  })

  test('may be in the decisions only, and nobody is nobody', async () => {
    await journal.append(batch({ entries: [entry(4, 'Old@acme.example')] }))
    expect(await found('old@acme.example')).toMatchObject({ kind: 'one', someone: { agents: ['Old@acme.example'] } })
    expect(await found('acme')).toEqual({ kind: 'nobody' })
    expect(await found('')).toEqual({ kind: 'nobody' })
  })
})

describe('besides decisions', () => {
  const MARKS = new Map([
    ['paused', JSON.stringify({ jane: 'paused by olivia', lee: 'paused by sam' })],
    ['vendor:block:005-jane', '{"status":"Busy"}'],
    ['vendor:block:005-lee', '{"status":"Busy"}'],
    ['vendor.channels', '[{"id":"c1"}]'],
    ['alive', at(5)],
  ])
  beforeEach(async () => {
    const text = 'profiles: { early: { people: [jane, lee] } } # not jane.k'
    const nothing = { statuses: [], channels: [] }
    const mappings = [text, 'profiles: {}'].map((one, n) => ({
      hash: `sha256:${n}`,
      time: at(n),
      file: 'mappings.yaml',
      text: one,
      catalogue: { crm: nothing, telephony: nothing },
    }))
    const service = [
      { time: at(1), kind: 'reload_refused' as const, words: 'Nobody is called Jane; jane.k is' },
      { time: at(2), kind: 'link_up' as const, words: 'connected' },
      { time: at(3), kind: 'link_down' as const, side: 'crm' as const, words: 'May be back' },
    ]
    const people = [person('jane'), person('lee')]
    await journal.append({ ...batch({ marks: MARKS }), history: { people, mappings, service, figures: [] } })
  })

  test('pauses, an adapter’s memory and words of events lose the name; mapping files are counted and kept', async () => {
    expect(await forget('jane')).toMatchObject({ people: 1, marks: 2, events: 1, mappings: 1 })
    expect(JSON.parse(journal.mark('paused') ?? '')).toEqual({ lee: 'paused by sam' })
    expect(journal.mark('vendor:block:005-jane')).toBeUndefined()
    for (const key of ['vendor:block:005-lee', 'vendor.channels', 'alive'])
      expect(journal.mark(key)).toBe(MARKS.get(key))
    expect(
      journal
        .history()
        .service({})
        .map(({ words }) => words),
    ).toEqual([
      'Records of one person were removed by olivia',
      'Nobody is called somebody; jane.k is',
      'connected',
      'May be back',
    ])
    expect(journal.history().mapping('sha256:0')?.text).toContain('[jane, lee]')
  })

  test('nothing else loses a word, whatever somebody is called', async () => {
    const people = [person('crm', { name: 'May' }), person('link_down', { name: 'Will' })]
    await journal.append(batch(history(people)))
    const before = journal.history().service({})
    for (const { agent } of people) expect(await forget(agent)).toMatchObject({ people: 1, events: 0, mappings: 0 })
    expect(
      journal
        .history()
        .service({})
        .filter(({ kind }) => kind !== 'forgotten'),
    ).toEqual(before)
  })

  test('what a bridge needs that keeps them in step stays', async () => {
    expect(await forget('jane', { keptInStep: true })).toMatchObject({ people: 1, marks: 0, keptInStep: true })
    for (const [key, value] of MARKS) expect(journal.mark(key)).toBe(value)
  })
})

test('somebody who reads meanwhile is waited for, but not for ever', async () => {
  await journal.append(batch({ entries: [entry(1, 'jane')] }))
  const reading = new DatabaseSync(path, { readOnly: true })
  const rows = reading.prepare('SELECT seq FROM decisions').iterate()
  rows.next()
  expect(await forget('jane')).toMatchObject({ decisions: 1, logEmptied: false })
  reading.close()
})

test('a file that a bridge has open is not touched by another hand, nor is a missing or a foreign one', async () => {
  expect(() => openJournalForTending(path)).toThrow(JournalInUse)
  expect(() => openJournalForTending(join(folder, 'none.sqlite'))).toThrow('There is no journal at')
  expect(existsSync(join(folder, 'none.sqlite'))).toBe(false)
  const foreign = join(folder, 'foreign.sqlite')
  const other = new DatabaseSync(foreign)
  other.exec('CREATE TABLE t (x)')
  other.close()
  expect(() => openJournalForTending(foreign)).toThrow('another program')
  // A lock that was not there before would belong to whoever ran the command, and keep the bridge out.
  expect(existsSync(`${foreign}.lock`)).toBe(false)
})

test('what a version without writing over has left in the file is gone after it was rewritten', async () => {
  await journal.append(batch({ entries: [entry(1, 'jane')], states: new Map([[agentId('lee'), '{}']]) }))
  await journal.close()
  const old = new DatabaseSync(path)
  old.exec('PRAGMA secure_delete = OFF; DELETE FROM decisions')
  old.close()
  expect(bytes()).toContain('jane')
  const tended = openJournalForTending(path)
  tended.rewrite()
  tended.close()
  expect(bytes()).not.toContain('jane')
  const reader = openJournalReader({ path })
  expect([...reader.states()]).toEqual([['lee', '{}']])
  reader.close()
})
