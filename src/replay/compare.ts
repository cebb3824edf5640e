// Two courses of one agent's day side by side, event by event: what was decided otherwise, and how long the agent's world was another one.

import type { EventRecord } from '../domain/record.ts'
import { type AgentId, type BySide, SIDES, type Side } from '../domain/side.ts'
import type { Cause } from './cause.ts'
import { TIMER_SLACK_MS } from './limits.ts'
import type { Decided, Moment, World } from './moment.ts'

export type Both<T> = { readonly before: T; readonly now: T }

/** One event after which something else was decided. */
export type Difference = {
  readonly agent: AgentId
  readonly at: number
  readonly event: EventRecord
  /** Null: nothing happened at that time. */
  readonly before: readonly Decided[] | null
  readonly now: readonly Decided[] | null
}

/** From the first difference until both worlds are the same again. */
export type Episode = {
  readonly first: Difference
  differences: number
  /** How long each side showed something else, and what instead of what. */
  readonly other: BySide<Map<string, { readonly before: string; readonly now: string; ms: number }>>
  /** So much longer, or shorter, ms. */
  readonly blockedMs: { crm: number; telephony: number }
  readonly exposedMs: { crm: number; telephony: number }
}

export type Spent = { crm: number; telephony: number }

export type Comparison = {
  compared: number
  differing: number
  readonly blockedMs: Both<Spent>
  readonly exposedMs: Both<Spent>
}

export type CompareOptions = {
  readonly agent: AgentId
  readonly causes: readonly Cause[]
  /** Only what happens in it is compared, ms since 1970; `to` exclusive. */
  readonly from: number
  readonly to: number
  /** A recorded world is known only by what it shows. */
  readonly known: 'everything' | 'shown'
  readonly differs: (difference: Difference) => void
  readonly ended: (episode: Episode) => void
}

export function newComparison(): Comparison {
  const spent = (): Both<Spent> => ({ before: { crm: 0, telephony: 0 }, now: { crm: 0, telephony: 0 } })
  return { compared: 0, differing: 0, blockedMs: spent(), exposedMs: spent() }
}

/** Adds to the totals. */
export function compareCourses(courses: Both<readonly Moment[]>, options: CompareOptions, totals: Comparison): void {
  const pace = new Pace(options, totals)
  // The clock of a process strikes a little late, that of a replay does not.
  const slackMs = options.known === 'shown' ? TIMER_SLACK_MS : 0
  let [t, n] = [0, 0]
  for (;;) {
    const [before, now] = [courses.before[t], courses.now[n]]
    if (before === undefined && now === undefined) break
    const turn = whoseTurn(before, now, slackMs)
    if (turn !== 'now') t += 1
    if (turn !== 'before') n += 1
    pace.step({ before: turn === 'now' ? null : (before ?? null), now: turn === 'before' ? null : (now ?? null) })
  }
  pace.end()
}

/** Causes are the same in both; what the bridge did between two of them belongs together where it was at the same time. */
function whoseTurn(before: Moment | undefined, now: Moment | undefined, slackMs: number): 'before' | 'now' | 'both' {
  if (before === undefined) return 'now'
  if (now === undefined) return 'before'
  if (before.cause !== null && now.cause !== null) return 'both'
  if (before.cause !== null) return 'now'
  if (now.cause !== null) return 'before'
  const isTimers = before.decided !== null && now.decided !== null
  if (isTimers && Math.abs(before.at - now.at) <= slackMs) return 'both'
  if (before.at !== now.at) return before.at < now.at ? 'before' : 'now'
  return before.decided === null ? 'before' : 'now' // a report of an own write, which only changes what shows
}

class Pace {
  readonly #options: CompareOptions
  readonly #totals: Comparison
  #worlds: Both<World> | null = null
  #since = 0
  #episode: Episode | null = null

  constructor(options: CompareOptions, totals: Comparison) {
    this.#options = options
    this.#totals = totals
  }

