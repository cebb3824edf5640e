// What is read of a journal's file when no bridge runs: walks, people, mappings, service events, figures; and files of an earlier version.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { MappingEntry, PersonEntry } from '../../src/domain/history.ts'
import type { HistoryBatch, JournalEntry, WalkFilter } from '../../src/domain/journal.ts'
import { SILENT } from '../../src/domain/log.ts'
import { type FileJournal, openJournalReader, openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { agentId, at, batch, entry } from './records.ts'

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

function history(more: Partial<HistoryBatch>): HistoryBatch {
  return { people: [], mappings: [], service: [], figures: [], ...more }
}

function mapping(hash: string, ms: number): MappingEntry {
  const nothing = { statuses: [], channels: [] }
  return {
    hash,
    time: at(ms),
    file: 'mappings.yaml',
    text: `# ${hash}`,
    catalogue: { crm: nothing, telephony: nothing },
  }
}

const JANE: PersonEntry = {
  agent: agentId('jane@acme.example'),
  name: 'Jane',
  aliases: ['J.Doe@tel.example'],
  profile: null,
}

/** Some overlap: with `exposed`, or with `overlaps`. */
function someEntry(
  seq: number,
  of: { agent: string; ms: number; kind: 'plain' | 'exposed' | 'over' | 'overlap' },
): JournalEntry {
  const { record } = entry(seq, of.agent, { ms: of.ms })
  const more = {
    plain: {},
    exposed: { exposed: [{ side: 'crm', cause: 'under_way' }] },
    over: { exposed: [] },
    overlap: { overlaps: [{ side: 'crm', item: 'c1', from: at(of.ms), ms: 5 }] },
  } as const
  return { seq, record: { ...record, ...more[of.kind] } }
}

describe('a walk', () => {
  const someFilter: fc.Arbitrary<WalkFilter> = fc.record(
    {
      agent: fc.constantFrom('a', 'b').map(agentId),
      from: fc.integer({ min: -1, max: 40 }).map(at),
      to: fc.integer({ min: -1, max: 41 }).map(at),
      overlapping: fc.boolean(),
    },
    { requiredKeys: [] },
  )

  test('finds by any filter what a look at every record finds, in the order of time, and counts as many', async () => {
    const made = fc.array(
      fc.record({
        agent: fc.constantFrom('a', 'b', 'c'),
        ms: fc.integer({ min: 0, max: 40 }),
        kind: fc.constantFrom('plain', 'exposed', 'over', 'overlap'),
      }),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(made, fc.array(someFilter, { minLength: 1, maxLength: 5 }), async (records, filters) => {
        const before = journal.lastSeq()
        const entries = records.map((record, index) => someEntry(before + index + 1, record))
        await journal.append(batch({ entries }))
        for (const filter of filters) {
          const found = [...journal.history().walk(filter)].filter(({ seq }) => seq > before)
          const wanted = entries
            .filter(({ record: { agent, time, exposed, overlaps } }) => {
              const overlapping = exposed !== undefined || overlaps !== undefined
              if (filter.overlapping === true && !overlapping) return false
              if (filter.agent !== undefined && agent !== filter.agent) return false
              return time >= (filter.from ?? '') && time < (filter.to ?? '3')
            })
            .sort((a, b) => Date.parse(a.record.time) - Date.parse(b.record.time) || a.seq - b.seq)
          expect(found).toEqual(wanted)
          expect(journal.history().count(filter)).toBe([...journal.history().walk(filter)].length)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('goes on over more records than one look takes, also where many have the same time', async () => {
    const entries = Array.from({ length: 5_000 }, (_, index) =>
      entry(index + 1, 'a', { ms: Math.floor(index / 3_000) }),
    )
    await journal.append(batch({ entries }))
    expect([...journal.history().walk({})].map(({ seq }) => seq)).toEqual(entries.map(({ seq }) => seq))
  })
})

describe('beside the decisions', () => {
  test('people are found by any of their names, whatever the case, as they were told last', async () => {
    await journal.append(batch({ history: history({ people: [JANE] }) }))
    await journal.append(batch({ history: history({ people: [{ ...JANE, profile: 'chat' }] }) }))
    const reader = journal.history()
    expect([reader.person('JANE@acme.example'), reader.person('j.doe@tel.example')]).toEqual([
      { ...JANE, profile: 'chat' },
      { ...JANE, profile: 'chat' },
    ])
    expect([reader.person('jane'), [...reader.people()].length]).toEqual([null, 1])
  })

  test('a mapping is found by its hash as it came into force first, or the newest', async () => {
    await journal.append(batch({ history: history({ mappings: [mapping('a', 0), mapping('b', 5)] }) }))
    await journal.append(batch({ history: history({ mappings: [mapping('a', 9)] }) }))
    const reader = journal.history()
    expect([reader.mapping('a'), reader.mapping()?.hash, reader.mapping('c')]).toEqual([mapping('a', 0), 'b', null])
  })

  test('service events and figures are found by their time', async () => {
    const service = [1, 2, 3].map((ms) => ({ time: at(ms), kind: 'link_up', side: 'crm', words: String(ms) }) as const)
    const none = { crm: null, telephony: null }
    const figures = [0, 60_000].map((ms) => {
      const minute = Date.parse(at(ms))
      return { minute, decisions: 1, writes: { confirmed: 2 }, latency: none, exposedMs: { crm: 3, telephony: 0 } }
    })
    await journal.append(batch({ history: history({ service, figures }) }))
    const reader = openJournalReader({ path })
    expect(reader.service({ from: at(2), to: at(3) })).toEqual([service[1]])
    expect(reader.service({})).toEqual(service)
    expect(reader.figures({ from: at(1) })).toEqual([figures[1]])
    reader.close()
  })

  test('what is older than the journal has to keep goes, but not people and mappings', async () => {
    const service = [{ time: at(0), kind: 'started', words: '' } as const]
    await journal.append(batch({ history: history({ people: [JANE], mappings: [mapping('a', 0)], service }) }))
    await journal.prune({ olderThanMs: Date.parse(at(10)), maxBytes: 2 ** 30, maxRows: 100 })
    const reader = journal.history()
    expect([reader.service({}), reader.person('jane@acme.example'), reader.mapping('a')?.hash]).toEqual([[], JANE, 'a'])
  })
})

describe('a file of the version before', () => {
  async function makeOld(): Promise<void> {
    await journal.append(batch({ entries: [entry(1), entry(2)] }))
    await journal.close()
    const db = new DatabaseSync(path)
    db.exec(`
      ALTER TABLE outcomes DROP COLUMN waited;
      DROP TABLE people; DROP TABLE mappings; DROP TABLE service; DROP TABLE figures;
      DROP INDEX decisions_by_time_and_reasons; CREATE INDEX decisions_by_time ON decisions (time_ms);
      UPDATE meta SET value = '1' WHERE key = 'schema';
    `)
    db.close()
  }

  test('is refused to readers with what to do, and taken over by the bridge with all that is in it', async () => {
    await makeOld()
    expect(() => openJournalReader({ path })).toThrow('start this bridge with it once')
    journal = await openSqliteJournal({ path, log: SILENT })
    expect([...journal.history().walk({})].map(({ seq }) => seq)).toEqual([1, 2])
    await journal.append(batch({ entries: [entry(3)], history: history({ people: [JANE] }) }))
    expect(journal.query({ limit: 9, reason: 'mapped' }).map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(journal.history().person('jane@acme.example')).toEqual(JANE)
  })
})
