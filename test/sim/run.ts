// One run of the whole daemon minus sockets: people act, the network and the platforms misbehave, the bridge is killed and started again;
// then everything heals, and then both sides must stand as the rules say.

import type { Member } from '../../src/app/agents.ts'
import { SILENT_OBSERVER } from '../../src/app/observer.ts'
import { Runtime } from '../../src/app/runtime.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import type { Rules } from '../../src/domain/rules.ts'
import {
  type AgentId,
  OFFLINE,
  otherSide,
  type PlatformUserId,
  SIDES,
  type Side,
  type StatusId,
} from '../../src/domain/side.ts'
import { isOpen } from '../../src/domain/work.ts'
import { isBlocked, liveWrite } from '../../src/engine/turn.ts'
import { createMemoryDisk, createMemoryJournal } from '../../src/journal/memory-journal.ts'
import { createVirtualClock, type VirtualClock } from '../../src/stories/virtual-clock.ts'
import { type Chance, createChance } from './chance.ts'
import { type Faults, NO_FAULTS, SimPlatform } from './platform.ts'
import { CHANNELS, NAMES, randomRules } from './rules.ts'

export type SimOptions = { readonly seed: number; readonly agents: number; readonly events: number }

export type SimResult = {
  readonly seed: number
  /** Empty: everything stood as it should. */
  readonly problems: readonly string[]
  readonly records: readonly LogRecord[]
  readonly story: readonly string[]
  readonly figures: {
    readonly acts: number
    readonly decisions: number
    readonly writes: number
    readonly crashes: number
  }
}

const START = 1_800_000_000_000
const RESYNC_MS = 60_000
/** Long enough for retries, freezes and several readings. */
const HEAL_MS = 20 * 60_000
const CALM_MS = 5 * 60_000

export async function simulate(options: SimOptions): Promise<SimResult> {
  const sim = new Sim(options)
  try {
    return await sim.run()
  } catch (error) {
    return sim.result([`threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`])
  }
}

class Sim {
  readonly #options: SimOptions
  readonly #chance: Chance
  readonly #clock: VirtualClock
  readonly #disk = createMemoryDisk()
  readonly #platforms: { readonly [S in Side]: SimPlatform }
  readonly #members: readonly Member[]
  #rules: Rules
  #runtime: Runtime | null = null
  #records: LogRecord[] = []
  #story: string[] = []
  #figures = { acts: 0, decisions: 0, writes: 0, crashes: 0 }

