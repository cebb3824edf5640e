// What of somebody's history wants explaining, in words that support staff understand, and what can be done about each.

import type { JournalEntry } from '../domain/journal.ts'
import type { Reason } from '../domain/reason.ts'
import { otherSide, SIDES, type Side, sideName } from '../domain/side.ts'
import type { ExposureSpell, Gap, Lane, Timeline, WorkSpell, WriteMark } from '../domain/timeline.ts'
import { causeWords, remedyFor } from './cause-words.ts'
import { STUCK_MS, WAITING_MS } from './limits.ts'
import { lastsAt, type Moment, momentOf } from './moment.ts'

export type Trouble = {
  readonly kind: 'paused' | 'down' | 'shadow' | 'write' | 'reached' | 'rule' | 'blocked' | 'exposed'
  readonly from: string
  readonly to: string | null
  /** A sentence. */
  readonly words: string
  /** What to do; null where there is nothing to be done. */
  readonly remedy: string | null
}

export type TroubleAsk = {
  readonly timeline: Timeline
  readonly entries: readonly JournalEntry[]
  /** The moment that is asked about. */
  readonly at: string
  /** How long before and after it something still has to do with it, ms. */
  readonly aroundMs: { readonly before: number; readonly after: number }
  /** A time as the reader's clock shows it. */
  readonly clock: (iso: string) => string
}

/** What weighs most first. */
export function troublesOf(ask: TroubleAsk): readonly Trouble[] {
  const moment = momentOf(ask.timeline, ask.at)
  const lasting = [...standstills(moment, ask), ...SIDES.flatMap((side) => writeTrouble(side, moment, ask))]
  const reached = SIDES.flatMap((side) => reachedOn(side, ask))
  const exposed = SIDES.flatMap((side) => exposedOn(side, ask))
  const blocked = SIDES.flatMap((side) => blockTrouble(side, moment, ask))
  const isPresent = ask.aroundMs.after === 0
  const first = isPresent ? [...lasting, ...reached] : [...reached, ...lasting]
  return [...first, ...ruleTrouble(ask), ...blocked, ...exposed]
}

const DOWN: Readonly<Record<Exclude<Gap['kind'], 'paused'>, { readonly words: string; readonly remedy: string }>> = {
  bridge_down: {
    words: 'The bridge was not running',
    remedy: 'Start the bridge; its service log says why it ended. What changed meanwhile it finds when it starts.',
  },
  crm_down: {
    words: 'The CRM was not reachable for the bridge',
    remedy:
      'Nothing can be done for this person alone: the connection to the CRM is what to look at, on the page or in the service log.',
  },
  telephony_down: {
    words: 'Telephony was not reachable for the bridge',
    remedy:
      'Nothing can be done for this person alone: the connection to telephony is what to look at, on the page or in the service log.',
  },
}

/** Nothing is written, or heard. */
function standstills({ gaps }: Moment, { timeline }: TroubleAsk): readonly Trouble[] {
  return gaps.map(({ kind, from, to, words }): Trouble => {
    if (kind !== 'paused') {
      const said = words === '' ? '' : ` (${words})`
      return { kind: 'down', from, to, words: `${DOWN[kind].words}${said}.`, remedy: DOWN[kind].remedy }
    }
    const resume = `presence-bridge resume --agent ${timeline.agent}`
    return {
      kind: 'paused',
      from,
      to,
      words: `Nothing is written for them: ${words}.`,
      remedy: `When it is over: ${resume}`,
    }
  })
}

