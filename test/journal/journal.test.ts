// What every journal does, whatever it is kept in.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JournalEntry, LogFilter } from '../../src/domain/journal.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { KeptJournal } from '../../src/journal/kept-journal.ts'
import { createMemoryDisk, createMemoryJournal } from '../../src/journal/memory-journal.ts'
import { openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { agentId, at, batch, entry } from './records.ts'

/** Each call opens the same journal again. */
type Opener = { readonly open: () => Promise<KeptJournal>; readonly clean: () => void }

const KINDS: Record<string, () => Opener> = {
  file() {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'))
    const open = () => openSqliteJournal({ path: join(folder, 'data', 'journal.sqlite'), log: SILENT })
    return { open, clean: () => rmSync(folder, { recursive: true }) }
  },
  memory() {
    const disk = createMemoryDisk()
    return { open: async () => createMemoryJournal(disk), clean: () => undefined }
  },
}

function seqs(entries: readonly JournalEntry[]): number[] {
  return entries.map(({ seq }) => seq)
}

describe.each(Object.keys(KINDS))('the %s journal', (kind) => {
  let opener: Opener
  let journal: KeptJournal
  beforeEach(async () => {
    const make = KINDS[kind]
    if (make === undefined) throw new Error(kind)
    opener = make()
    journal = await opener.open()
  })
  afterEach(async () => {
    await journal.close()
    opener.clean()
  })
  const reopen = async () => {
    await journal.close()
    journal = await opener.open()
  }

  test('is empty at first', async () => {
    expect(journal.lastSeq()).toBe(0)
    expect([...journal.states()]).toEqual([])
    expect(journal.mark('replay')).toBeUndefined()
    expect(journal.query({ limit: 10 })).toEqual([])
  })

  test('gives back after a restart what was appended before', async () => {
    const jane = entry(1)
    await journal.append(batch({ entries: [jane, entry(2, 'bob')], states: new Map([[agentId('jane'), '{"a":1}']]) }))
    await journal.append(
      batch({ marks: new Map([['crm.replay', 'AAE=']]), states: new Map([[agentId('jane'), '{"a":2}']]) }),
    )
    await reopen()
    expect(journal.lastSeq()).toBe(2)
    expect(journal.query({ limit: 10 })).toEqual([jane, entry(2, 'bob')])
    expect(JSON.stringify(journal.query({ limit: 10 })[0]?.record)).toBe(JSON.stringify(jane.record))
    expect([...journal.states()]).toEqual([['jane', '{"a":2}']])
    expect(journal.mark('crm.replay')).toBe('AAE=')
  })

  test('shows the newest outcome of a write in its record, member by member as if it had been settled at once', async () => {
    await journal.append(batch({ entries: [entry(1), entry(2)] }))
    const settled = { seq: 1, side: 'crm', ms: 143 } as const
    await journal.append(batch({ outcomes: [{ ...settled, outcome: 'sent' }] }))
    await journal.append(batch({ outcomes: [{ ...settled, outcome: 'refused', words: 'not granted', ms: 150.4 }] }))
    await reopen()
    const [first, second] = journal.query({ limit: 10 })
    const write = first?.record.writes[0]
    expect({ ...write, ms: Math.round(write?.ms ?? 0) }).toEqual({
      side: 'crm',
      status: 'Busy',
      outcome: 'refused',
      ms: 150,
      words: 'not granted',
    })
    expect(Object.keys(write ?? {})).toEqual(['side', 'status', 'outcome', 'ms', 'words'])
    expect(second?.record.writes[0]?.outcome).toBe('waiting')
  })

  test('takes a decision and its outcome in one batch', async () => {
    await journal.append(batch({ entries: [entry(1)], outcomes: [{ seq: 1, side: 'crm', outcome: 'shadow', ms: 0 }] }))
    expect(journal.query({ limit: 1 })[0]?.record.writes[0]?.outcome).toBe('shadow')
  })

  test('keeps nothing of a batch that it refuses, and takes the next one', async () => {
    await journal.append(batch({ entries: [entry(5)] }))
    const states = new Map([[agentId('jane'), 'half']])
    await expect(journal.append(batch({ entries: [entry(6), entry(6)], states }))).rejects.toThrow('cannot follow')
    await expect(journal.append(batch({ entries: [entry(4)], states }))).rejects.toThrow('cannot follow')
    expect(journal.lastSeq()).toBe(5)
    expect([...journal.states()]).toEqual([])
    await journal.append(batch({ entries: [entry(6)] }))
    await reopen()
    expect(seqs(journal.query({ limit: 10 }))).toEqual([5, 6])
  })

  test('answers by agent, time, reason and number, the newest so many in the order in which they were decided', async () => {
    const entries = [
      entry(1, 'jane'),
      entry(2, 'bob', { reason: 'blocked' }),
      entry(3, 'jane', { reason: 'blocked_quiet' }),
      entry(4, 'jane', { reason: 'blocked' }),
    ]
    await journal.append(batch({ entries }))
    const found = (filter: Partial<LogFilter>) => seqs(journal.query({ limit: 10, ...filter }))
    expect(found({ agent: agentId('jane') })).toEqual([1, 3, 4])
    expect(found({ reason: 'blocked' })).toEqual([2, 4])
    expect(found({ from: at(2_000), to: at(4_000) })).toEqual([2, 3])
    expect(found({ from: String(Date.parse(at(4_000))) })).toEqual([4])
    expect(found({ afterSeq: 2 })).toEqual([3, 4])
    expect(found({ limit: 2 })).toEqual([3, 4])
    expect(found({ limit: 0 })).toEqual([])
    expect(found({ to: at(4_000), limit: 1 })).toEqual([3])
    expect(found({ agent: agentId('jane'), reason: 'blocked', afterSeq: 1, from: at(0) })).toEqual([4])
    expect(() => found({ from: 'yesterday' })).toThrow('"yesterday" is not a time')
  })

  test('forgets the oldest in slices, keeps what agents are in, and never gives a number twice', async () => {
    const entries = [1, 2, 3, 4, 5].map((seq) => entry(seq))
    const states = new Map([[agentId('jane'), '{}']])
    await journal.append(batch({ entries, states, outcomes: [{ seq: 1, side: 'crm', outcome: 'confirmed', ms: 1 }] }))
    const before = Date.parse(at(5_000))
    expect(await journal.prune({ olderThanMs: before, maxBytes: Infinity, maxRows: 3 })).toBe(3)
    expect(seqs(journal.query({ limit: 10 }))).toEqual([4, 5])
    expect(await journal.prune({ olderThanMs: before, maxBytes: Infinity, maxRows: 3 })).toBe(1)
    expect(await journal.prune({ olderThanMs: before, maxBytes: Infinity, maxRows: 3 })).toBe(0)
    expect(await journal.prune({ olderThanMs: before + 1, maxBytes: Infinity, maxRows: 3 })).toBe(1)
    expect([...journal.states()]).toEqual([['jane', '{}']])
    await reopen()
    expect(journal.lastSeq()).toBe(5)
    await expect(journal.append(batch({ entries: [entry(5)] }))).rejects.toThrow('cannot follow')
  })

  test('does nothing more once it is closed', async () => {
    await journal.close()
    await journal.close()
    await expect(journal.append(batch({ entries: [entry(1)] }))).rejects.toThrow()
    await reopen()
    expect(journal.lastSeq()).toBe(0)
  })
})

test('both journals give the same answer to the same question', async () => {
  const file = KINDS.file?.()
  if (file === undefined) throw new Error('no file journal')
  const journals = [await file.open(), createMemoryJournal()]
  const entries = Array.from({ length: 200 }, (_, index) => {
    // Clocks are set back now and then: times are not always in the order of the numbers.
    const ms = index * 1_000 - (index % 7 === 0 ? 5_000 : 0)
    const reason = (['mapped', 'echo', 'blocked'] as const)[index % 3] ?? 'mapped'
    return entry(index * 2 + 1, `agent${index % 5}`, { ms, reason })
  })
  for (const journal of journals) await journal.append(batch({ entries }))
  const time = fc.option(fc.integer({ min: -10_000, max: 210_000 }).map(at), { nil: undefined })
  const filters = fc.record({
    agent: fc.option(
      fc.nat(5).map((n) => agentId(`agent${n}`)),
      { nil: undefined },
    ),
    from: time,
    to: time,
    reason: fc.option(fc.constantFrom('mapped' as const, 'echo' as const, 'stale' as const), { nil: undefined }),
    afterSeq: fc.option(fc.nat(420), { nil: undefined }),
    limit: fc.nat(60),
  })
  fc.assert(
    fc.property(filters, (wanted) => {
      const filter = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as LogFilter
      const [one, two] = journals.map((journal) => seqs(journal.query(filter)))
      expect(one).toEqual(two)
    }),
    { numRuns: 300 },
  )
  for (const journal of journals) await journal.close()
  file.clean()
})
