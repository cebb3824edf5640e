// A world for the engine alone: two platforms that apply writes and report them, late, twice or out of order, as a schedule says.

import type { Report } from '../../src/domain/report.ts'
import type { Ruleset } from '../../src/domain/rules.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId } from '../../src/domain/side.ts'
import { isOpen, type WorkState } from '../../src/domain/work.ts'
import type { Input } from '../../src/engine/input.ts'
import { brokenPromise } from '../../src/engine/promises.ts'
import { reportsOf } from '../../src/engine/reading.ts'
import { type AgentState, dueTimer, markSent, newAgent, revive, wakeAt } from '../../src/engine/state.ts'
import { type Step, step } from '../../src/engine/step.ts'

export type Act =
  | { kind: 'set'; side: Side; status: string }
  | { kind: 'work'; side: Side; item: string; channel: string; state: WorkState }
  | { kind: 'wait'; ms: number }
  /** Delivers one report that is under way: which one, and whether it stays under way to come again. */
  | { kind: 'deliver'; side: Side; pick: number; twice: boolean }
  | { kind: 'apply'; side: Side }
  /** The platform does not take the newest write. */
  | { kind: 'fail'; side: Side; outcome: 'refused' | 'failed' }
  /** The bridge reads the side by itself, and looks at what still differs. */
  | { kind: 'read'; side: Side; taken: 'lost' | 'ignored' }
  | { kind: 'release' }
  /** Paused where it writes, resumed where it is paused. */
  | { kind: 'pause' }
  | { kind: 'reload'; rules: Ruleset }
  /** The bridge is killed and comes back with these rules. */
  | { kind: 'restart'; rules: Ruleset }

/** A timer that is further away only tells that a block stands for long: that is no unrest. */
const REST_MS = 3_600_000

type Delivered = { side: Side; report: Report }

export class World {
  state: AgentState = newAgent()
  now = 1_000_000
  readonly platform: Record<Side, StatusId> = { crm: OFFLINE, telephony: OFFLINE }
  readonly items: Record<Side, Map<string, { channel: string; state: WorkState }>> = {
    crm: new Map(),
    telephony: new Map(),
  }
  readonly underWay: Record<Side, Report[]> = { crm: [], telephony: [] }
  readonly queued: Record<Side, { seq: number; status: StatusId } | null> = { crm: null, telephony: null }
  readonly delivered: Delivered[] = []
  /** With the time of each. */
  readonly steps: (Step & { readonly at: number })[] = []
  rules: Ruleset
  writing = true
  writes = 0
  #seq = 0

  constructor(rules: Ruleset) {
    this.rules = rules
  }

  act(act: Act): void {
    this.now += 1 // no two things happen at the same instant: redelivery is told from news by time
    switch (act.kind) {
      case 'set':
        this.#report(act.side, act.status as StatusId)
        break
      case 'work':
        this.items[act.side].set(act.item, { channel: act.channel, state: act.state })
        this.underWay[act.side].push({
          kind: 'work',
          item: act.item,
          channel: act.channel,
          state: act.state,
          stamp: { at: this.now },
        })
        break
      case 'wait':
        this.wait(act.ms)
        break
      case 'deliver':
        this.deliver(act.side, act.pick, act.twice)
        break
      case 'apply':
        this.apply(act.side)
        break
      case 'fail':
        this.#fail(act.side, act.outcome)
        break
      case 'read':
        this.read(act.side, act.taken)
        break
      case 'release':
        this.decide({ kind: 'release' })
        break
      case 'pause':
        this.writing = !this.writing
        this.decide({ kind: 'compare', side: null, sentBefore: this.now, taken: 'lost' })
        break
      case 'reload':
        this.rules = act.rules
        this.decide({ kind: 'reload' })
        break
      case 'restart':
        this.restart(act.rules)
        break
    }
  }

