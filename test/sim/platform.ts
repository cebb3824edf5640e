// One side of the simulation: a platform with many people behind a network that delays, loses, repeats, reorders and breaks, in each direction by
// itself. It stands behind the same port as a real adapter. The truth is in `people`; what the bridge hears of it is another matter.

import {
  CredentialsRefused,
  type PlatformAdapter,
  type PlatformSink,
  type WriteOptions,
  type WriteResult,
} from '../../src/domain/platform.ts'
import type { Reading, Report, Stamp, StatusReport } from '../../src/domain/report.ts'
import { OFFLINE, type PlatformUserId, type Side, type StatusId } from '../../src/domain/side.ts'
import { isOpen } from '../../src/domain/work.ts'
import { type Faults, NO_FAULTS } from './acts.ts'
import { chanceOf } from './chance.ts'
import { type Call, type Item, newPerson, type Person } from './person.ts'
import type { PlatformDeps, Rumour } from './platform-deps.ts'
import { NAMES } from './rules.ts'

/** Reports that were delivered are remembered for being delivered again: so many a person. */
const PAST_MAX = 12

export class SimPlatform {
  readonly people = new Map<PlatformUserId, Person>()
  readonly side: Side
  faults: Faults = NO_FAULTS
  /** Calls that were taken, whether or not anything came of them. */
  writes = 0
  /** The bridge has begun to decide. */
  isHeard = false
  /** Reports that were delivered. */
  delivered = 0
  readonly #deps: PlatformDeps
  #sink: PlatformSink | null = null
  /** Counts up with each death of the bridge. */
  #life = 0
  #eventsUp = true
  /** The adapter knows that no reports come. */
  #cutIsKnown = false
  #callsUp = true
  #tokenUntil = 0
  #limitUntil = 0
  #lastAt = 0
  #readings = 0

  constructor(deps: PlatformDeps) {
    this.side = deps.side
    this.#deps = deps
    for (const user of deps.users) this.people.set(user, newPerson(user))
  }

  person(user: PlatformUserId): Person {
    const found = this.people.get(user)
    if (found === undefined) throw new Error(`nobody called ${user}`)
    return found
  }

