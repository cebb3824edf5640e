// One run: its acts are played with everything that goes wrong; then everything heals, and then both sides must stand as the rules say,
// also after everything was said again, after restarts, and after all that was paused goes on.

import { type Member, rulesetOf } from '../../src/app/agents.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import { type BySide, SIDES, type Side, type StatusId } from '../../src/domain/side.ts'
import type { Act, Schedule } from './acts.ts'
import { availableWhileBlocked, changed, drifted, miscounted, type Stand, unexplained } from './checks.ts'
import { Library } from './library.ts'
import { type Cause, overlapCause } from './overlaps.ts'
import { randomSchedule, type SimOptions } from './schedule.ts'
import { peopleOf, standOf, viewOf } from './views.ts'
import { type Problem, Watch } from './watch.ts'
import { START, World } from './world.ts'

export type Line = {
  readonly at: number
  /** Null: it concerns everybody. */
  readonly agent: string | null
  readonly what: { readonly act: Act } | { readonly record: LogRecord } | { readonly note: string }
  readonly shows: BySide<StatusId> | null
}

export type SimResult = {
  readonly schedule: Schedule
  /** Empty: everything stood as it should. */
  readonly problems: readonly Problem[]
  readonly lines: readonly Line[]
  /** Where everybody stood in the end. */
  readonly stands: readonly Stand[]
  /** SHA-256 of the journal. */
  readonly digest: string
  readonly figures: {
    readonly acts: number
    readonly reports: number
    readonly decisions: number
    readonly writes: number
    readonly crashes: number
    /** What people did, and what happened to their work. */
    readonly agentEvents: number
    readonly overlaps: ReadonlyMap<Cause, number>
    /** From a decision until the platform reported its write. */
    readonly longestMs: number
  }
}

export type PlayOptions = {
  /** Remembers no lines: of a long run they would fill the memory. */
  readonly quiet: boolean
  readonly progress: (done: number) => void
}

/** Long enough for retries, freezes and several readings. */
const HEAL_MS = 25 * 60_000
const CALM_MS = 6 * 60_000
/** What a timer begins takes a moment. */
const QUIET_MS = 20
const QUIET_TRIES = 10
/** More problems are not worth telling. */
const PROBLEMS_MAX = 8
const ADMIN = { id: -1, at: 0 }

export function simulate(options: SimOptions): Promise<SimResult> {
  return play(randomSchedule(options))
}

const USUAL: PlayOptions = { quiet: false, progress() {} }

