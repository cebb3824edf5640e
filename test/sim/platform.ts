// One side of the simulation: a platform with many people behind a network that delays, loses, repeats, reorders and breaks.
// It stands behind the same port as a real adapter. The truth is in `people`; what the bridge hears of it is another matter.

import type { Clock } from '../../src/domain/clock.ts'
import type { PlatformAdapter, PlatformSink, WriteResult } from '../../src/domain/platform.ts'
import type { Reading, Report } from '../../src/domain/report.ts'
import { OFFLINE, type PlatformUserId, type Side, type StatusId } from '../../src/domain/side.ts'
import { isOpen, type WorkState } from '../../src/domain/work.ts'
import type { Chance } from './chance.ts'

export type Faults = {
  loss: number
  twice: number
  delayMs: number
  transient: number
  /** The platform did it, but the answer was lost. */
  unheard: number
  refused: number
  ignored: number
  limited: number
}

export const NO_FAULTS: Faults = {
  loss: 0,
  twice: 0,
  delayMs: 5,
  transient: 0,
  unheard: 0,
  refused: 0,
  ignored: 0,
  limited: 0,
}

type Person = { status: StatusId; at: number; items: Map<string, { channel: string; state: WorkState; at: number }> }

export class SimPlatform {
  readonly people = new Map<PlatformUserId, Person>()
  readonly side: Side
  faults: Faults = NO_FAULTS
  writes = 0
  /** The stream is cut. */
  cut = false
  /** Nothing is answered at all. */
  down = false
  readonly #clock: Clock
  readonly #chance: Chance
  readonly #skewMs: number
  #sink: PlatformSink | null = null
  #lastAt = 0

  constructor(args: { side: Side; clock: Clock; chance: Chance; skewMs: number; users: readonly PlatformUserId[] }) {
    this.side = args.side
    this.#clock = args.clock
    this.#chance = args.chance
    this.#skewMs = args.skewMs
    for (const user of args.users) this.people.set(user, { status: OFFLINE, at: 0, items: new Map() })
  }

  /** The platform's own clock: off by its skew, and never twice the same. */
  #now(): number {
    this.#lastAt = Math.max(this.#lastAt + 1, this.#clock.now() + this.#skewMs)
    return this.#lastAt
  }

  person(user: PlatformUserId): Person {
    const found = this.people.get(user)
    if (found === undefined) throw new Error(`nobody called ${user}`)
    return found
  }

  set(user: PlatformUserId, status: StatusId): void {
    const person = this.person(user)
    person.status = status
    person.at = this.#now()
    this.#tell(user, { kind: 'status', status, stamp: { at: person.at }, by: 'agent' })
  }

  work(user: PlatformUserId, item: string, channel: string, state: WorkState): void {
    const at = this.#now()
    this.person(user).items.set(item, { channel, state, at })
    this.#tell(user, { kind: 'work', item, channel: this.#chance.hits(0.1) ? null : channel, state, stamp: { at } })
  }

  #tell(user: PlatformUserId, report: Report): void {
    const times = this.#chance.hits(this.faults.twice) ? 2 : 1
    for (let n = 0; n < times; n += 1) {
      if (this.cut || this.#chance.hits(this.faults.loss)) continue
      const listener = this.#sink
      this.#clock.after(this.#chance.between(0, this.faults.delayMs), () => {
        if (!this.cut && listener === this.#sink) listener?.report(user, report)
      })
    }
  }

  /** Says something that is not true. */
  misreport(user: PlatformUserId, status: StatusId): void {
    this.#tell(user, { kind: 'status', status, stamp: { at: this.#now() }, by: 'unknown' })
  }

  /** Breaks the stream, with or without everything else. */
  breakLink(everything: boolean): void {
    this.cut = true
    this.down = everything
    this.#sink?.link({ up: false, why: 'cut' })
  }

  mendLink(): void {
    if (!this.cut) return
    this.cut = false
    this.down = false
    this.#sink?.link({ up: true, why: 'back' })
  }

  /** The bridge died: nobody listens any more. */
  forget(): void {
    this.#sink = null
  }

  get adapter(): PlatformAdapter {
    return {
      side: this.side,
      title: this.side,
      catalogue: async () => ({ statuses: [], channels: [] }),
      roster: async () => [],
      start: async (_users, sink) => {
        await this.#pause()
        if (this.down) throw new Error('down')
        this.#sink = sink
        sink.link({ up: !this.cut, why: 'connected' })
      },
      snapshot: async (users) => {
        await this.#pause()
        if (this.down || this.#chance.hits(this.faults.transient)) throw new Error('not now')
        const readings = new Map(users.map((user) => [user, this.#reading(user)]))
        await this.#pause()
        return readings
      },
      setStatus: (user, status) => this.#setStatus(user, status),
      health: () => ({ link: { up: !this.cut, since: 0, why: '' }, details: {} }),
      stop: async () => this.forget(),
    }
  }

  #reading(user: PlatformUserId): Reading {
    const { status, at, items } = this.person(user)
    const open = [...items].filter(([, w]) => isOpen(w.state))
    return { status, stamp: { at }, work: open.map(([item, w]) => ({ item, ...w, stamp: { at: w.at } })) }
  }

  async #setStatus(user: PlatformUserId, status: StatusId): Promise<WriteResult> {
    await this.#pause()
    const { faults } = this
    if (this.down) return { kind: 'unreachable', words: 'down' }
    if (this.#chance.hits(faults.transient)) return { kind: 'transient', words: 'stumbled' }
    if (this.#chance.hits(faults.limited))
      return { kind: 'rate_limited', untilMs: this.#clock.now() + 2_000, words: 'slowly' }
    if (this.#chance.hits(faults.refused)) return { kind: 'refused', words: 'no' }
    if (this.side === 'crm' && this.person(user).status === OFFLINE) return { kind: 'refused', words: 'not logged in' }
    this.writes += 1
    if (this.#chance.hits(faults.ignored)) return { kind: 'accepted' }
    this.set(user, status)
    await this.#pause()
    return this.#chance.hits(faults.unheard) ? { kind: 'transient', words: 'no answer' } : { kind: 'accepted' }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#clock.after(this.#chance.between(1, 1 + this.faults.delayMs), resolve))
  }
}