  constructor(options: SimOptions) {
    this.#options = options
    this.#chance = createChance(options.seed)
    this.#clock = createVirtualClock(START)
    this.#rules = randomRules(this.#chance)
    const names = Array.from({ length: options.agents }, (_, n) => `agent${n}`)
    this.#members = names.map((name) => ({
      agent: name as AgentId,
      name,
      aliases: [],
      users: { crm: `c-${name}` as PlatformUserId, telephony: `t-${name}` as PlatformUserId },
      profile: null,
    }))
    const platform = (side: Side) =>
      new SimPlatform({
        side,
        clock: this.#clock,
        chance: this.#chance,
        skewMs: this.#chance.between(-2_000, 2_000),
        users: this.#members.map((m) => m.users[side]),
      })
    this.#platforms = { crm: platform('crm'), telephony: platform('telephony') }
  }

  async run(): Promise<SimResult> {
    await this.#boot()
    for (let n = 0; n < this.#options.events; n += 1) {
      await this.#clock.advanceTo(this.#clock.now() + this.#chance.pick([0, 1, 20, 200, 1_000, 5_000, 15_000]))
      await this.#something()
      await this.#clock.settle()
    }
    this.#heal()
    await this.#clock.advanceTo(this.#clock.now() + HEAL_MS)
    const writes = this.#platforms.crm.writes + this.#platforms.telephony.writes
    await this.#clock.advanceTo(this.#clock.now() + CALM_MS)
    const problems = [...this.#check()]
    this.#figures.writes = this.#platforms.crm.writes + this.#platforms.telephony.writes
    if (this.#figures.writes !== writes) problems.push('writes go on although nothing happens')
    await this.#stop()
    return this.result(problems)
  }

  result(problems: readonly string[]): SimResult {
    return { seed: this.#options.seed, problems, records: this.#records, story: this.#story, figures: this.#figures }
  }

  async #boot(): Promise<void> {
    const chance = this.#chance
    const runtime = new Runtime({
      members: this.#members,
      rules: this.#rules,
      adapters: { crm: this.#platforms.crm.adapter, telephony: this.#platforms.telephony.adapter },
      journal: createMemoryJournal(this.#disk),
      clock: this.#clock,
      random: () => chance.next(),
      log: SILENT,
      observer: {
        ...SILENT_OBSERVER,
        decided: ({ record }) => {
          this.#figures.decisions += 1
          this.#records.push(record)
        },
      },
      shadow: false,
      resyncEveryMs: RESYNC_MS,
    })
    this.#runtime = runtime
    runtime.start().catch(() => {}) // killed before it had begun
    await this.#clock.settle()
  }

  async #stop(): Promise<void> {
    const stopped = this.#runtime?.stop()
    await this.#clock.advanceTo(this.#clock.now() + 60_000)
    await stopped
  }

  async #something(): Promise<void> {
    const dice = this.#chance.next()
    if (dice < 0.45) this.#personActs()
    else if (dice < 0.8) this.#workMoves()
    else if (dice < 0.86) this.#faultsChange()
    else if (dice < 0.9) this.#linkChanges()
    else if (dice < 0.93) await this.#crash()
    else if (dice < 0.95) this.#reload()
    else this.#both()
  }

  #personActs(): void {
    const member = this.#chance.pick(this.#members)
    const side = this.#chance.pick(SIDES)
    const status = this.#chance.hits(0.12) ? OFFLINE : (this.#chance.pick(NAMES) as StatusId)
    this.#note(`${member.agent} ${side} := ${status}`)
    this.#platforms[side].set(member.users[side], status)
  }

  /** Two changes within the conflict window. */
  #both(): void {
    this.#personActs()
    this.#personActs()
  }

  #workMoves(): void {
    const member = this.#chance.pick(this.#members)
    const side = this.#chance.pick(SIDES)
    const item = `${side}-${this.#chance.between(1, 3)}`
    const state = this.#chance.pick(['offered', 'accepted', 'wrap_up', 'closed', 'closed', 'declined'] as const)
    this.#note(`${member.agent} ${side} work ${item} ${state}`)
    this.#platforms[side].work(member.users[side], item, this.#chance.pick(CHANNELS), state)
  }

  #faultsChange(): void {
    const side = this.#chance.pick(SIDES)
    const often = () => this.#chance.pick([0, 0, 0.05, 0.3])
    const faults: Faults = {
      loss: this.#chance.pick([0, 0, 0.1]),
      twice: often(),
      delayMs: this.#chance.pick([1, 50, 1_000, 5_000]),
      transient: often(),
      unheard: often(),
      refused: this.#chance.pick([0, 0, 0, 0.1]),
      ignored: this.#chance.pick([0, 0, 0.2]),
      limited: this.#chance.pick([0, 0, 0.2]),
    }
    this.#note(`${side} faults ${JSON.stringify(faults)}`)
    this.#platforms[side].faults = faults
  }

  #linkChanges(): void {
    const side = this.#chance.pick(SIDES)
    const platform = this.#platforms[side]
    this.#note(`${side} link ${platform.cut ? 'mended' : 'cut'}`)
    if (platform.cut) platform.mendLink()
    else platform.breakLink(this.#chance.hits(0.5))
  }

  async #crash(): Promise<void> {
    this.#note('crash')
    this.#figures.crashes += 1
    this.#runtime?.kill()
    for (const side of SIDES) this.#platforms[side].forget()
    await this.#clock.advanceTo(this.#clock.now() + this.#chance.pick([0, 100, 30_000]))
    await this.#boot()
  }

  #reload(): void {
    this.#note('reload')
    this.#rules = randomRules(this.#chance)
    this.#runtime?.bridge.reload(this.#rules)
  }

  #heal(): void {
    this.#note('heal')
    for (const side of SIDES) {
      this.#platforms[side].faults = NO_FAULTS
      this.#platforms[side].mendLink()
    }
  }

  #note(what: string): void {
    this.#figures.acts += 1
    this.#story.push(`${((this.#clock.now() - START) / 1000).toFixed(3)} ${what}`)
  }

  #check(): readonly string[] {
    return (this.#runtime?.agents.all ?? []).flatMap((entry) => SIDES.flatMap((side) => this.#checkSide(entry, side)))
  }

  #checkSide(entry: Runtime['agents']['all'][number], side: Side): readonly string[] {
    const problems: string[] = []
    const s = entry.state[side]
    const truth = this.#platforms[side].person(entry.member.users[side])
    const say = (what: string) => problems.push(`${entry.member.agent} ${side}: ${what}`)
    if (!entry.started) say('was never read')
    if (s.observed !== truth.status) say(`the bridge believes ${s.observed}, the platform shows ${truth.status}`)
    const live = liveWrite(s)
    if (live !== null) say(`a write of ${live.status} is still waited for`)
    if (entry.state.frozen !== null) say('is still frozen')
    const available = entry.rules.available[side]
    const blockShows = isBlocked(s) && available.has(s.base)
    const wanted = blockShows ? s.block?.status : s.base
    if (truth.status !== wanted && s.stuck === null && truth.status !== OFFLINE)
      say(`shows ${truth.status}, wanted ${wanted}`)
    if (isBlocked(s) && available.has(truth.status) && s.stuck === null)
      say('a block is in force at an available status')
    const open = new Map([...truth.items].filter(([, w]) => isOpen(w.state)))
    const believed = s.work.filter((w) => isOpen(w.state))
    if (believed.length !== open.size || believed.some((w) => open.get(w.item)?.state !== w.state))
      say('open work differs')
    const rule = entry.rules.blocking[side]
    const others = [...this.#platforms[otherSide(side)].person(entry.member.users[otherSide(side)]).items.values()]
    const counted = others.filter((w) => rule !== null && isOpen(w.state) && countsHere(rule, w)).length
    if ((s.block !== null) !== (rule !== null && counted >= rule.minItems))
      say(`${counted} items count, block ${s.block?.phase}`)
    return problems
  }
}

/** Written anew on purpose, so that the engine's count is checked against another one. */
function countsHere(
  rule: NonNullable<Rules['top']['blocking'][Side]>,
  work: { channel: string; state: string },
): boolean {
  if (rule.channels !== null && !rule.channels.has(work.channel)) return false
  if (work.state === 'offered') return rule.from === 'offered'
  return work.state === 'accepted' || rule.wrapUp
}
