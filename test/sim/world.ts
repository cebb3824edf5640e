// Plays the acts of a run: the whole daemon minus sockets between two misbehaving platforms, on a mean disk, in virtual time.

import { type AgentEntry, type Member, rulesetOf } from '../../src/app/agents.ts'
import { SILENT_OBSERVER } from '../../src/app/observer.ts'
import { Runtime } from '../../src/app/runtime.ts'
import type { Rules } from '../../src/domain/rules.ts'
import {
  type AgentId,
  type BySide,
  OFFLINE,
  type PlatformUserId,
  SIDES,
  type Side,
  type StatusId,
} from '../../src/domain/side.ts'
import { liveWrite } from '../../src/engine/turn.ts'
import { createVirtualClock, type VirtualClock } from '../../src/stories/virtual-clock.ts'
import { type Act, type ActOf, GOOD_DISK, type Schedule } from './acts.ts'
import { chanceOf } from './chance.ts'
import { RELEASED } from './checks.ts'
import { createSimDisk, type SimDisk } from './disk.ts'
import { buildRules } from './plan.ts'
import { SimPlatform } from './platform.ts'
import { logTo, type WorldEvents } from './world-events.ts'

export const START = 1_800_000_000_000
const MEGABYTE = 'x'.repeat(1 << 20)

export class World {
  readonly clock: VirtualClock = createVirtualClock(START)
  readonly disk: SimDisk
  readonly platforms: BySide<SimPlatform>
  readonly members: readonly Member[]
  readonly figures = { acts: 0, crashes: 0, boots: 0 }
  rules: Rules
  /** Who is paused, as far as the admins know. */
  readonly paused = new Set<AgentId>()
  readonly #schedule: Schedule
  readonly #events: WorldEvents
  readonly #byUser: ReadonlyMap<string, Member>
  #runtime: Runtime | null = null
  /** Counts up with each death, so that what belongs to an earlier life is known. */
  #life = 0
  #jitters = 0

  constructor(schedule: Schedule, events: WorldEvents) {
    const { seed } = schedule
    this.#schedule = schedule
    this.#events = events
    this.disk = createSimDisk({ clock: this.clock, seed })
    this.rules = buildRules(schedule.plan)
    this.members = schedule.agents.map((profile, n) => ({
      agent: `agent${n}` as AgentId,
      name: `agent${n}`,
      aliases: [],
      users: { crm: `c${n}` as PlatformUserId, telephony: `t${n}` as PlatformUserId },
      profile,
    }))
    this.#byUser = new Map(this.members.flatMap((m) => SIDES.map((side) => [`${side} ${m.users[side]}`, m] as const)))
    const platform = (side: Side) =>
      new SimPlatform({
        side,
        seed,
        clock: this.clock,
        skewMs: schedule.skewMs[side],
        versions: schedule.versions[side],
        users: this.members.map((m) => m.users[side]),
        moody: !schedule.calm,
        told: (user, report) => events.told(this.memberOf(side, user), side, report),
        called: (call) => events.called(side, call),
        answered: (call) => events.answered(this.memberOf(side, call.user), side, call),
      })
    this.platforms = { crm: platform('crm'), telephony: platform('telephony') }
  }

  get runtime(): Runtime | null {
    return this.#runtime
  }

  member(index: number): Member {
    const found = this.members[index]
    if (found === undefined) throw new Error(`There is no agent ${index}`)
    return found
  }

  memberOf(side: Side, user: PlatformUserId): Member {
    const found = this.#byUser.get(`${side} ${user}`)
    if (found === undefined) throw new Error(`There is no ${user}`)
    return found
  }

  entry(member: Member): AgentEntry | null {
    return this.#runtime?.agents.byUser('crm', member.users.crm) ?? null
  }

