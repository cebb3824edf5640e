// Every moment of a period at which an agent could be offered work on both sides, and every overlap that came of it, whoever it was.

import type { ServiceEvent, Span } from '../domain/history.ts'
import type { JournalEntry, JournalReader } from '../domain/journal.ts'
import type { DecisionSeq, ExposureCause } from '../domain/record.ts'
import type { RuleRef } from '../domain/rules.ts'
import { type AgentId, SIDES, type Side } from '../domain/side.ts'
import { createExposures, type Exposure, type Exposures } from './agent-exposures.ts'
import { breaksOf, DOWN, serviceGaps } from './gaps.ts'
import { EXPOSURE_LOOK_BACK_MS, OVERLAP_ROWS_MAX, RECENT_EXPOSURES_MAX, SERVICE_LOOK_AHEAD_MS } from './limits.ts'

export type ExposureRow = Exposure & {
  readonly agent: AgentId
  readonly side: Side
  /** Until the end of the period where it lasts. */
  readonly ms: number
}

/** R14 */
export type OverlapRow = {
  readonly agent: AgentId
  /** Where the work arrived that should have been kept away. */
  readonly side: Side
  readonly item: string
  /** Null where it is not known. */
  readonly channel: string | null
  readonly from: string
  readonly to: string
  readonly ms: number
  /** What left the side open when it arrived; null where that is not recorded. */
  readonly cause: ExposureCause | null
  readonly rule: RuleRef | null
  readonly words: string | null
  /** The decision with which it ended. */
  readonly seq: DecisionSeq
}

export type Total = {
  readonly side: Side
  readonly cause: ExposureCause | null
  readonly count: number
  readonly ms: number
}

export type ExposureReport = {
  readonly from: string
  readonly to: string
  readonly exposures: readonly ExposureRow[]
  readonly overlaps: readonly OverlapRow[]
  readonly totals: { readonly exposures: readonly Total[]; readonly overlaps: readonly Total[] }
  /** More than are listed: the totals have all of them. */
  readonly cut: boolean
}

export type ExposureAsk = Required<Span> & { readonly agent?: AgentId }

export function exposuresIn(
  reader: JournalReader,
  ask: ExposureAsk,
  progress: (done: number) => void = () => {},
): ExposureReport {
  const { from, to, agent } = ask
  const early = new Date(Date.parse(from) - EXPOSURE_LOOK_BACK_MS).toISOString()
  const until = new Date(Date.parse(to) + SERVICE_LOOK_AHEAD_MS).toISOString()
  const fold = createExposureFold(ask, reader.service({ from: early, to: until }))
  let done = 0
  for (const entry of reader.walk({ ...(agent === undefined ? {} : { agent }), from: early, to, overlapping: true })) {
    fold.take(entry)
    done += 1
    progress(done)
  }
  return fold.end()
}

type Watched = { readonly fold: Exposures; readonly recent: Record<Side, readonly Exposure[]> }

export type ExposureFold = {
  /** In the order of time; records that tell of neither may be left out. */
  take(entry: JournalEntry): void
  end(): ExposureReport
}

/** `service`: what happened to the bridge meanwhile, since before the period; `found` hears of every exposure, also of those past what is listed. */
export function createExposureFold(
  { from, to }: Required<Span>,
  service: readonly ServiceEvent[],
  found: (row: ExposureRow) => void = () => {},
): ExposureFold {
  const agents = new Map<AgentId, Watched>()
  const exposures = createList<ExposureRow>()
  const overlaps = createList<OverlapRow>()
  const breaks = [...breaksOf(service)]
  const gaps = serviceGaps(service)

  /** What the platform said; where it could not be reached, that. */
  function wordsOf(side: Side, { words, cause, from: begin, to: end }: Exposure): string | null {
    if (words !== null || cause !== 'not_taken') return words
    const down = gaps.find((gap) => gap.kind === DOWN[side] && gap.from <= (end ?? to) && (gap.to ?? to) >= begin)
    return down === undefined ? null : `it was not reachable: ${down.words}`
  }

  function list(agent: AgentId, side: Side, spell: Exposure): void {
    const end = spell.to ?? to
    if (end <= from) return
    const begin = spell.from < from ? from : spell.from
    const row = {
      ...spell,
      agent,
      side,
      words: wordsOf(side, spell),
      from: begin,
      ms: Date.parse(end) - Date.parse(begin),
    }
    exposures.add(row)
    found(row)
  }

  function settle(agent: AgentId, { fold, recent }: Watched): void {
    for (const side of SIDES)
      for (const spell of fold.drain(side)) {
        list(agent, side, spell)
        recent[side] = [...recent[side], spell].slice(-RECENT_EXPOSURES_MAX)
      }
  }

  /** Nobody was there to tell when the exposures ended. */
  function breakUntil(time: string): void {
    for (let next = breaks[0]; next !== undefined && next.at <= time; next = breaks[0]) {
      for (const [agent, watched] of agents) {
        watched.fold.end(next.last)
        settle(agent, watched)
      }
      breaks.shift()
    }
  }

  function overlapped({ seq, record }: JournalEntry, { fold, recent }: Watched): void {
    for (const { side, item, from: begin, ms } of record.overlaps ?? []) {
      if (record.time < from) continue
      const known = [...recent[side], ...fold.spells(side)]
      const open = known.findLast((s) => s.from <= begin && (s.to === null || s.to >= begin))
      overlaps.add({
        ...{ agent: record.agent, side, item, channel: channelOf(record, side, item) },
        ...{ from: begin, to: record.time, ms, seq },
        ...{ cause: open?.cause ?? null, rule: open?.rule ?? null },
        words: open === undefined ? null : wordsOf(side, open),
      })
    }
  }

  return {
    take(entry) {
      const { record } = entry
      breakUntil(record.time)
      const known = agents.get(record.agent)
      if (known === undefined && record.exposed === undefined && record.overlaps === undefined) return
      const watched = known ?? { fold: createExposures(), recent: { crm: [], telephony: [] } }
      agents.set(record.agent, watched)
      watched.fold.take(entry)
      overlapped(entry, watched)
      settle(record.agent, watched)
    },
    end() {
      breakUntil(to)
      for (const [agent, { fold }] of agents)
        for (const side of SIDES) for (const spell of fold.spells(side)) list(agent, side, spell)
      return {
        ...{ from, to, exposures: exposures.rows(), overlaps: overlaps.rows() },
        totals: { exposures: exposures.totals(), overlaps: overlaps.totals() },
        cut: exposures.isCut() || overlaps.isCut(),
      }
    },
  }
}

/** Of the item that ended with this record. */
function channelOf({ event }: JournalEntry['record'], side: Side, item: string): string | null {
  return event.side === side && event.item === item ? (event.channel ?? null) : null
}

type Row = { readonly side: Side; readonly cause: ExposureCause | null; readonly from: string; readonly ms: number }

function createList<R extends Row>() {
  const rows: R[] = []
  const totals = new Map<string, { side: Side; cause: ExposureCause | null; count: number; ms: number }>()
  let cut = false
  return {
    add(row: R): void {
      const key = `${row.side} ${row.cause}`
      const total = totals.get(key) ?? { side: row.side, cause: row.cause, count: 0, ms: 0 }
      totals.set(key, total)
      total.count += 1
      total.ms += row.ms
      if (rows.length < OVERLAP_ROWS_MAX) rows.push(row)
      else cut = true
    },
    rows: (): readonly R[] => [...rows].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)),
    totals: (): readonly Total[] => [...totals.values()].sort((a, b) => b.ms - a.ms),
    isCut: () => cut,
  }
}
