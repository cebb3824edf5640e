// One side of the outbox: which write goes when, and what follows from the platform's answer.
// Never here: two writes of one agent under way at once, the machine's own clock, or a write that is forgotten.

import type { OutboxEvents, Settlement, Urgency, Write } from '../domain/outbox.ts'
import type { WriteResult } from '../domain/platform.ts'
import type { AgentId, Side, StatusId } from '../domain/side.ts'
import { Ages, isTooOld } from './ages.ts'
import { type AttemptDeps, attempt, backoffMs } from './attempt.ts'
import { carryOut, failedWords, type Hands } from './carry-out.ts'
import { createJob, expectAfter, type Job, type PendingWrite, pendingOf, type Slot } from './job.ts'
import { SHARE_BEHIND_BLOCKS, STOP_GRACE_MS, WAITING_AGENTS_MAX } from './limits.ts'
import { Queue } from './queue.ts'
import { Roll } from './roll.ts'
import { Valve } from './valve.ts'

export type LaneDeps = AttemptDeps & {
  readonly side: Side
  readonly random: () => number
  readonly events: OutboxEvents
  readonly concurrency: number
}

export class Lane {
  readonly #deps: LaneDeps
  readonly #slots = new Map<AgentId, Slot>()
  readonly #queue = new Queue()
  readonly #valve: Valve
  readonly #ages: Ages
  readonly #roll = new Roll(() => this.#onLanded())
  readonly #hands: Hands = {
    attempt: (job) => this.#attempt(job),
    wait: (job, result) => this.#wait(job, result),
    backOff: (job) => this.#backOff(job),
    lostInterest: (job) => this.#lostInterest(job),
  }
  #pumpAsked = false
  #stopped: Promise<readonly Write[]> | null = null
  #landed: (() => void) | null = null

  constructor(deps: LaneDeps) {
    this.#deps = deps
    this.#valve = new Valve({ ...deps, opened: () => this.#askPump() })
    this.#ages = new Ages(deps.clock, (job) => this.#expire(job))
  }

  put(write: Write): { readonly superseded?: Write } {
    const slot = this.#slots.get(write.agent)
    if (slot === undefined && this.#slots.size >= WAITING_AGENTS_MAX) return this.#turnAway(write)
    const job = createJob(write)
    if (this.#stopped === null) this.#ages.add(job)
    const old = slot === undefined ? null : slot.current.state === 'flight' ? slot.next : slot.current
    if (slot?.current.state === 'flight') {
      slot.next = job
      this.#roll.move(job, 'behind')
    } else {
      this.#slots.set(write.agent, { current: job, next: null })
      this.#enqueue(job, old)
    }
    if (old === null) return {}
    this.#end(old)
    return { superseded: old.write }
  }

  cancel(agent: AgentId): Write | undefined {
    const slot = this.#slots.get(agent)
    const underWay = slot?.current.state === 'flight'
    if (slot && underWay) slot.current.unwanted = true
    const job = underWay ? slot?.next : slot?.current
    if (!slot || !job) return undefined
    if (job === slot.next) slot.next = null
    else this.#slots.delete(agent)
    this.#end(job)
    return job.write
  }

  seen(agent: AgentId, status: StatusId): void {
    const slot = this.#slots.get(agent)
    for (const job of [slot?.current, slot?.next]) if (job) job.expect = status
  }

  reachable(agent: AgentId): void {
    const job = this.#slots.get(agent)?.current
    if (job !== undefined) this.#tryAnew(job)
  }

  link(up: boolean): void {
    this.#valve.link(up)
  }

  resume(): void {
    if (!this.#valve.resume()) return
    for (const job of [...this.#roll.unreachable, ...this.#roll.flights]) this.#tryAnew(job)
    this.#askPump()
  }

  depth(): Record<Urgency, number> {
    return { ...this.#roll.depth }
  }

  /** Since when the oldest write of this urgency waits to be taken, ms since 1970; null: none does. */
  oldest(urgency: Urgency): number | null {
    return this.#ages.oldest(urgency)?.write.decidedAt ?? null
  }

  pending(agent: AgentId): readonly PendingWrite[] {
    const slot = this.#slots.get(agent)
    return [slot?.current, slot?.next].flatMap((job) => (job ? (pendingOf(job) ?? []) : []))
  }

  idle(): boolean {
    return this.#roll.flights.size === 0 && !this.#pumpAsked
  }

  stop(): Promise<readonly Write[]> {
    this.#stopped ??= this.#finish()
    return this.#stopped
  }

  #turnAway(write: Write): { readonly superseded?: Write } {
    const { log, clock, events } = this.#deps
    log.error({ code: 'outbox_full', side: write.side, agent: write.agent }, 'The outbox is full; a write is given up.')
    clock.soon(() => events.settled(write, { kind: 'failed', words: 'the outbox is full' }))
    return {}
  }

  #enqueue(job: Job, insteadOf: Job | null = null): void {
    this.#roll.move(job, 'queued')
    if (insteadOf === null) this.#queue.add(job)
    else this.#queue.replace(insteadOf, job)
    this.#askPump()
  }

  #tryAnew(job: Job): void {
    if (job.state === 'unreachable') this.#enqueue(job)
    else if (job.state === 'flight') job.reachableAgain = true
  }

  /** Nothing follows for this job; whoever calls tells the host. */
  #end(job: Job): void {
    this.#queue.remove(job)
    this.#ages.remove(job)
    this.#roll.move(job, 'over')
    job.pause?.()
    job.wake?.()
  }

  #onLanded(): void {
    this.#askPump()
    if (this.#roll.flights.size === 0) this.#landed?.()
  }

  // A turn of its own, so that all that is put at one instant is there before the first is chosen.
  #askPump(): void {
    if (this.#pumpAsked || this.#stopped !== null) return
    this.#pumpAsked = true
    this.#deps.clock.soon(() => {
      this.#pumpAsked = false
      this.#pump()
    })
  }

  // One urgency a turn: when the less urgent start, those before them have reached the platform's budget, where they queue in this order.
  #pump(): void {
    let urgency: Urgency | null = null
    while (this.#stopped === null) {
      const job = this.#queue.next((one) => this.#valve.isOpen(one) && this.#hasRoom(one))
      if (job === null) return
      urgency ??= job.write.urgency
      if (job.write.urgency !== urgency) {
        this.#askPump()
        return
      }
      this.#queue.remove(job)
      if (isTooOld(job, this.#deps.clock)) this.#expire(job)
      else this.#takeOff(job)
    }
  }

  /** Some room is kept for blocks: writes that wait for the platform's budget must not be in the way of one that need not. */
  #hasRoom(urgency: Urgency): boolean {
    const { concurrency } = this.#deps
    const room = urgency === 'block' ? concurrency : Math.ceil(concurrency * SHARE_BEHIND_BLOCKS)
    return this.#roll.flights.size < room
  }

  #takeOff(job: Job): void {
    this.#roll.move(job, 'flight')
    // The loop of a job that was taken before is still there and waits for its turn.
    if (job.abort !== null) job.wake?.()
    else
      void carryOut(job, this.#hands).then((settlement) => {
        if (settlement !== null) this.#settle(job, settlement)
      })
  }

  async #attempt(job: Job): Promise<WriteResult> {
    job.abort = new AbortController()
    job.reachableAgain = false
    this.#deps.events.sending(job.write)
    const result = await attempt(this.#deps, { write: job.write, expect: job.expect, abort: job.abort })
    // After a failure nobody knows: that attempt may yet have been carried out.
    if (job.failures === 0 && isTurnedAway(result)) this.#deps.events.untaken(job.write)
    return result
  }

  #wait(job: Job, result: Parameters<Hands['wait']>[1]): void {
    if (result.kind === 'rate_limited') {
      this.#deps.events.waiting(job.write, result.words)
      this.#valve.pauseUntil(job.write.urgency, result)
      this.#roll.move(job, 'queued')
      this.#queue.putBack(job)
    } else if (job.reachableAgain) this.#enqueue(job)
    else {
      this.#roll.move(job, 'unreachable')
      this.#deps.events.waiting(job.write, result.words)
    }
  }

  #backOff(job: Job): Promise<void> {
    this.#deps.events.waiting(job.write, job.words ?? 'no answer')
    this.#roll.move(job, 'backing_off')
    return new Promise((resolve) => {
      job.wake = resolve
      if (this.#stopped !== null) return
      job.pause = this.#deps.clock.after(backoffMs(job.failures, this.#deps.random), () => {
        this.#enqueue(job)
        resolve()
      })
    })
  }

  #lostInterest(job: Job): ReturnType<Hands['lostInterest']> {
    if (job.unwanted || this.#slots.get(job.write.agent)?.next) return 'superseded'
    return isTooOld(job, this.#deps.clock) ? 'too old' : null
  }

  #expire(job: Job): void {
    // An attempt under way may still succeed; none follows it.
    if (job.state === 'flight') return
    this.#settle(job, { kind: 'failed', words: failedWords('too old', job.words) })
  }

  #settle(job: Job, settlement: Settlement): void {
    if (job.state === 'over') return
    const { agent } = job.write
    const slot = this.#slots.get(agent)
    this.#end(job)
    if (slot?.next === job) slot.next = null
    else if (slot?.next) {
      slot.next.expect = expectAfter(slot.next.write, { job, settlement })
      this.#slots.set(agent, { current: slot.next, next: null })
      this.#enqueue(slot.next)
    } else this.#slots.delete(agent)
    this.#deps.events.settled(job.write, settlement)
  }

  async #finish(): Promise<readonly Write[]> {
    this.#ages.stop()
    this.#valve.stop()
    for (const { current } of this.#slots.values()) current.pause?.()
    if (this.#roll.flights.size > 0) await this.#landedOrGraceOver()
    const left = [...this.#slots.values()].flatMap(({ current, next }) => (next === null ? [current] : [current, next]))
    this.#slots.clear()
    for (const job of left) {
      this.#end(job)
      job.abort?.abort()
    }
    return left.map(({ write }) => write)
  }

  #landedOrGraceOver(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(STOP_GRACE_MS, resolve)
      this.#landed = () => {
        cancel()
        resolve()
      }
    })
  }
}

function isTurnedAway({ kind }: WriteResult): boolean {
  return kind === 'unreachable' || kind === 'rate_limited' || kind === 'refused'
}
