// A replay is true: it tells exactly what another mapping would have done, as the same day shows that was lived under it.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JournalEntry } from '../../src/domain/journal.ts'
import { replay } from '../../src/replay/replay.ts'
import type { ReplayAsk } from '../../src/replay/stage.ts'
import { type Day, live, type MappingFile, MORNING, onDisk, type Recorded, rulesOf } from './day.ts'
import { decisionsOf, differing, keyOf, told } from './oracle.ts'
import { days, edits, mappingOf, type Sketch, sketches } from './random-day.ts'

const ASKED: ReplayAsk = { mappings: null, was: null, from: null, to: null, person: null, profile: null }
const RUNS = 15
/** Long enough for a slow machine. */
const PATIENCE_MS = 120_000

/** The same rules as proved before. */
const tried = (mapping: MappingFile) => ({ ...mapping, patience: 0 })

type Lived = { readonly mapping: MappingFile; readonly recorded: Recorded }

/** Null: the rules have errors. */
async function lived(day: Day, mapping: MappingFile): Promise<Lived | null> {
  const rules = rulesOf(mapping)
  return rules === null ? null : { mapping, recorded: await live(day, rules) }
}

async function livedTwice(day: Day, sketch: Sketch, edit: (sketch: Sketch) => Sketch) {
  const old = await lived(day, mappingOf(sketch, 'old.yaml'))
  const fresh = await lived(day, mappingOf(edit(sketch), 'new.yaml'))
  fc.pre(old !== null && fresh !== null && old.mapping.text !== fresh.mapping.text)
  if (old === null || fresh === null) throw new Error('It was a precondition')
  return { old, fresh }
}

const since = (entries: readonly JournalEntry[], from: number) =>
  entries.filter(({ record }) => Date.parse(record.time) >= from)

test(
  'lists exactly the decisions that differ between the journals of the same day lived under either mapping, as they were in each',
  async () => {
    let met = 0
    await fc.assert(
      fc.asyncProperty(days, sketches, edits, async (day, sketch, edit) => {
        const { old, fresh } = await livedTwice(day, sketch, edit)
        const [was, is] = [decisionsOf(old.recorded.entries), decisionsOf(fresh.recorded.entries)]
        const found = await onDisk(old.recorded, day, [old.mapping], (reader) =>
          replay(reader, { ...ASKED, mappings: tried(fresh.mapping) }),
        )
        const keys = found.differences.map(({ agent, at, event }) => keyOf(agent, new Date(at).toISOString(), event))
        const expected = differing(was, is)
        expect([...new Set(keys)].sort()).toEqual(expected)
        for (const [index, { before, now }] of found.differences.entries()) {
          const key = keys[index] ?? ''
          if (before !== null) expect(was.get(key)).toContain(told(before))
          if (now !== null) expect(is.get(key)).toContain(told(now))
        }
        expect(found.totals.differing).toBe(found.differences.length)
        expect(found.groups.reduce((sum, { differences }) => sum + differences, 0)).toBe(found.differences.length)
        met += expected.length
      }),
      { numRuns: RUNS },
    )
    expect(met).toBeGreaterThan(RUNS)
  },
  PATIENCE_MS,
)

test(
  'against what was recorded, every decision of a day without troubles comes out as recorded',
  async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(days, sketches, async (day, sketch) => {
        const old = await lived(day, mappingOf(sketch, 'old.yaml'))
        fc.pre(old !== null)
        if (old === null) return
        const found = await onDisk(old.recorded, day, [old.mapping], (reader) => replay(reader, ASKED))
        expect(found.differences).toEqual([])
        expect(found.kind).toBe('recorded')
        const decisions = [...decisionsOf(old.recorded.entries).values()].flat()
        expect(found.totals.compared).toBe(decisions.length)
        compared += decisions.length
      }),
      { numRuns: RUNS },
    )
    expect(compared).toBeGreaterThan(RUNS)
  },
  PATIENCE_MS,
)

test(
  'a mapping of which only the layout is another one changes nothing',
  async () => {
    await fc.assert(
      fc.asyncProperty(days, sketches, async (day, sketch) => {
        const old = await lived(day, mappingOf(sketch, 'old.yaml'))
        fc.pre(old !== null)
        if (old === null) return
        const tidied = mappingOf(sketch, 'new.yaml', '   # tidied up\n\n')
        const found = await onDisk(old.recorded, day, [old.mapping], (reader) =>
          replay(reader, { ...ASKED, mappings: tried(tidied) }),
        )
        expect(found.kind).toBe('mapping')
        expect(found.differences).toEqual([])
        expect(found.groups).toEqual([])
        expect(found.totals.compared).toBeGreaterThan(0)
      }),
      { numRuns: 8 },
    )
  },
  PATIENCE_MS,
)

test(
  'from a time on, what is found is what a reload at that time would have made of the day',
  async () => {
    let met = 0
    await fc.assert(
      fc.asyncProperty(
        days,
        sketches,
        edits,
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        async (whole, sketch, edit, share) => {
          // Half a second beside what people do, so that nothing is under way.
          const at = Math.floor((whole.endsMs * share) / 1_000) * 1_000 + 437
          const day: Day = { ...whole, latencyMs: 0 }
          const fresh = mappingOf(edit(sketch), 'new.yaml')
          const old = await lived(day, mappingOf(sketch, 'old.yaml'))
          const reloaded =
            rulesOf(fresh) && old && (await lived({ ...day, reload: { at, mapping: fresh } }, old.mapping))
          fc.pre(old !== null && reloaded !== null && old.mapping.text !== fresh.text)
          if (old === null || reloaded === null) return
          const from = MORNING + at
          const expected = differing(
            decisionsOf(since(old.recorded.entries, from)),
            decisionsOf(since(reloaded.recorded.entries, from)),
          )
          const { differences } = await onDisk(old.recorded, day, [old.mapping], (reader) =>
            replay(reader, { ...ASKED, mappings: tried(fresh), from }),
          )
          const decided = differences.filter(({ event }) => event.kind !== 'reload')
          const keys = decided.map(({ agent, at: ms, event }) => keyOf(agent, new Date(ms).toISOString(), event))
          expect([...new Set(keys)].sort()).toEqual(expected)
          met += expected.length
        },
      ),
      { numRuns: RUNS },
    )
    expect(met).toBeGreaterThan(0)
  },
  PATIENCE_MS,
)

describe('the rules of then', () => {
  test(
    'are each taken for as long as they were in force',
    async () => {
      await fc.assert(
        fc.asyncProperty(days, sketches, edits, async (whole, sketch, edit) => {
          const fresh = mappingOf(edit(sketch), 'new.yaml')
          const at = Math.floor(whole.endsMs / 2_000) * 1_000 + 437
          const day: Day = { ...whole, latencyMs: 0, reload: { at, mapping: fresh } }
          const old = rulesOf(fresh) && (await lived(day, mappingOf(sketch, 'old.yaml')))
          fc.pre(old !== null && old.mapping.text !== fresh.text)
          if (old === null) return
          const found = await onDisk(old.recorded, day, [old.mapping, fresh], (reader) => replay(reader, ASKED))
          expect(found.differences).toEqual([])
          expect(found.totals.compared).toBeGreaterThan(0)
        }),
        { numRuns: 10 },
      )
    },
    PATIENCE_MS,
  )
})