function writeTrouble(side: Side, { sides, at }: Moment, ask: TroubleAsk): readonly Trouble[] {
  const { write, waits, status } = sides[side]
  if (write === null || (status !== null && status.from > write.at)) return []
  const { status: wanted, outcome, words } = write
  const where = sideName(side)
  const said = words === null ? '' : ` (${words})`
  const trouble = (kind: Trouble['kind'], text: string, remedy: string): readonly Trouble[] => [
    { kind, from: write.at, to: null, words: text, remedy },
  ]
  if (outcome === 'shadow')
    return trouble(
      'shadow',
      `${wanted} would have been written to ${where}, but nothing is written: shadow mode.`,
      remedyOf('shadow', side),
    )
  if (waits) {
    const forMs = Date.parse(at) - Date.parse(write.at)
    if (forMs < WAITING_MS) return []
    const down = linkDown(side, ask.timeline, write.at, at)
    const why = down === null ? said : `: ${downWords(side, down, ask)}`
    const remedy =
      down === null ? remedyOf('not_taken', side) : DOWN[side === 'crm' ? 'crm_down' : 'telephony_down'].remedy
    return trouble('write', `${wanted} waits to be written to ${where}; it has not been taken yet${why}.`, remedy)
  }
  if (outcome === 'refused')
    return trouble('write', `${capital(where)} refused ${wanted}${said}.`, remedyOf('refused', side))
  if (outcome === 'failed')
    return trouble(
      'write',
      `${wanted} could not be written to ${where} and was given up${said}.`,
      remedyOf('failed', side),
    )
  if (outcome === 'ignored')
    return trouble('write', `${capital(where)} took ${wanted} and did not set it.`, remedyOf('ignored', side))
  return []
}

function remedyOf(cause: ExposureSpell['cause'], side: Side): string {
  return remedyFor(cause, { side, rule: null }) ?? ''
}

/** Work that came while it should have been kept away. */
function reachedOn(side: Side, ask: TroubleAsk): readonly Trouble[] {
  const { timeline } = ask
  const lane = timeline.lanes[side]
  return lane.work.flatMap((work): Trouble[] => {
    const exposure = lane.exposures.findLast((e) => e.from <= work.from && (e.to === null || e.to >= work.from))
    if (exposure === undefined || !isNear(work, ask)) return []
    const beside = timeline.lanes[otherSide(side)].work.find((w) => lastsAt(w, work.from))
    const during =
      beside === undefined
        ? `work in ${sideName(otherSide(side))}`
        : `${itemWords(beside)} in ${sideName(otherSide(side))}`
    const { why, remedy } = explained(side, exposure, lane, ask)
    const words = `${capital(itemWords(work))} reached ${timeline.name} in ${sideName(side)} during ${during}, because ${why}.`
    return [{ kind: 'reached', from: work.from, to: work.to, words, remedy }]
  })
}

function exposedOn(side: Side, ask: TroubleAsk): readonly Trouble[] {
  const lane = ask.timeline.lanes[side]
  return lane.exposures.flatMap((exposure): Trouble[] => {
    const ms = Date.parse(exposure.to ?? ask.timeline.to) - Date.parse(exposure.from)
    if (ms < WAITING_MS || !isNear(exposure, ask)) return []
    if (lane.work.some((w) => exposure.from <= w.from && (exposure.to === null || exposure.to >= w.from))) return []
    const { why, remedy } = explained(side, exposure, lane, ask)
    const words = `Work in ${sideName(side)} could have reached ${ask.timeline.name} during work in ${sideName(otherSide(side))}, because ${why}.`
    return [{ kind: 'exposed', from: exposure.from, to: exposure.to, words, remedy }]
  })
}

/** The cause with what else is known of that time: a link that was down, a write that waited. */
function explained(
  side: Side,
  exposure: ExposureSpell,
  lane: Lane,
  ask: TroubleAsk,
): { readonly why: string; readonly remedy: string | null } {
  const end = exposure.to ?? ask.timeline.to
  const write = lane.writes.findLast((w) => w.at <= exposure.from) ?? null
  const down = linkDown(side, ask.timeline, exposure.from, end)
  const waited = isSlow(write) && exposure.cause !== 'refused'
  const cause = exposure.cause === 'under_way' && (down !== null || waited) ? 'not_taken' : exposure.cause
  const why = causeWords(cause, side, write?.words ?? null)
  const rule = write?.rule ?? lane.blocks.find((b) => lastsAt(b, exposure.from))?.rule ?? null
  if (down === null || (cause !== 'not_taken' && cause !== 'failed'))
    return { why, remedy: remedyFor(cause, { side, rule }) }
  return {
    why: `${why}: ${downWords(side, down, ask)}, the write waited`,
    remedy: DOWN[side === 'crm' ? 'crm_down' : 'telephony_down'].remedy,
  }
}

function isSlow(write: WriteMark | null): boolean {
  return write !== null && (write.outcome === 'waiting' || (write.ms ?? 0) > WAITING_MS)
}

