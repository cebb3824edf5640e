// Compares the bridge's account of its writes, the journal, with what a witness saw at the platforms.

import type { JournalEntry } from '../../src/domain/journal.ts'
import type { WriteRecord } from '../../src/domain/record.ts'
import type { Seen } from './witness.ts'

/** What was set is heard of so much later at most. */
const UNDER_WAY_MS = 1_000

type Decided = { readonly seq: number; readonly at: number; readonly write: WriteRecord }

/**
 * Sentences about each agent's side whose writes are not accounted for; none where every write that the platform took belongs to exactly one
 * decision, made before it, in the order of the decisions, and every write that the bridge says was taken was seen.
 */
export function unaccounted(entries: readonly JournalEntry[], seen: readonly Seen[]): readonly string[] {
  const decided = Map.groupBy(
    entries.flatMap(({ seq, record }) =>
      record.writes.map((write) => ({ key: `${record.agent} ${write.side}`, seq, at: Date.parse(record.time), write })),
    ),
    ({ key }) => key,
  )
  const shown = Map.groupBy(seen, ({ agent, side }) => `${agent} ${side}`)
  return [...new Set([...decided.keys(), ...shown.keys()])].flatMap((key) => {
    const all = shown.get(key) ?? []
    return explains(decided.get(key) ?? [], all) ? [] : [told(key, decided.get(key) ?? [], all)]
  })
}

/** A walk through the decisions that keeps every number of writes that they can have explained so far. */
function explains(decided: readonly Decided[], seen: readonly Seen[]): boolean {
  const writes = seen.filter(({ by }) => by === 'bridge')
  let reached = new Set([0])
  for (const decision of decided) {
    const next = new Set<number>()
    for (const count of reached) {
      const write = writes[count]
      if (mayBeLeftOut(decision, seen)) next.add(count)
      if (mayBeTaken(decision) && write?.status === decision.write.status && write.at >= decision.at)
        next.add(count + 1)
    }
    reached = next
  }
  return reached.has(writes.length)
}

function mayBeTaken({ write }: Decided): boolean {
  return ['waiting', 'sent', 'confirmed', 'failed', 'ignored'].includes(write.outcome)
}

/** Killed before the outcome was known, replaced, or not needed any more because the platform showed that status anyway. */
function mayBeLeftOut({ write, at }: Decided, seen: readonly Seen[]): boolean {
  if (write.outcome === 'sent') return false
  if (write.outcome !== 'confirmed') return true
  const [from, until] = [at - UNDER_WAY_MS, at + (write.ms ?? 0)]
  return seen.some((one, index) => {
    const next = seen[index + 1]
    return one.status === write.status && one.at <= until && (next === undefined || next.at >= from)
  })
}

function told(key: string, decided: readonly Decided[], seen: readonly Seen[]): string {
  const lines = [
    ...decided.map(({ seq, at, write }) => ({ at, text: `decision ${seq}: ${write.status} (${write.outcome})` })),
    ...seen.map(({ at, by, status }) => ({ at, text: `${by} set ${status}` })),
  ].sort((a, b) => a.at - b.at)
  return `${key}:\n${lines.map(({ at, text }) => `  ${new Date(at).toISOString()} ${text}`).join('\n')}`
}