  /** Somebody sets a status. */
  choose(user: PlatformUserId, status: StatusId, key: string): void {
    const person = this.person(user)
    if (status === person.status && !this.#deps.moody) return
    if (person.status === OFFLINE && status !== OFFLINE) person.loggedInAt = this.#deps.clock.now()
    if (status !== person.status) person.chosenAt = this.#deps.clock.now()
    this.#set(user, status, key)
  }

  work(user: PlatformUserId, item: string, { channel, state }: Pick<Item, 'channel' | 'state'>, key: string): void {
    const at = this.#now()
    const person = this.person(user)
    const known = person.items.get(item)
    // The channel of an item does not change while it is open.
    const isSame = known !== undefined && isOpen(known.state)
    const countedAt = isSame ? known.countedAt : this.#deps.clock.now()
    const told: Item = { channel: isSame ? known.channel : channel, state, at, countedAt }
    person.items.set(item, told)
    const said = this.#deps.moody && chanceOf('channel', this.#deps.seed, key).hits(0.1) ? null : told.channel
    this.#tell(person, { kind: 'work', item, channel: said, state, stamp: this.#stamp(at), id: key })
  }

  /** Says something that is not so, or at a time that cannot be. */
  rumour({ status, when, kept = true }: Rumour, user: PlatformUserId, key: string): void {
    const person = this.person(user)
    const at = { now: this.#now(), nan: Number.NaN, far_future: Date.UTC(2200, 0), long_ago: 86_400_000 }[when]
    this.#tell(
      person,
      {
        kind: 'status',
        status: status as StatusId,
        stamp: when === 'now' ? this.#stamp(at) : { at },
        by: 'unknown',
        id: key,
      },
      kept && when === 'now',
    )
  }

  /** Something that no platform means. */
  babble(user: PlatformUserId, report: Pick<StatusReport, 'kind' | 'status'> | { readonly item: string }): void {
    const stamp = { at: this.#now() }
    if ('item' in report)
      this.#sink?.report(user, { kind: 'work', item: report.item, channel: 'call', state: 'offered', stamp })
    else this.#sink?.report(user, { ...report, stamp, by: 'unknown' })
  }

  /** Delivers the last reports once more; those of before come first. */
  again(user: PlatformUserId, count: number): void {
    for (const { report } of this.person(user).past.slice(-count)) if (this.#eventsUp) this.#sink?.report(user, report)
  }

  events(up: boolean, told: boolean): void {
    const sink = this.#sink
    this.#eventsUp = up
    if (!up && told && !this.#cutIsKnown) {
      this.#cutIsKnown = true
      sink?.link({ up: false, why: 'cut' })
    }
    if (up && this.#cutIsKnown) {
      this.#cutIsKnown = false
      sink?.link({ up: true, why: 'back' })
    }
  }

  calls(up: boolean, told: boolean): void {
    const mended = up && !this.#callsUp
    this.#callsUp = up
    if (mended && told) for (const user of this.people.keys()) this.#sink?.reachable(user)
  }

  expireToken(forMs: number): void {
    this.#tokenUntil = this.#deps.clock.now() + forMs
  }

  limit(forMs: number): void {
    this.#limitUntil = this.#deps.clock.now() + forMs
  }

  heal(): void {
    this.faults = NO_FAULTS
    this.#tokenUntil = 0
    this.#limitUntil = 0
    this.calls(true, true)
    this.events(true, true)
  }

  isReachable(): boolean {
    const now = this.#deps.clock.now()
    return this.#callsUp && now >= this.#tokenUntil && now >= this.#limitUntil
  }

  /** The bridge died: nobody listens any more. What was said since `wholeAt` may be new to it once more. */
  forget(wholeAt = 0): void {
    this.#sink = null
    this.#life += 1
    this.isHeard = false
    for (const person of this.people.values()) person.past = person.past.filter((p) => p.at < wholeAt)
  }

  get adapter(): PlatformAdapter {
    return {
      side: this.side,
      title: this.side,
      catalogue: async () => ({ statuses: [], channels: [] }),
      roster: async () => [],
      start: (_users, sink) => this.#start(sink),
      snapshot: (users) => this.#snapshot(users),
      setStatus: (user, status, options) => this.#setStatus(user, status, options),
      health: () => ({ link: { up: this.#eventsUp, since: 0, why: '' }, details: {} }),
      stop: async () => {
        this.#sink = null
      },
    }
  }

  async #start(sink: PlatformSink): Promise<void> {
    const life = this.#life
    await this.#pause('start', 0)
    if (life !== this.#life) return new Promise(() => {}) // who asked is dead
    if (!this.#callsUp || this.#cutIsKnown) throw new Error('down')
    if (this.#deps.clock.now() < this.#tokenUntil) throw new CredentialsRefused('the token is over')
    this.#sink = sink
    sink.link({ up: true, why: 'connected' })
  }

  async #snapshot(users: readonly PlatformUserId[]): Promise<ReadonlyMap<PlatformUserId, Reading>> {
    this.#readings += 1
    const nth = this.#readings
    await this.#pause('read', nth)
    const now = this.#deps.clock.now()
    if (now < this.#tokenUntil) throw new CredentialsRefused('the token is over')
    const fails = chanceOf('reading', this.#deps.seed, this.side, nth).hits(this.faults.transient)
    if (!this.#callsUp || fails || now < this.#limitUntil) throw new Error('not now')
    const readings = new Map(users.map((user) => [user, this.#reading(this.person(user))]))
    await this.#pause('read', -nth)
    return readings
  }

  #reading(person: Person): Reading {
    const { status, at, items } = person
    const open = [...items].filter(([, w]) => isOpen(w.state))
    return {
      status,
      stamp: this.#stamp(at),
      work: open.map(([item, w]) => ({ item, channel: w.channel, state: w.state, stamp: this.#stamp(w.at) })),
    }
  }

  async #setStatus(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult> {
    const person = this.person(user)
    person.calls += 1
    const key = `${this.side} ${user} ${person.calls}`
    const call: Call = {
      at: this.#deps.clock.now(),
      user,
      status,
      shown: person.status,
      answer: 'none',
      applied: false,
    }
    person.lastCall = call
    this.#deps.called(call)
    person.underWay += 1
    const answer = await this.#answer(call, options, key)
    person.underWay -= 1
    if (answer === null) return new Promise(() => {})
    call.answer = answer.kind
    this.#deps.answered(call)
    return answer
  }

  /** Null: none, ever. */
  async #answer(call: Call, options: WriteOptions, key: string): Promise<WriteResult | null> {
    const { clock, seed } = this.#deps
    const { user, status } = call
    await this.#pause(key, 1)
    const { faults } = this
    const chance = chanceOf('call', seed, key)
    const now = clock.now()
    if (!this.#callsUp) return { kind: 'unreachable', words: 'down' }
    if (now < this.#tokenUntil) return { kind: 'transient', words: 'the token is over' }
    if (now < this.#limitUntil) return { kind: 'rate_limited', untilMs: this.#limitUntil, words: 'slowly' }
    if (chance.hits(faults.transient)) return { kind: 'transient', words: 'stumbled' }
    if (chance.hits(faults.limited)) return { kind: 'rate_limited', untilMs: now + 2_000, words: 'slowly' }
    if (chance.hits(faults.refused)) return { kind: 'refused', words: 'no' }
    const shows = this.person(user).status
    if (this.side === 'crm' && shows === OFFLINE) return { kind: 'refused', words: 'not logged in' }
    if (!NAMES.includes(status) && status !== OFFLINE) return { kind: 'refused', words: 'no such status' }
    if (this.side === 'crm' && options.expect !== null && options.expect !== shows)
      return { kind: 'transient', words: 'expected another' }
    const silent = chance.hits(faults.silent)
    if (silent && chance.hits(0.5)) return null
    this.writes += 1
    const { ignored } = this.person(user)
    if (chance.hits(faults.ignored)) {
      ignored.set(status, (ignored.get(status) ?? 0) + 1)
      return { kind: 'accepted' }
    }
    ignored.delete(status)
    call.applied = true
    this.#set(user, status, `w ${key}`)
    if (silent) return null
    await this.#pause(key, 2)
    return chance.hits(faults.unheard) ? { kind: 'transient', words: 'no answer' } : { kind: 'accepted' }
  }

  #set(user: PlatformUserId, status: StatusId, key: string): void {
    const person = this.person(user)
    person.status = status
    person.at = this.#now()
    const by = key.startsWith('w') ? 'unknown' : 'agent'
    this.#tell(person, { kind: 'status', status, stamp: this.#stamp(person.at), by, id: key })
  }

  /** `keeps`: delivered again it is nothing new, because its time tells. */
  #tell(person: Person, report: Report, keeps = true): void {
    const { clock, seed } = this.#deps
    const chance = chanceOf('report', seed, this.side, report.id ?? '')
    const { faults } = this
    const times = chance.hits(faults.twice) ? 2 : 1
    for (let n = 0; n < times; n += 1) {
      const delayMs = chance.between(0, faults.delayMs)
      if (!this.#eventsUp || chance.hits(faults.loss)) {
        person.hasUnheard = true
        continue
      }
      const listener = this.#sink
      person.underWay += 1
      clock.after(delayMs, () => {
        person.underWay -= 1
        if (!this.#eventsUp || listener === null || listener !== this.#sink) {
          person.hasUnheard = true
          return
        }
        this.delivered += 1
        this.#deps.told(person.user, report)
        if (keeps && this.isHeard) person.past = [...person.past.slice(1 - PAST_MAX), { at: clock.now(), report }]
        listener.report(person.user, report)
      })
    }
  }

  /** The platform's own clock: off by its skew, and never twice the same. */
  #now(): number {
    this.#lastAt = Math.max(this.#lastAt + 1, this.#deps.clock.now() + this.#deps.skewMs)
    return this.#lastAt
  }

  /** Versions are times here: they grow. */
  #stamp(at: number): Stamp {
    return this.#deps.versions ? { at, version: at } : { at }
  }

  #pause(key: string, n: number): Promise<void> {
    const { clock, seed } = this.#deps
    const delayMs = chanceOf('pause', seed, this.side, key, n).between(1, 1 + this.faults.callMs)
    return new Promise((resolve) => clock.after(delayMs, resolve))
  }
}