function linkDown(side: Side, { gaps }: Timeline, from: string, to: string): Gap | null {
  const kind = side === 'crm' ? 'crm_down' : 'telephony_down'
  return gaps.find((gap) => gap.kind === kind && gap.from <= to && (gap.to === null || gap.to >= from)) ?? null
}

function downWords(side: Side, { from, to, words }: Gap, { clock }: TroubleAsk): string {
  const said = words === '' ? '' : ` (${words})`
  return `${sideName(side)} was not reachable from ${clock(from)}${to === null ? '' : ` to ${clock(to)}`}${said}`
}

function blockTrouble(side: Side, { sides, at }: Moment, { timeline }: TroubleAsk): readonly Trouble[] {
  const { block } = sides[side]
  if (block === null || block.phase === 'gave_way') return []
  const since =
    timeline.lanes[side].blocks.findLast((b, n, all) => b.from <= at && all[n - 1]?.to !== b.from)?.from ?? block.from
  const where = sideName(side)
  const holding = sides[otherSide(side)].work
  const by =
    holding.length === 0
      ? ''
      : ` by ${holding.map((w) => itemWords(w, w.state)).join(' and ')} in ${sideName(otherSide(side))}`
  const isLong = Date.parse(at) - Date.parse(since) >= STUCK_MS
  const release = `If that work ended long ago: presence-bridge release ${timeline.agent}`
  if (block.phase === 'holding')
    return [
      {
        kind: 'blocked',
        from: since,
        to: null,
        words: `${capital(where)} is blocked for a moment longer, after the work (release_after).`,
        remedy: null,
      },
    ]
  const wrapUp = holding.length > 0 && holding.every((w) => w.state === 'wrap_up')
  const patience = wrapUp
    ? 'The block ends with the wrap-up; wrap_up: false under blocking: lets it end with the work.'
    : null
  return [
    {
      kind: 'blocked',
      from: since,
      to: null,
      words: `${capital(where)} is blocked${by}.`,
      remedy: isLong ? release : patience,
    },
  ]
}

const RULES: Readonly<Partial<Record<Reason, string>>> = {
  unmapped:
    'If that status shall lead somewhere, it needs a row under mapped: in the mapping file; "presence-bridge explain" shows what would come of it.',
  no_sync: 'That is so on purpose: the status stands under no_sync: in the mapping file.',
  logged_out: 'The bridge logs nobody in: they must log in there themselves.',
  unrelated:
    'The two sides were not in step before; once a status is chosen that belongs to the other side, they are again.',
  breaker: 'Find out what changes the status so often; limits: in the mapping file says how often is too often.',
  overridden: 'If agents shall not be able to do that: on_override: reassert, in the mapping file.',
  unconfirmed:
    'Look at the service log for what the platform answered; "presence-bridge resync" reads and tries again.',
  suspect: 'Many logged out at once; the bridge looks again before it believes that.',
}

/** The last thing that was decided, where that explains why nothing followed. */
function ruleTrouble({ entries, at }: TroubleAsk): readonly Trouble[] {
  const last = entries.findLast(
    ({ record }) => record.time <= at && record.decisions.some((d) => !NOTHING.has(d.reason)),
  )
  const reason = last?.record.decisions.find((d) => RULES[d.reason] !== undefined)?.reason
  if (last === undefined || reason === undefined) return []
  return [
    { kind: 'rule', from: last.record.time, to: null, words: last.record.sentence, remedy: RULES[reason] ?? null },
  ]
}

/** They tell of something that was decided before. */
const NOTHING: ReadonlySet<Reason> = new Set(['echo', 'repeat', 'stale', 'reloaded'])

function isNear(
  { from, to }: { readonly from: string; readonly to: string | null },
  { at, aroundMs }: TroubleAsk,
): boolean {
  const ms = Date.parse(at)
  return Date.parse(from) <= ms + aroundMs.after && (to === null || Date.parse(to) >= ms - aroundMs.before)
}

function itemWords({ channel, item }: Pick<WorkSpell, 'channel' | 'item'>, state: string | null = null): string {
  const name = `${channel ?? 'work item'} ${item}`
  return state === null ? name : `${name} (${state.replace('_', '-')})`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
