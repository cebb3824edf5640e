// The book of a calm run: by a naive reading of the rules, what every agent must show after each act. It knows no echoes, no network, no disk
// and no restarts, because they must make no difference.

import type { Report } from '../../src/domain/report.ts'
import type { Ruleset } from '../../src/domain/rules.ts'
import { OFFLINE, otherSide, SIDES, type Side, type StatusId } from '../../src/domain/side.ts'
import { isOpen, type WorkState } from '../../src/domain/work.ts'
import { type Changed, type Given, gives, isConflict, loginBase, settleConflict } from './book-rules.ts'

const REASSERTS = 3

type Due = { readonly at: number; readonly order: number }
type PageSide = {
  shows: StatusId
  base: StatusId
  readonly items: Map<string, { readonly channel: string | null; readonly state: WorkState }>
  block: {
    phase: 'standing' | 'holding' | 'gave_way'
    readonly status: StatusId
    asserted: number
    ends: Due | null
  } | null
  transition: (Due & { readonly next: StatusId }) | null
  change: Changed | null
}

/** One agent. */
export class Page {
  readonly crm: PageSide = newSide()
  readonly telephony: PageSide = newSide()
  isWithheld = false
  #rules: Ruleset
  #timers = 0

  constructor(rules: Ruleset) {
    this.#rules = rules
  }

  hear(side: Side, report: Report, now: number): void {
    this.pass(now)
    if (report.kind === 'work') this.#work(side, report, now)
    else if (report.status !== this[side].shows) this.#change(side, report.status, { at: report.stamp.at, now })
    this.#show()
  }

  /** Time passes. */
  pass(now: number): void {
    for (let first = this.#firstDue(now); first !== null; first = this.#firstDue(now)) {
      const s = this[first.side]
      if (first.kind === 'release') s.block = null
      else this.#setBase(first.side, s.transition?.next ?? s.base)
      this.#show()
    }
  }

  reload(rules: Ruleset, now: number): void {
    this.pass(now)
    this.#rules = rules
    for (const side of SIDES) {
      const { block } = this[side]
      this.#review(side, now)
      if (block?.phase === 'holding' && rules.blocking[side] === null) this[side].block = null
    }
    this.#show()
  }

  release(now: number): void {
    this.pass(now)
    for (const side of SIDES) {
      const { block } = this[side]
      if (block?.phase === 'holding') this[side].block = null
      else if (block !== null) block.phase = 'gave_way'
    }
    this.#show()
  }

  withhold(isWithheld: boolean, now: number): void {
    this.pass(now)
    this.isWithheld = isWithheld
    this.#show()
  }

  #change(side: Side, to: StatusId, { at, now }: { readonly at: number; readonly now: number }): void {
    const other = otherSide(side)
    const [s, o] = [this[side], this[other]]
    const wasIn = s.shows !== OFFLINE
    const bases = { crm: this.crm.base, telephony: this.telephony.base }
    const made: Changed = { at, to, bases, bothIn: wasIn && o.shows !== OFFLINE }
    s.shows = to
    s.change = made
    if (!wasIn && to !== OFFLINE && o.shows !== OFFLINE) {
      const base = loginBase(this.#rules, side, to, o.base)
      if (base !== null) {
        this.#setBase(side, base)
        return
      }
    }
    const changes = { crm: this.crm.change, telephony: this.telephony.change }
    const rival = o.change
    if (made.bothIn && rival !== null && isConflict(this.#rules, changes)) {
      const end = settleConflict(this.#rules, changes, { before: rival.bases, heardLast: side })
      for (const one of SIDES) this.#setBase(one, changes[one].to)
      if (end !== null) this.#give(end.to, end.given, now)
      this.#override(side, rival.bases[side], to)
      return
    }
    const given = o.shows === OFFLINE ? null : gives(this.#rules, side, { x0: s.base, x: to, base: o.base })
    this.#setBase(side, to)
    if (given !== null && !given.kept) this.#give(other, given, now)
    this.#override(side, bases[side], to)
  }

  /** R13 */
  #override(side: Side, before: StatusId, to: StatusId): void {
    const { block, base } = this[side]
    const isFree = (status: StatusId) => this.#rules.available[side].has(status)
    if (block === null || block.phase === 'gave_way' || base !== to || !isFree(to) || !isFree(before)) return
    if (this.#rules.blocking[side]?.onOverride !== 'allow' && block.asserted < REASSERTS) block.asserted += 1
    else if (block.phase === 'holding') this[side].block = null
    else block.phase = 'gave_way'
  }

  #work(side: Side, report: Extract<Report, { kind: 'work' }>, now: number): void {
    const { items } = this[side]
    if (!items.has(report.item) && !isOpen(report.state)) return
    items.set(report.item, { channel: report.channel ?? items.get(report.item)?.channel ?? null, state: report.state })
    this.#review(otherSide(side), now)
  }

  /** R11, R12 */
  #review(side: Side, now: number): void {
    const s = this[side]
    const rule = this.#rules.blocking[side]
    const counted = [...this[otherSide(side)].items.values()].filter(({ channel, state }) => {
      if (rule === null || (channel !== null && rule.channels?.has(channel) === false)) return false
      return (
        state === 'accepted' || (state === 'offered' && rule.from === 'offered') || (state === 'wrap_up' && rule.wrapUp)
      )
    })
    const isDue = rule !== null && counted.length >= rule.minItems
    if (isDue && s.block === null) s.block = { phase: 'standing', status: rule.status, asserted: 0, ends: null }
    else if (isDue && s.block?.phase === 'holding') s.block = { ...s.block, phase: 'standing', ends: null }
    else if (!isDue && s.block !== null && s.block.phase !== 'holding') {
      const afterMs = s.block.phase === 'gave_way' ? 0 : (rule?.releaseAfterMs ?? 0)
      s.block = afterMs === 0 ? null : { ...s.block, phase: 'holding', ends: this.#due(now + afterMs) }
    }
  }

  #setBase(side: Side, status: StatusId): void {
    this[side].base = status
    this[side].transition = null
  }

  #give(side: Side, given: Given, now: number): void {
    if (given === null) return
    this.#setBase(side, given.status)
    const ends = given.timed ? (this.#rules.transition[side]?.ends ?? null) : null
    if (ends !== null) this[side].transition = { ...this.#due(now + ends.afterMs), next: ends.status }
  }

  /** What is wanted is shown at once, except by those who are logged out or not written to. */
  #show(): void {
    if (this.isWithheld) return
    for (const side of SIDES) {
      const s = this[side]
      if (s.shows !== OFFLINE) s.shows = this.#target(side)
    }
  }

  #target(side: Side): StatusId {
    const { block, base } = this[side]
    const isHeld = block !== null && block.phase !== 'gave_way' && this.#rules.available[side].has(base)
    return isHeld ? block.status : base
  }

  #due(at: number): Due {
    this.#timers += 1
    return { at, order: this.#timers }
  }

  #firstDue(now: number): { readonly kind: 'release' | 'transition'; readonly side: Side } | null {
    const due = SIDES.flatMap((side) => {
      const { block, transition } = this[side]
      const release = block?.ends ? [{ kind: 'release' as const, side, ...block.ends }] : []
      return transition === null ? release : [...release, { ...transition, kind: 'transition' as const, side }]
    })
    const [first] = due.filter((d) => d.at <= now).sort((a, b) => a.at - b.at || a.order - b.order)
    return first ?? null
  }
}

function newSide(): PageSide {
  return { shows: OFFLINE, base: OFFLINE, items: new Map(), block: null, transition: null, change: null }
}
