// The bridge with its outbox, its readings and two platforms: everything but the process around it.
// The daemon runs it on real sockets and the real clock, stories on models and virtual time.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { Journal } from '../domain/journal.ts'
import { TEXT_MAX } from '../domain/limits.ts'
import type { Log } from '../domain/log.ts'
import type { Urgency } from '../domain/outbox.ts'
import type { PlatformAdapter, PlatformSink } from '../domain/platform.ts'
import type { Report } from '../domain/report.ts'
import type { Rules } from '../domain/rules.ts'
import { type BySide, OFFLINE, type PlatformUserId, SIDES, type Side } from '../domain/side.ts'
import { createOutbox, type Outbox } from '../outbox/outbox.ts'
import { type AgentEntry, type Agents, createAgents, type Member } from './agents.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { Bridge } from './bridge.ts'
import type { BridgeObserver } from './bridge-ports.ts'
import { createLogoutWatch, type LogoutWatch } from './logout-watch.ts'
import { type Patience, untilItWorks } from './patience.ts'
import { readPeriodically } from './periodic.ts'
import { createResync, type Readings, type Resync, readSide } from './resync.ts'
import { saneReport } from './sane.ts'
import { createStrangers, type Strangers } from './strangers.ts'

export type RuntimeObserver = BridgeObserver & {
  link(side: Side, up: boolean, why: string): void
  /** A side could (null) or could not be read. */
  read(side: Side, why: string | null): void
  call(side: Side, what: { readonly operation: string; readonly ok: boolean; readonly ms: number }): void
  /** Both sides were read; the bridge decides from now on. */
  began(): void
  /** Something came from the stream of a side, about whomever. */
  heard(side: Side, report: Report): void
  unknownUser(side: Side): void
}

export type RuntimeDeps = {
  readonly members: readonly Member[]
  readonly rules: Rules
  readonly adapters: BySide<PlatformAdapter>
  readonly journal: Journal
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly observer: RuntimeObserver
  readonly shadow: boolean
  readonly resyncEveryMs: number
}

export class Runtime {
  readonly agents: Agents
  readonly bridge: Bridge
  readonly outbox: Outbox
  readonly #deps: RuntimeDeps
  readonly #over = new AbortController()
  readonly #resyncs: BySide<Resync>
  readonly #logouts: BySide<LogoutWatch>
  readonly #strangers: Strangers
  readonly #arrivals: Arrivals
  #periodic: Cancel | null = null
  #overflowed = false
  #begun = false
  #draining = false
  /** Sides of which events may have been lost since their first reading began; `lost`: with the link. */
  readonly #missed = new Map<Side, { lost: boolean }>()

  constructor(deps: RuntimeDeps) {
    this.#deps = deps
    const { clock, log, random, adapters } = deps
    this.#arrivals = createArrivals(clock)
    this.agents = createAgents(deps.members, deps.rules)
    this.bridge = new Bridge({
      ...deps,
      arrivals: this.#arrivals,
      agents: this.agents,
      outbox: () => this.outbox,
      overflow: () => this.#overflow(),
      readBack: (side, entry) => this.#resyncs[side].ask([entry.member.users[side]], false),
    })
    this.outbox = createOutbox({
      adapters,
      clock,
      random,
      log,
      events: {
        sending: (write) => this.bridge.sending(write),
        untaken: (write) => this.bridge.untaken(write),
        waiting: (write, words) => {
          log.debug({ code: 'write_waits', agent: write.agent, side: write.side, words }, 'A write waits')
          this.bridge.waits(write, words)
        },
        settled: (write, settlement) => this.bridge.settled(write, settlement),
      },
    })
    this.#strangers = createStrangers({ now: () => clock.now(), rules: () => this.bridge.rules })
    this.#resyncs = { crm: this.#resync('crm'), telephony: this.#resync('telephony') }
    this.#logouts = { crm: this.#logoutWatch('crm'), telephony: this.#logoutWatch('telephony') }
  }