  step(moments: Both<Moment | null>): void {
    const moment = moments.before ?? moments.now
    if (moment === null) return
    this.#pass(moment.at)
    const earlier = this.#worlds
    const worlds = {
      before: moments.before?.world ?? earlier?.before ?? moment.world,
      now: moments.now?.world ?? earlier?.now ?? moment.world,
    }
    this.#worlds = worlds
    const { from, to } = this.#options
    if (moment.at >= from && moment.at < to) this.#compare(moments, moment, earlier)
    if (this.#episode !== null && this.#isSame(worlds)) this.#close()
  }

  end(): void {
    this.#pass(this.#options.to)
    if (this.#episode !== null) this.#close()
  }

  #compare({ before, now }: Both<Moment | null>, { at, cause }: Moment, earlier: Both<World> | null): void {
    const [a, b] = [before?.decided ?? null, now?.decided ?? null]
    const isDecision = a !== null || b !== null
    if (isDecision) this.#totals.compared += 1
    const differs = isDecision ? !isAlike(a, b) : cause !== null && this.#parts(earlier)
    if (!differs) return
    this.#totals.differing += 1
    const told = cause === null ? undefined : this.#options.causes[cause]?.event
    const event: EventRecord = told ?? { kind: 'timer', at: new Date(at).toISOString() }
    const difference: Difference = { agent: this.#options.agent, at, event, before: a, now: b }
    this.#options.differs(difference)
    this.#episode ??= newEpisode(difference)
    this.#episode.differences += 1
  }

  /** Without a decision that can be compared, such as by a change of rules, the worlds have parted. */
  #parts(earlier: Both<World> | null): boolean {
    return this.#worlds !== null && !this.#isSame(this.#worlds) && (earlier === null || this.#isSame(earlier))
  }

  #isSame(worlds: Both<World>): boolean {
    const { known } = this.#options
    return SIDES.every((side) => {
      const [a, b] = [worlds.before[side], worlds.now[side]]
      return a.shows === b.shows && (known === 'shown' || (a.base === b.base && a.blocked === b.blocked))
    })
  }

  #close(): void {
    if (this.#episode !== null) this.#options.ended(this.#episode)
    this.#episode = null
  }

  #pass(until: number): void {
    const { from, to } = this.#options
    const ms = Math.min(until, to) - Math.max(this.#since, from)
    this.#since = Math.max(this.#since, until)
    if (this.#worlds === null || ms <= 0) return
    for (const side of SIDES) this.#spend(side, ms, this.#worlds)
  }

  #spend(side: Side, ms: number, worlds: Both<World>): void {
    const [before, now] = [worlds.before[side], worlds.now[side]]
    const episode = this.#episode
    if (this.#options.known === 'everything') this.#measure(side, ms, worlds)
    if (episode === null) return
    if (before.shows === now.shows) return
    const key = JSON.stringify([before.shows, now.shows])
    const known = episode.other[side].get(key)
    if (known !== undefined) known.ms += ms
    else episode.other[side].set(key, { before: before.shows, now: now.shows, ms })
  }

  #measure(side: Side, ms: number, worlds: Both<World>): void {
    const [before, now] = [worlds.before[side], worlds.now[side]]
    const { blockedMs, exposedMs } = this.#totals
    if (before.blocked) blockedMs.before[side] += ms
    if (now.blocked) blockedMs.now[side] += ms
    if (before.exposed) exposedMs.before[side] += ms
    if (now.exposed) exposedMs.now[side] += ms
    if (this.#episode === null) return
    this.#episode.blockedMs[side] += ms * (Number(now.blocked) - Number(before.blocked))
    this.#episode.exposedMs[side] += ms * (Number(now.exposed) - Number(before.exposed))
  }
}

function newEpisode(first: Difference): Episode {
  return {
    first,
    differences: 0,
    other: { crm: new Map(), telephony: new Map() },
    blockedMs: { crm: 0, telephony: 0 },
    exposedMs: { crm: 0, telephony: 0 },
  }
}

/** The lines of the rules may be others: a comment above them moves them. */
function isAlike(a: readonly Decided[] | null, b: readonly Decided[] | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((one) => b.some((other) => isSameDecision(one, other)))
}

export function isSameDecision(a: Decided, b: Decided): boolean {
  return a.side === b.side && a.reason === b.reason && a.from === b.from && a.to === b.to
}