export async function play(schedule: Schedule, options: PlayOptions = USUAL): Promise<SimResult> {
  const run = new Run(schedule, options)
  try {
    await run.go()
  } catch (error) {
    run.watch.say('threw', null, error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return run.result()
}

class Run {
  readonly watch: Watch
  readonly #schedule: Schedule
  readonly #options: PlayOptions
  readonly #world: World
  readonly #lines: Line[] = []
  readonly #overlaps = new Map<Cause, number>()
  #agentEvents = 0
  #longestMs = 0
  /** Of a calm run: what must be. */
  readonly #library: Library

  constructor(schedule: Schedule, options: PlayOptions) {
    this.#schedule = schedule
    this.#options = options
    this.watch = new Watch({ calm: schedule.calm, heard: ({ record }) => this.#line(record.agent, { record }) })
    const { watch } = this
    this.#world = new World(schedule, {
      told: (member, side, report) => this.#library.hear(member, side, report),
      decided: (entry) => watch.decided(entry),
      called: (side, call) => watch.called(side, call),
      answered: (member, side, call) => watch.answered(member.agent, side, call),
      given: (member, side) => this.#given(member, side),
      outcome: ({ outcome, ms }) => {
        if (outcome === 'confirmed') this.#longestMs = Math.max(this.#longestMs, ms)
      },
      logged: (context) => watch.logged(context),
      booted: () => watch.booted(),
      reloaded: (rules) => watch.reloaded(rules),
    })
    watch.begin(this.#world)
    this.#library = new Library({ world: this.#world, watch, calm: schedule.calm })
  }

  async go(): Promise<void> {
    const { clock } = this.#world
    this.#world.boot()
    await clock.settle()
    for (const [n, act] of this.#schedule.acts.entries()) {
      await clock.advanceTo(START + act.at)
      if (this.#schedule.calm) await this.#checkQuiet()
      if (this.#isOver()) return
      await this.#act(act)
      if (this.#schedule.acts[n + 1]?.at === act.at) continue // at the same instant, before the bridge hears of either
      await clock.settle()
      if (this.#isOver()) return
      this.#options.progress(n)
    }
    await this.#end()
  }

  result(): SimResult {
    const { platforms, disk } = this.#world
    const figures = { acts: this.#world.figures.acts, crashes: this.#world.figures.crashes }
    const { decisions, writes } = this.watch.figures
    const reports = platforms.crm.delivered + platforms.telephony.delivered
    return {
      schedule: this.#schedule,
      problems: this.watch.problems.slice(0, PROBLEMS_MAX),
      lines: this.#lines,
      stands: this.#world.members.map((m) => standOf(this.#world, m)),
      digest: disk.digest(),
      figures: {
        ...figures,
        reports,
        decisions,
        writes,
        agentEvents: this.#agentEvents,
        overlaps: this.#overlaps,
        longestMs: this.#longestMs,
      },
    }
  }

  #isOver(): boolean {
    return this.watch.problems.length > 0
  }

  async #act(act: Act): Promise<void> {
    const index = 'agent' in act ? act.agent : null
    const member = index === null ? null : this.#world.member(index)
    this.#line(member?.agent ?? null, { act })
    if (act.kind === 'status' || act.kind === 'work') this.#agentEvents += 1
    if (act.kind === 'again' && member !== null && this.#hasRest(member)) return this.#again(act, member)
    const side = 'side' in act ? act.side : null
    const status = act.kind === 'status' || act.kind === 'rumour' ? (act.status as StatusId) : null
    for (const { agent } of member === null ? this.#world.members : [member]) this.watch.acted(agent, side, status)
    this.#world.play(act)
    this.#library.enter(act)
  }

  /** Nothing is under way, and no log-out is held until it is checked. */
  #hasRest(member: Member): boolean {
    const said = this.watch.records(member.agent).flatMap((r) => r.decisions.map((d) => d.reason))
    return this.#world.isQuiet(member) && !said.includes('suspect')
  }

  /** Invariant 5, where nothing else is under way. */
  async #again(act: Act, member: Member): Promise<void> {
    const before = standOf(this.#world, member)
    const { writes } = this.watch.figures
    this.#world.play(act)
    await this.#world.clock.settle()
    this.watch.say('invariant 5', member.agent, changed(before, standOf(this.#world, member)))
    if (this.watch.figures.writes > writes)
      this.watch.say('invariant 5', member.agent, 'said again, it is written again')
  }

  async #end(): Promise<void> {
    this.#line(null, { note: 'everything heals' })
    this.#world.heal()
    await this.#pass(HEAL_MS)
    if (this.#world.runtime === null) this.watch.say('gone', null, 'the bridge did not come back')
    await this.#rests()
    await this.#sayAgain()
    for (const kind of ['restart', 'crash'] as const) await this.#startAnew(kind)
    this.#line(null, { note: 'all who are paused go on' })
    this.#world.play({ ...ADMIN, kind: 'resume', agent: null })
    this.#library.enter({ ...ADMIN, kind: 'resume', agent: null })
    for (const { agent } of this.#world.members) this.watch.acted(agent, null, null)
    await this.#pass(CALM_MS)
    await this.#rests()
    void this.#world.runtime?.stop()
    await this.#pass(60_000)
  }

  async #pass(ms: number): Promise<void> {
    const { clock } = this.#world
    await clock.advanceTo(clock.now() + ms)
  }

  /** Everything that must hold at rest, and that it is rest. */
  async #rests(): Promise<void> {
    if (this.#isOver()) return
    const { writes } = this.watch.figures
    await this.#pass(CALM_MS)
    if (this.watch.figures.writes > writes) this.watch.say('invariant 1', null, 'writes go on although nothing happens')
    for (const member of this.#world.members) this.#check(member)
    this.#library.check()
  }

  /** In a calm run nobody has to wait for the end; what a timer has just begun is over first. */
  async #checkQuiet(): Promise<void> {
    for (let n = 0; n < QUIET_TRIES && !this.#world.members.every((m) => this.#world.isQuiet(m)); n += 1)
      await this.#pass(QUIET_MS)
    this.#library.check()
    for (const member of this.#world.members) if (this.#world.isQuiet(member)) this.#check(member)
  }

  #check(member: Member): void {
    const { agent } = member
    const view = viewOf(this.#world, member, this.watch.records(member.agent))
    if (view === null) {
      this.watch.say('drift', agent, 'was never read')
      return
    }
    if (!this.#world.isQuiet(member)) this.watch.say('rest', agent, 'something is still under way')
    this.watch.say('invariant 2', agent, unexplained(view))
    for (const side of SIDES) {
      this.watch.say('drift', agent, drifted(view, side))
      this.watch.say('invariant 3', agent, availableWhileBlocked(view, side))
      this.watch.say('invariant 4', agent, miscounted(view, side))
    }
  }

  /** Invariant 5, of everybody, after everything has healed. */
  async #sayAgain(): Promise<void> {
    for (const [agent, member] of this.#world.members.entries())
      for (const side of SIDES) {
        if (this.#isOver()) return
        await this.#again({ ...ADMIN, kind: 'again', agent, side, count: 12 }, member)
      }
  }

  /** Invariant 6, and R21: a start at rest changes and writes nothing. */
  async #startAnew(kind: 'restart' | 'crash'): Promise<void> {
    if (this.#isOver()) return
    const before = this.#world.members.map((m) => standOf(this.#world, m))
    const { writes } = this.watch.figures
    this.#line(null, { note: kind })
    this.#world.play({ ...ADMIN, kind, downMs: 1_000, torn: 'all' })
    await this.#pass(30_000)
    for (const [n, member] of this.#world.members.entries()) {
      const was = before[n]
      if (was !== undefined) this.watch.say('invariant 6', member.agent, changed(was, standOf(this.#world, member)))
    }
    if (this.watch.figures.writes > writes) this.watch.say('invariant 6', null, `a ${kind} at rest writes`)
  }

  #given(member: Member, side: Side): void {
    const { platforms, clock } = this.#world
    const rules = rulesetOf(this.#world.rules, member.profile)
    const cause = overlapCause({ side, member, entry: this.#world.entry(member), rules, platforms, now: clock.now() })
    if (cause !== null) this.#overlaps.set(cause, (this.#overlaps.get(cause) ?? 0) + 1)
  }

  #line(agent: string | null, what: Line['what']): void {
    if (this.#options.quiet) return
    const member = this.#world.members.find((m) => m.agent === agent)
    const people = member && peopleOf(this.#world, member)
    const shows = people === undefined ? null : { crm: people.crm.status, telephony: people.telephony.status }
    this.#lines.push({ at: this.#world.clock.now(), agent, what, shows })
  }
}
