// Compares the bridge's account, the journal, with what a witness saw at the platforms: its writes, and whose choices it took for choices.

import type { JournalEntry } from '../../src/domain/journal.ts'
import type { WriteRecord } from '../../src/domain/record.ts'
import type { Seen } from './witness.ts'

/** What was set is heard of so much later at most. */
const UNDER_WAY_MS = 1_000
/** What a failure shows. */
const LINES_MAX = 40

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

/**
 * Sentences about statuses that the bridge took for somebody's choice although nobody had chosen them: what it wrote itself, or what was chosen
 * before something newer that it knew already.
 */
export function mistaken(entries: readonly JournalEntry[], seen: readonly Seen[]): readonly string[] {
  const told: string[] = []
  const chosen = Map.groupBy(
    seen.filter(({ by }) => by === 'person'),
    ({ agent, side }) => `${agent} ${side}`,
  )
  const known = new Map<string, number>()
  for (const { seq, record } of entries) {
    const { side, from, to } = record.event
    // What telephony itself does when a call is missed has no witness.
    if (side === undefined || !isBelieved(record) || [from, to].includes('Not Responding')) continue
    const key = `${record.agent} ${side}`
    const first = known.get(key) ?? 0
    const at = Date.parse(record.time)
    // The same choice may be decided about again after a kill.
    const found = (chosen.get(key) ?? []).findIndex((one, i) => i >= first && one.status === to && one.at <= at)
    if (found >= 0) known.set(key, found)
    else if (!isPutRightAtOnce(entries, { seq, record }))
      told.push(`decision ${seq} believes in ${to} ${story(key, entries, seen)}`)
  }
  return told
}

/**
 * Of two changes within a few ms the slower witness may tell the first one when the other witness has told both. It tells the second one next, and
 * nothing was written in between.
 */
function isPutRightAtOnce(entries: readonly JournalEntry[], { seq, record }: JournalEntry): boolean {
  if (record.writes.length > 0) return false
  const next = entries.find(
    (one) => one.seq > seq && one.record.agent === record.agent && one.record.event.side === record.event.side,
  )
  const soon = next !== undefined && Date.parse(next.record.time) - Date.parse(record.time) <= AT_ONCE_MS
  return soon && next.record.event.kind === 'status' && next.record.event.to === record.event.from
}

const AT_ONCE_MS = 50

/** A status that leads the other side, or could have. */
function isBelieved({ event, decisions }: JournalEntry['record']): boolean {
  return event.kind === 'status' && decisions.some(({ side }) => side !== event.side)
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
  return timeline(key, [
    ...decided.map(({ seq, at, write }) => ({ at, text: `decision ${seq}: ${write.status} (${write.outcome})` })),
    ...actsOf(seen),
  ])
}

/** All that was decided about the agent beside what was seen on one side; `key` is "agent side". */
export function story(key: string, entries: readonly JournalEntry[], seen: readonly Seen[]): string {
  const [agent, side] = key.split(' ')
  return timeline(key, [
    ...entries
      .filter(({ record }) => record.agent === agent)
      .map(({ seq, record: { time, event, decisions, writes } }) => ({
        at: Date.parse(time),
        text: `decision ${seq}: ${JSON.stringify([event, decisions, writes])}`,
      })),
    ...actsOf(seen.filter((one) => one.agent === agent && one.side === side)),
  ])
}

function actsOf(seen: readonly Seen[]): readonly Line[] {
  return seen.map(({ at, by, status }) => ({ at, text: `${by} set ${status}` }))
}

type Line = { readonly at: number; readonly text: string }

function timeline(key: string, lines: readonly Line[]): string {
  const newest = lines.toSorted((a, b) => a.at - b.at).slice(-LINES_MAX)
  return `${key}:\n${newest.map(({ at, text }) => `  ${new Date(at).toISOString()} ${text}`).join('\n')}`
}