  wait(ms: number): void {
    const until = this.now + ms
    for (let due = wakeAt(this.state); due !== null && due <= until; due = wakeAt(this.state)) {
      this.now = Math.max(this.now, due)
      if (dueTimer(this.state, this.now) !== null) this.decide({ kind: 'timer' })
    }
    this.now = until
  }

  deliver(side: Side, pick: number, twice: boolean): void {
    const queue = this.underWay[side]
    const index = queue.length === 0 ? -1 : pick % queue.length
    const report = queue[index]
    if (report === undefined) return
    if (!twice) queue.splice(index, 1)
    this.delivered.push({ side, report })
    this.decide({ kind: 'report', side, report, begunAt: null })
  }

  /** The platform takes the newest write. */
  apply(side: Side): void {
    const write = this.queued[side]
    if (write === null) return
    this.queued[side] = null
    this.state = markSent(this.state, { side, seq: write.seq, now: this.now })
    this.writes += 1
    this.#report(side, write.status)
  }

  decide(input: Input): Step {
    this.#seq += 1
    const { state: before, rules, now, writing } = this
    const result = step({ state: before, input, rules, now, seq: this.#seq, writing })
    const broken = brokenPromise({ before, result, rules, seq: this.#seq })
    if (broken !== null) throw new Error(broken)
    this.state = result.state
    for (const order of result.orders) {
      this.queued[order.side] = order.kind === 'write' ? { seq: this.#seq, status: order.status } : null
    }
    this.steps.push({ ...result, at: now })
    return result
  }

  /** What is under way was reported before the reading began, and may still arrive after it. */
  read(side: Side, taken: 'lost' | 'ignored'): void {
    this.#readReports(side)
    this.decide({ kind: 'compare', side, sentBefore: this.now, taken })
  }

  /** What was queued is lost, what was reported meanwhile as well; timers that fell due fire, then both sides are read. */
  restart(rules: Ruleset): void {
    this.rules = rules
    this.state = revive(this.state)
    for (const side of SIDES) {
      this.queued[side] = null
      this.underWay[side].splice(0)
    }
    this.wait(0)
    for (const side of SIDES) this.#readReports(side)
    this.decide({ kind: 'compare', side: null, sentBefore: this.now, taken: 'lost' })
  }

  #readReports(side: Side): void {
    const work = [...this.items[side]].filter(([, w]) => isOpen(w.state))
    const reading = {
      status: this.platform[side],
      stamp: { at: this.now },
      work: work.map(([item, w]) => ({ item, ...w, stamp: { at: this.now } })),
    }
    for (const report of reportsOf(this.state, side, reading, this.now))
      this.decide({ kind: 'report', side, report, begunAt: this.now })
  }

  /** Nothing new happens: what is under way arrives in order, writes are taken, timers fire. Returns the writes of each side. */
  rest(): BySide<number> {
    const writes = { crm: 0, telephony: 0 }
    for (let round = 0; round < 50; round += 1) {
      let busy = false
      for (const side of SIDES) {
        while (this.underWay[side].length > 0) {
          busy = true
          this.now += 1
          this.deliver(side, 0, false)
        }
        if (this.queued[side] !== null) {
          busy = true
          writes[side] += 1
          this.now += 1
          this.apply(side)
        }
      }
      if (busy) continue
      const due = wakeAt(this.state)
      if (due === null || due - this.now > REST_MS) return writes
      this.wait(due - this.now)
    }
    throw new Error('The bridge does not come to rest')
  }

  openItems(side: Side): { channel: string; state: WorkState }[] {
    return [...this.items[side].values()].filter((w) => isOpen(w.state))
  }

  #fail(side: Side, outcome: 'refused' | 'failed'): void {
    const write = this.queued[side]
    if (write === null) return
    this.queued[side] = null
    this.state = markSent(this.state, { side, seq: write.seq, now: this.now })
    this.decide({ kind: 'write', side, seq: write.seq, outcome, words: 'no' })
  }

  #report(side: Side, status: StatusId): void {
    this.platform[side] = status
    this.underWay[side].push({ kind: 'status', status, stamp: { at: this.now }, by: 'agent' })
  }
}
