// Plays one agent's causes on the engine between two ideal platforms: they take every write, and report it after the usual time.
// The rules are never told a second time here: what happens is what `step` says.

import type { Ruleset } from '../domain/rules.ts'
import { type BySide, OFFLINE, otherSide, SIDES, type Side, type StatusId } from '../domain/side.ts'
import { isOpen } from '../domain/work.ts'
import type { Input } from '../engine/input.ts'
import { type AgentState, dueTimer, markSent, markTaken, newAgent, wakeAt } from '../engine/state.ts'
import { type Step, step } from '../engine/step.ts'
import { isBlocked } from '../engine/turn.ts'
import type { Cause, Deed } from './cause.ts'
import { OWN_STEPS_MAX } from './limits.ts'
import type { Decided, Moment, SideWorld } from './moment.ts'
import type { Names } from './names.ts'

export type PlayOptions = {
  /** Those that hold when this happens. */
  readonly rulesAt: (cause: Cause) => Ruleset
  /** In which statuses work comes, for the exposures: the same for all that are compared. */
  readonly available: Ruleset['available']
  readonly names: Names
  /** From a write's decision to its report. */
  readonly latencyMs: BySide<number>
  /** What falls due later is not played, ms since 1970. */
  readonly until: number
  /** The rules chased each other without end. */
  readonly chasing: () => void
}

type Write = { readonly seq: number; readonly status: StatusId }
type Flight = Write & { readonly due: number }

export function play(causes: readonly Cause[], options: PlayOptions): readonly Moment[] {
  const player = new Player(options)
  for (const [index, cause] of causes.entries()) player.take(cause, index)
  player.advance(options.until)
  return player.moments
}

class Player {
  readonly moments: Moment[] = []
  readonly #options: PlayOptions
  #state: AgentState = newAgent()
  #rules: Ruleset | null = null
  #now = Number.MIN_SAFE_INTEGER
  #seq = 0
  /** Grows with every report, so that none is late: what was late then is no cause. */
  #version = 0
  #held = false
  #queued: { crm: Write | null; telephony: Write | null } = { crm: null, telephony: null }
  #flying: { crm: Flight | null; telephony: Flight | null } = { crm: null, telephony: null }

  constructor(options: PlayOptions) {
    this.#options = options
  }

  take(cause: Cause, index: number): void {
    this.advance(cause.at)
    const rules = this.#options.rulesAt(cause)
    if (cause.deed.kind === 'begin') this.#rules = rules
    this.#fireTimers()
    const decided = this.#occur(cause, rules)
    this.#note(index, decided)
    this.#fireTimers()
  }