  get members(): readonly Member[] {
    return this.#deps.members
  }

  /** Whether both sides were read and the bridge decides. */
  get begun(): boolean {
    return this.#begun
  }

  /** Resolves when both sides were read and the bridge decides; keeps trying until then. Rejects only when stopped. */
  async start(): Promise<void> {
    this.bridge.restore()
    await Promise.all(SIDES.map((side) => this.#open(side)))
    // Only now, so that neither reading is old when the other side comes up late.
    this.#missed.clear()
    const [crm, telephony] = await Promise.all([this.#readFirst('crm'), this.#readFirst('telephony')])
    await this.bridge.begin({ crm, telephony })
    this.#over.signal.throwIfAborted()
    this.#begun = true
    this.#deps.observer.began()
    for (const [side, { lost }] of this.#missed) this.#resyncs[side].ask(null, lost)
    this.#planResync()
  }

  /** Reads both sides of these people again, at once where nothing else is read; what differs then is written. */
  resync(entries: readonly AgentEntry[], what: string): void {
    for (const entry of entries) void this.bridge.recorded(entry, { what })
    const everybody = entries.length === this.agents.all.length
    for (const side of SIDES) {
      const users = everybody ? null : entries.map(({ member }) => member.users[side])
      this.#readAgain(side, users, false)
    }
  }

  /** No news is taken any more, only that own writes stand. What happens meanwhile is found by the first reading of the next start. */
  drain(): void {
    this.#draining = true
    this.#periodic?.()
  }

  /** Takes no more news, lets the writes under way finish, and commits. */
  async stop(): Promise<void> {
    this.drain()
    this.#over.abort()
    await this.outbox.stop()
    await this.bridge.stop()
  }

  /** As if the process had been killed: nothing more is written anywhere. For stories and the simulator. */
  kill(): void {
    this.#over.abort()
    this.#periodic?.()
    this.bridge.abandon()
    void this.outbox.stop()
  }

  /** How long the oldest write of each urgency waits, seconds. */
  waitingFor(side: Side): Record<Urgency, number> {
    const seconds = (since: number | null) => (since === null ? 0 : (this.#deps.clock.now() - since) / 1_000)
    const age = (urgency: Urgency) => seconds(this.outbox.oldest(urgency)[side])
    return { block: age('block'), release: age('release'), comfort: age('comfort') }
  }

  /** Asked for again and again while it lasts; the readings themselves are one at a time. */
  #overflow(): void {
    if (!this.#overflowed)
      this.#deps.log.error(
        { code: 'inbox_full' },
        'Reports come faster than they can be decided; some were dropped and both sides are read again',
      )
    this.#overflowed = true
    for (const side of SIDES) this.#readAgain(side, null, false)
  }

  /** Before the bridge has begun a reading would be taken for newer than the first one: it is made afterwards. */
  #readAgain(side: Side, users: readonly PlatformUserId[] | null, lost: boolean): void {
    if (this.#begun) this.#resyncs[side].ask(users, lost)
    else this.#missed.set(side, { lost: lost || (this.#missed.get(side)?.lost ?? false) })
  }

  async #open(side: Side): Promise<void> {
    const adapter = this.#deps.adapters[side]
    await untilItWorks(this.#patience(), {
      what: `opening the stream of ${adapter.title}`,
      failed: (why) => why !== null && this.#deps.observer.read(side, why),
      run: () => adapter.start(this.#users(side), this.#sink(side)),
    })
  }

  #readFirst(side: Side): Promise<Readings> {
    const { adapters, observer } = this.#deps
    const arrivals = this.#arrivals
    const failed = (why: string | null) => observer.read(side, why)
    return readSide({ side, adapter: adapters[side], patience: this.#patience(), arrivals, failed }, this.#users(side))
  }

  #sink(side: Side): PlatformSink {
    const { observer } = this.#deps
    let wasDown = false // the first way up is followed by the first reading anyway
    return {
      report: (user, told) => {
        observer.heard(side, told)
        const report = saneReport(told)
        const entry = this.agents.byUser(side, user)
        if (report === null) this.#insane(side, user)
        else if (entry === undefined) this.#stranger(side, user, report)
        else if (this.#draining && !isOwnWrite(entry, side, report)) return
        else if (!this.#isSuspect(side, entry, report)) this.bridge.heard(side, entry, report)
      },
      link: (state) => {
        observer.link(side, state.up, state.why)
        if (state.up && wasDown) this.#readAgain(side, null, true)
        wasDown = !state.up
      },
      gap: (why, users) => {
        this.#deps.log.info(
          { code: 'gap', side, why, users: users?.length },
          'Events may have been lost; the platform is read again',
        )
        this.#readAgain(side, users ?? null, false)
      },
      reachable: (user) => {
        const entry = this.agents.byUser(side, user)
        if (entry !== undefined) this.outbox.reachable(entry.member.agent, side)
      },
      call: (what) => observer.call(side, what),
    }
  }

  #stranger(side: Side, user: PlatformUserId, report: Report): void {
    this.#deps.observer.unknownUser(side)
    const record = this.#begun ? this.#strangers.meet({ side, user, report }) : null
    if (record !== null) this.bridge.note(record)
  }

  #insane(side: Side, user: PlatformUserId): void {
    const sentence = 'A report with a text of absurd length was left out'
    this.#deps.log.warn({ code: 'absurd_report', side, user: String(user).slice(0, TEXT_MAX) }, sentence)
  }

  /** R22: held, and everybody of the burst is read, also those who were believed. */
  #isSuspect(side: Side, entry: AgentEntry, report: Report): boolean {
    const leaves = report.kind === 'status' && report.status === OFFLINE && entry.state[side].observed !== OFFLINE
    if (!leaves || !this.#begun) return false
    const burst = this.#logouts[side].loggedOut(entry.member.users[side])
    if (burst === null) return false
    this.#deps.log.warn(
      { code: 'mass_logout', side, agents: burst.length },
      'Many log-outs at once; they are checked before they are believed',
    )
    this.bridge.suspect(side, entry)
    this.#readAgain(side, burst, false)
    return true
  }

  #logoutWatch(side: Side): LogoutWatch {
    const share = () => this.bridge.rules.top.limits.massLogoutShare
    return createLogoutWatch({ clock: this.#deps.clock, agents: this.#users(side).length, share })
  }

  #resync(side: Side): Resync {
    return createResync({
      side,
      adapter: this.#deps.adapters[side],
      everybody: this.#users(side),
      patience: this.#patience(),
      arrivals: this.#arrivals,
      failed: (why) => this.#deps.observer.read(side, why),
      done: (readings, lost) => this.#taken(side, readings, lost),
    })
  }

  #taken(side: Side, { of, begunAt }: Readings, lost: boolean): void {
    for (const [user, reading] of this.#draining ? [] : of) {
      const entry = this.agents.byUser(side, user as AgentEntry['member']['users'][Side])
      if (entry === undefined) continue
      this.bridge.read(side, entry, { reading, begunAt, lost })
    }
    this.outbox.resume(side)
  }

  #planResync(): void {
    this.#periodic = readPeriodically({
      ...this.#deps,
      everyMs: this.#deps.resyncEveryMs,
      read: (side) => this.#resyncs[side].ask(null, false),
    })
  }

  #users(side: Side) {
    return this.#deps.members.map((m) => m.users[side])
  }

  #patience(): Patience {
    const { clock, random, log } = this.#deps
    return { clock, random, log, signal: this.#over.signal }
  }
}

function isOwnWrite(entry: AgentEntry, side: Side, report: Report): boolean {
  return report.kind === 'status' && entry.state[side].own.some(({ status }) => status === report.status)
}