  boot(): void {
    const { seed, resyncMs } = this.#schedule
    this.figures.boots += 1
    let instant = 0
    const runtime = new Runtime({
      members: this.members,
      rules: this.rules,
      adapters: { crm: this.platforms.crm.adapter, telephony: this.platforms.telephony.adapter },
      journal: this.disk.open(),
      clock: this.clock,
      random: () => {
        this.#jitters = instant === this.clock.now() ? this.#jitters + 1 : 0
        instant = this.clock.now()
        return chanceOf('jitter', seed, instant, this.#jitters).next()
      },
      log: logTo(this.#events),
      observer: {
        ...SILENT_OBSERVER,
        decided: (entry) => this.#events.decided(entry),
        outcome: (outcome) => this.#events.outcome(outcome),
        began: () => {
          for (const side of SIDES) this.platforms[side].isHeard = true
        },
      },
      shadow: false,
      resyncEveryMs: resyncMs,
    })
    this.#runtime = runtime
    this.#events.booted()
    runtime.start().catch(() => {}) // killed before it had begun
  }

  /** Nothing is under way for this agent, and the bridge waits for nothing but time. */
  isQuiet(member: Member): boolean {
    const entry = this.entry(member)
    if (entry === null || !entry.started || this.#runtime?.bridge.depth() !== 0) return false
    const underWay = SIDES.some((side) => this.platforms[side].person(member.users[side]).underWay > 0)
    return !underWay && SIDES.every((side) => (liveWrite(entry.state[side])?.phase ?? 'withheld') === 'withheld')
  }

  play(act: Act): void {
    this.figures.acts += 1
    const key = `p${act.id}`
    switch (act.kind) {
      case 'status':
        this.#platform(act).choose(this.#user(act), act.status as StatusId, key)
        return
      case 'work':
        this.#work(act, key)
        return
      case 'rumour':
        this.#platform(act).rumour(act, this.#user(act), key)
        return
      case 'odd':
        this.#odd(act, key)
        return
      case 'again':
        this.#platform(act).again(this.#user(act), act.count)
        return
      case 'mass_logout':
        this.#massLogout(act, key)
        return
      case 'events':
        this.#platform(act).events(act.up, act.told)
        return
      case 'calls':
        this.#platform(act).calls(act.up, act.told)
        return
      case 'faults':
        this.#platform(act).faults = act.faults
        return
      case 'token':
        this.#platform(act).expireToken(act.forMs)
        return
      case 'limit':
        this.#platform(act).limit(act.forMs)
        return
      case 'disk':
        this.disk.faults = act.disk
        return
      case 'crash':
        this.#crash(act)
        return
      case 'restart':
        this.#restart(act)
        return
      case 'reload':
        this.#reload(act)
        return
      case 'pause':
      case 'resume':
        this.#pause(act)
        return
      case 'release':
        this.#release(act)
        return
    }
  }

  /** Everything works again. Who is paused stays so. */
  heal(): void {
    this.disk.faults = GOOD_DISK
    for (const side of SIDES) this.platforms[side].heal()
  }

  #platform({ side }: { readonly side: Side }): SimPlatform {
    return this.platforms[side]
  }

  #user({ side, agent }: { readonly side: Side; readonly agent: number }): PlatformUserId {
    return this.member(agent).users[side]
  }

  /** Who is given work, and who is not. */
  #work(act: ActOf<'work'>, key: string): void {
    const { side, item, state } = act
    const member = this.member(act.agent)
    const platform = this.platforms[side]
    const person = platform.person(member.users[side])
    const rules = rulesetOf(this.rules, member.profile)
    const isNew = !person.items.has(item)
    const isGiven = state === 'offered' && rules.available[side].has(person.status)
    if (act.routed && isNew && !isGiven) return
    if (isNew) this.#events.given(member, side)
    platform.work(person.user, item, act, key)
  }

  #odd(act: ActOf<'odd'>, key: string): void {
    const platform = this.#platform(act)
    const user = this.#user(act)
    switch (act.what) {
      case 'stranger':
        platform.babble('stranger' as PlatformUserId, { kind: 'status', status: 'Q' as StatusId })
        return
      case 'huge':
        platform.babble(user, { kind: 'status', status: MEGABYTE as StatusId })
        return
      case 'huge_item':
        platform.babble(user, { item: MEGABYTE })
        return
      case 'no_end':
        platform.work(user, `endless-${act.id}`, { channel: 'call', state: 'accepted' }, key)
        return
    }
  }

  #massLogout({ side, real }: ActOf<'mass_logout'>, key: string): void {
    for (const { agent, users } of this.members) {
      const user = users[side]
      if (real) this.platforms[side].choose(user, OFFLINE, `${key} ${agent}`)
      else this.platforms[side].rumour({ status: OFFLINE, when: 'now', kept: false }, user, `${key} ${agent}`)
    }
  }

  #crash({ downMs, torn }: ActOf<'crash'>): void {
    if (this.#runtime === null) return
    this.figures.crashes += 1
    this.disk.crash(torn)
    this.#die()
    this.#bootAfter(downMs)
  }

  #restart({ downMs }: ActOf<'restart'>): void {
    const life = this.#life
    void this.#runtime?.stop().then(() => {
      if (life !== this.#life) return // it was killed meanwhile
      this.#die()
      this.#bootAfter(downMs)
    })
  }

  #die(): void {
    this.#life += 1
    this.#runtime?.kill()
    this.#runtime = null
    for (const side of SIDES) this.platforms[side].forget(this.disk.wholeAt())
  }

  #bootAfter(downMs: number): void {
    const life = this.#life
    this.clock.after(downMs, () => life === this.#life && this.boot())
  }

  #reload({ plan }: ActOf<'reload'>): void {
    this.rules = buildRules(plan)
    this.#events.reloaded(this.rules)
    this.#runtime?.bridge.reload(this.rules)
  }

  #pause({ kind, agent }: ActOf<'pause'> | ActOf<'resume'>): void {
    const members = agent === null ? this.members : [this.member(agent)]
    const entries = members.flatMap((m) => this.entry(m) ?? [])
    if (entries.length === 0) return // nobody is there to be asked
    for (const { agent: name } of members) {
      if (kind === 'pause') this.paused.add(name)
      else this.paused.delete(name)
    }
    this.#runtime?.bridge.pause(entries, kind === 'pause' ? 'paused by an admin' : null, kind)
  }

  #release({ agent }: ActOf<'release'>): void {
    const entry = this.entry(this.member(agent))
    if (entry !== null) this.#runtime?.bridge.release(entry, RELEASED)
  }
}
