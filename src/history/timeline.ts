// One agent's history as two lanes, from the journal: the same for the terminal and the page.

import type { ServiceEvent, Span } from '../domain/history.ts'
import type { JournalEntry, JournalReader } from '../domain/journal.ts'
import { type AgentId, SIDES, type Side } from '../domain/side.ts'
import type { ExposureSpell, Gap, Lane, Timeline, WriteMark } from '../domain/timeline.ts'
import { createExposures } from './agent-exposures.ts'
import { createBlocks } from './blocks.ts'
import { bySide } from './by-side.ts'
import { breaksOf, byBegin, createPauses, serviceGaps } from './gaps.ts'
import { LOOK_BACK_RECORDS_MAX, SERVICE_LOOK_AHEAD_MS, SERVICE_LOOK_BACK_MS, TIMELINE_RECORDS_MAX } from './limits.ts'
import { within } from './spells.ts'
import { createStatuses } from './statuses.ts'
import { createWorkItems } from './work-items.ts'
import { writeMark } from './writes.ts'

export type TimelineAsk = {
  readonly agent: AgentId
  readonly name: string
  /** ISO 8601, `to` exclusive. */
  readonly from: string
  readonly to: string
  /** What is later is not known yet. */
  readonly now: string
}

/** Of what lasts at the end of what is looked at, the end is not told. */
export function timelineOf(reader: JournalReader, ask: TimelineAsk): Timeline {
  return chronicleOf(reader, ask).timeline
}

export type Chronicle = {
  readonly timeline: Timeline
  /** The decisions in it. */
  readonly entries: readonly JournalEntry[]
}

/** The timeline with the records from which it was made. */
export function chronicleOf(reader: JournalReader, ask: TimelineAsk): Chronicle {
  const { agent, name } = ask
  const to = earlier(iso(ask.to), iso(ask.now))
  const asked = earlier(iso(ask.from), to)
  // One more than is looked at, to know whether there are more.
  const found = reader.query({ agent, from: asked, to, limit: TIMELINE_RECORDS_MAX + 1 })
  const cut = found.length > TIMELINE_RECORDS_MAX
  const entries = inTime(cut ? found.slice(-TIMELINE_RECORDS_MAX) : found)
  const from = cut ? (entries[0]?.record.time ?? asked) : asked
  const before = inTime(reader.query({ agent, to: from, limit: LOOK_BACK_RECORDS_MAX }))
  const service = serviceAround(reader, { from, to })
  const lanes = lanesOf([...before, ...entries], { from, to, service })
  return { timeline: { agent, name, from, to, ...lanes, cut }, entries }
}

function earlier(a: string, b: string): string {
  return a < b ? a : b
}

function iso(time: string): string {
  return new Date(time).toISOString()
}

/** A clock that was set back must not turn spells around. */
function inTime(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  return [...entries].sort((a, b) =>
    a.record.time < b.record.time ? -1 : a.record.time > b.record.time ? 1 : a.seq - b.seq,
  )
}

function serviceAround(reader: JournalReader, { from, to }: Required<Span>): readonly ServiceEvent[] {
  const after = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString()
  return reader.service({ from: after(from, -SERVICE_LOOK_BACK_MS), to: after(to, SERVICE_LOOK_AHEAD_MS) })
}

type Cut = Required<Span> & { readonly service: readonly ServiceEvent[] }

function lanesOf(entries: readonly JournalEntry[], { from, to, service }: Cut): Pick<Timeline, 'lanes' | 'gaps'> {
  const lanes = { crm: createLane('crm'), telephony: createLane('telephony') }
  const exposures = createExposures()
  const pauses = createPauses()
  const breaks = [...breaksOf(service)]
  const breakUntil = (time: string) => {
    for (let next = breaks[0]; next !== undefined && next.at <= time; next = breaks[0]) {
      exposures.end(next.last)
      breaks.shift()
    }
  }
  for (const entry of entries) {
    breakUntil(entry.record.time)
    for (const side of SIDES) lanes[side].take(entry)
    exposures.take(entry)
    pauses.take(entry.record)
  }
  const gaps = serviceGaps(service).filter((gap) => gap.from < to)
  const down = gaps.find((gap) => gap.kind === 'bridge_down' && (gap.to === null || gap.to > to))
  breakUntil(to)
  if (down !== undefined) exposures.end(down.from)
  const lane = (side: Side): Lane => {
    const spells = exposures.spells(side).map(({ from, to, cause }): ExposureSpell => ({ from, to, cause }))
    return { ...lanes[side].within(from), exposures: within(spells, from) }
  }
  const all = [...gaps, ...pauses.gaps()].map((gap) => endingBy(gap, to))
  return { lanes: bySide(lane), gaps: [...within(all, from)].sort(byBegin) }
}

/** What ends after what is looked at lasts, as far as can be seen. */
function endingBy(gap: Gap, to: string): Gap {
  return gap.to !== null && gap.to > to ? { ...gap, to: null } : gap
}

function createLane(side: Side) {
  const statuses = createStatuses(side)
  const blocks = createBlocks(side)
  const work = createWorkItems(side)
  const writes: WriteMark[] = []
  return {
    take(entry: JournalEntry): void {
      statuses.take(entry)
      blocks.take(entry.record)
      work.take(entry.record)
      const mark = writeMark(entry, side)
      if (mark !== null) writes.push(mark)
    },
    within: (from: string): Omit<Lane, 'exposures'> => ({
      statuses: within(statuses.spells(), from),
      work: within(work.spells(), from),
      blocks: within(blocks.spells(), from),
      writes: marksWithin(writes, from),
    }),
  }
}

/** Also those that were decided before and settled later; of those that were never settled, the newest. */
function marksWithin(marks: readonly WriteMark[], from: string): readonly WriteMark[] {
  const before = marks.filter(({ at }) => at < from)
  const underWay = before.filter(({ at, outcome, ms }, n) => {
    if (outcome === 'waiting' || outcome === 'sent') return n === before.length - 1
    return ms !== null && Date.parse(at) + ms >= Date.parse(from)
  })
  return [...underWay, ...marks.slice(before.length)]
}
