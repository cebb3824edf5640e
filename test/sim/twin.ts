// Invariant 6: a run and its twin, in which the bridge is also stopped, killed and started again at moments of rest, end in the same way.

import type { Act, Schedule } from './acts.ts'
import { chanceOf } from './chance.ts'
import { randomSchedule, type SimOptions } from './schedule.ts'

/** A calm gap that is long enough for a start in its middle. */
const GAP_MIN_MS = 1_000
const INTO_GAP_MS = 500

/** Null: the seed's run is not calm, so that a restart may well change what is heard in time. */
export function twins(options: SimOptions): { readonly without: Schedule; readonly also: Schedule } | null {
  const drawn = randomSchedule(options)
  if (!drawn.calm) return null
  const acts = drawn.acts.filter((a) => a.kind !== 'restart' && a.kind !== 'crash')
  const without = { ...drawn, acts }
  const chance = chanceOf('twin', options.seed)
  const also = acts.flatMap((act, n): Act[] => {
    const gapMs = (acts[n + 1]?.at ?? 0) - act.at
    if (gapMs < GAP_MIN_MS || !chance.hits(0.3)) return [act]
    const start = { id: 100_000 + n, at: act.at + INTO_GAP_MS, downMs: chance.pick([0, 100]) }
    return [act, chance.hits(0.5) ? { ...start, kind: 'restart' } : { ...start, kind: 'crash', torn: 'nothing' }]
  })
  return { without, also: { ...drawn, acts: also } }
}