  /** Time passes, and what the bridge does by itself happens. */
  advance(until: number): void {
    if (until <= this.#now) return // at one instant people are heard before any write goes out
    for (let steps = 0; steps < OWN_STEPS_MAX; steps += 1) {
      this.#send()
      const side = this.#landsNext()
      const lands = side === null ? null : (this.#flying[side]?.due ?? null)
      const wake = wakeAt(this.#state)
      const next = lands === null ? wake : Math.min(lands, wake ?? lands)
      if (next === null || next > until) {
        this.#now = until
        return
      }
      this.#now = Math.max(this.#now, next)
      if (side !== null && lands === next) this.#land(side)
      this.#fireTimers()
    }
    this.#options.chasing()
    this.#now = until
  }

  /** What there is to compare, null where there is nothing. */
  #occur(cause: Cause, rules: Ruleset): readonly Decided[] | null {
    const { deed } = cause
    switch (deed.kind) {
      case 'begin':
        return this.#begin(deed, rules)
      case 'status': {
        const status = this.#options.names.id(deed.side, deed.status)
        const report = { kind: 'status', status, stamp: this.#stamp(cause.told), by: deed.by } as const
        return this.#decide({ kind: 'report', side: deed.side, report, begunAt: null })
      }
      case 'work': {
        const { side, item, channel, state } = deed
        const report = { kind: 'work', item, channel, state, stamp: this.#stamp(cause.told) } as const
        const decided = this.#decide({ kind: 'report', side, report, begunAt: this.#now })
        return deed.again ? null : decided
      }
      case 'release':
        return this.#decide({ kind: 'release' })
      case 'held':
        this.#held = deed.held
        this.#decide({ kind: 'compare', side: null, sentBefore: this.#now, taken: 'lost' })
        return null
      case 'switch':
        if (rules !== this.#rules) {
          this.#rules = rules
          this.#decide({ kind: 'reload' })
        }
        return null
    }
  }

  #begin({ shows, open, recorded }: Extract<Deed, { kind: 'begin' }>, rules: Ruleset): readonly Decided[] | null {
    const before = this.#state
    const reading = (side: Side) => {
      const label = shows[side]
      const left = before[side].work.filter(({ state }) => isOpen(state))
      const found = open.filter((o) => o.side === side)
      const stamp = this.#stamp(this.#now)
      return {
        status: label === null ? before[side].observed : this.#options.names.id(side, label),
        stamp,
        work: [...left, ...found.map(({ item, channel, state }) => ({ item, channel, state, stamp }))],
      }
    }
    const readings = { crm: reading('crm'), telephony: reading('telephony') }
    this.#state = newAgent()
    this.#queued = { crm: null, telephony: null }
    this.#flying = { crm: null, telephony: null }
    this.#rules = recorded ? rules : { ...rules, startup: 'adopt' }
    const decided = this.#decide({ kind: 'start', readings })
    this.#rules = rules
    return recorded ? decided : null
  }

  #send(): void {
    for (const side of SIDES) {
      const write = this.#queued[side]
      if (write === null || this.#flying[side] !== null) continue
      this.#queued[side] = null
      this.#flying[side] = { ...write, due: this.#now + this.#options.latencyMs[side] }
      this.#state = markSent(this.#state, { side, seq: write.seq, now: this.#now })
    }
  }

  #landsNext(): Side | null {
    const { crm, telephony } = this.#flying
    if (crm === null) return telephony === null ? null : 'telephony'
    return telephony !== null && telephony.due < crm.due ? 'telephony' : 'crm'
  }

  #land(side: Side): void {
    const write = this.#flying[side]
    if (write === null) return
    this.#flying[side] = null
    this.#state = markTaken(this.#state, { side, seq: write.seq })
    const report = { kind: 'status', status: write.status, stamp: this.#stamp(this.#now), by: 'unknown' } as const
    this.#decide({ kind: 'report', side, report, begunAt: null })
    this.#note(null, null)
  }

  #fireTimers(): void {
    for (let steps = 0; steps < OWN_STEPS_MAX && dueTimer(this.#state, this.#now) !== null; steps += 1) {
      const decided = this.#decide({ kind: 'timer' })
      this.#note(null, decided)
    }
  }

  #decide(input: Input): readonly Decided[] {
    const rules = this.#rules
    if (rules === null) throw new Error('A past begins with a beginning')
    this.#seq += 1
    const seq = this.#seq
    const writing = rules.mode === 'live' && !this.#held
    const result = step({ state: this.#state, input, rules, now: this.#now, seq, writing })
    this.#state = result.state
    for (const order of result.orders)
      this.#queued[order.side] = order.kind === 'write' ? { seq, status: order.status } : null
    return this.#decidedOf(result)
  }

  #decidedOf({ verdicts, orders }: Step): readonly Decided[] {
    const { label } = this.#options.names
    return verdicts.map(({ side, reason, rule, from, to }) => {
      const written = orders.some((order) => order.side === side && order.kind !== 'cancel')
      return { side, reason, rule, from: label(side, from), to: label(side, to), written }
    })
  }

  #note(cause: number | null, decided: readonly Decided[] | null): void {
    const world = { crm: this.#world('crm'), telephony: this.#world('telephony') }
    this.moments.push({ at: this.#now, cause, decided, world })
  }

  #world(side: Side): SideWorld {
    const s = this.#state[side]
    const { names, available } = this.#options
    // By the same measure whatever the rules block: work that is in hand.
    const atWork = this.#state[otherSide(side)].work.some(({ state }) => state === 'accepted' || state === 'wrap_up')
    return {
      shows: names.label(side, s.observed),
      base: names.label(side, s.base),
      blocked: isBlocked(s),
      exposed: atWork && s.observed !== OFFLINE && available[side].has(s.observed),
    }
  }

  #stamp(at: number) {
    this.#version += 1
    return { at, version: this.#version }
  }
}
