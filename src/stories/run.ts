// Runs a story on the whole bridge, outbox and journal included, between two model platforms in virtual time.

import { SILENT_OBSERVER } from '../app/observer.ts'
import { Runtime, type RuntimeObserver } from '../app/runtime.ts'
import { SILENT } from '../domain/log.ts'
import type { Reason } from '../domain/reason.ts'
import type { LogRecord } from '../domain/record.ts'
import type { Report } from '../domain/report.ts'
import type { Rules, Ruleset } from '../domain/rules.ts'
import { type AgentId, type BySide, type PlatformUserId, SIDES, type Side, type StatusId } from '../domain/side.ts'
import { isBlocked } from '../engine/turn.ts'
import { createMemoryJournal } from '../journal/memory-journal.ts'
import type { Action, Happening, Step, Story } from '../mapping/story.ts'
import { createModelPlatform, type ModelPlatform } from './model-platform.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

export type StepResult = {
  readonly step: Step
  /** Counted from 0. */
  readonly index: number
  /** The time after the step, since the story began. */
  readonly atMs: number
  /** What the platforms show. */
  readonly shows: BySide<StatusId>
  readonly blocked: readonly Side[]
  /** Distinct codes of the step's decisions. */
  readonly reasons: readonly Reason[]
  readonly writes: BySide<number>
  readonly records: readonly LogRecord[]
}

/** A story that cannot be played; the message is a plain sentence. */
export class StoryError extends Error {
  override readonly name = 'StoryError'
}

/** Reads the rules of a `reload` step; throws an Error with a plain sentence where that fails. */
export type LoadRules = (file: string) => Rules

const AGENT = 'agent' as AgentId
const USERS: BySide<PlatformUserId> = { crm: 'agent' as PlatformUserId, telephony: 'agent' as PlatformUserId }
const BETWEEN_STEPS_MS = 10_000
/** Stories last minutes; what repairs drift in hours would only blur them. */
const NO_RESYNC_MS = 10 ** 12

export async function runStory(story: Story, rules: Rules, loadRules: LoadRules): Promise<readonly StepResult[]> {
  const stage = new Stage(story, rules)
  await stage.open({ adopt: true })
  const results: StepResult[] = []
  for (const [index, step] of story.steps.entries()) results.push(await stage.play(step, index, loadRules))
  await stage.close()
  return results
}

class Stage {
  readonly #story: Story
  readonly #clock: VirtualClock = createVirtualClock(0)
  readonly #journal = createMemoryJournal()
  readonly #models: BySide<ModelPlatform>
  #rules: Rules
  #runtime: Runtime | null = null
  #records: LogRecord[] = []

  constructor(story: Story, rules: Rules) {
    this.#story = story
    this.#rules = rules
    const clock = this.#clock
    const model = (side: Side) =>
      createModelPlatform({ side, user: USERS[side], start: story.start[side] as StatusId, clock })
    this.#models = { crm: model('crm'), telephony: model('telephony') }
  }

  /** `adopt`: whatever the rules say of start-up, a story starts without writes. */
  async open(options: { readonly adopt: boolean }): Promise<void> {
    const rules = options.adopt ? adopting(this.#rules) : this.#rules
    const runtime = new Runtime({
      members: [{ agent: AGENT, name: 'The agent', aliases: [], users: USERS, profile: this.#story.profile }],
      rules,
      adapters: { crm: this.#models.crm.adapter, telephony: this.#models.telephony.adapter },
      journal: this.#journal,
      clock: this.#clock,
      random: () => 0.5,
      log: SILENT,
      observer: this.#observer(),
      shadow: false,
      resyncEveryMs: NO_RESYNC_MS,
    })
    this.#runtime = runtime
    void runtime.start()
    await this.#clock.settle()
  }

  async close(): Promise<void> {
    await this.#runtime?.stop()
  }

  async play(step: Step, index: number, loadRules: LoadRules): Promise<StepResult> {
    this.#records = []
    const before = { crm: this.#models.crm.writes(), telephony: this.#models.telephony.writes() }
    if (step.kind === 'wait') await this.#clock.advanceTo(this.#clock.now() + step.ms)
    else if (index > 0) await this.#clock.advanceTo(this.#clock.now() + BETWEEN_STEPS_MS)
    await this.#happen(step, loadRules)
    await this.#clock.settle()
    const { crm, telephony } = this.#models
    return {
      step,
      index,
      atMs: this.#clock.now(),
      shows: { crm: crm.status(), telephony: telephony.status() },
      blocked: this.#blocked(),
      reasons: distinctReasons(this.#records),
      writes: { crm: crm.writes() - before.crm, telephony: telephony.writes() - before.telephony },
      records: this.#records,
    }
  }

  async #happen(action: Action, loadRules: LoadRules): Promise<void> {
    switch (action.kind) {
      case 'wait':
        return
      case 'restart':
        this.#runtime?.kill()
        for (const side of SIDES) await this.#models[side].adapter.stop()
        return this.open({ adopt: false })
      case 'reload':
        this.#rules = loadRules(action.file)
        this.#runtime?.bridge.reload(this.#rules)
        return
      case 'together': {
        const sent = action.steps.flatMap((s) => this.#occur(s))
        for (const { side, report } of sent) this.#models[side].send(report)
        return
      }
      default:
        for (const { side, report } of this.#occur(action)) this.#models[side].send(report)
    }
  }

  /** Changes the platforms; what they report of it is returned. */
  #occur(happening: Happening): readonly { readonly side: Side; readonly report: Report }[] {
    switch (happening.kind) {
      case 'status':
        return happening.changes.map(({ side, status }) => ({
          side,
          report: this.#models[side].set(status as StatusId, happening.by),
        }))
      case 'work': {
        const { side, id, channel, state } = happening
        return [{ side, report: this.#models[side].work(id, channel, state) }]
      }
      case 'repeat':
        return SIDES.flatMap((side) => {
          const report = this.#models[side].lastReport()
          return report === null ? [] : [{ side, report }]
        })
      case 'link':
        this.#models[happening.side].link(happening.up, happening.writes)
        return []
      case 'write_result':
        this.#models[happening.side].answerNext(happening.next, happening.times)
        return []
    }
  }

  #blocked(): readonly Side[] {
    const state = this.#runtime?.agents.all[0]?.state
    return state === undefined ? [] : SIDES.filter((side) => isBlocked(state[side]))
  }

  #observer(): RuntimeObserver {
    return { ...SILENT_OBSERVER, decided: ({ record }) => this.#records.push(record) }
  }
}

function distinctReasons(records: readonly LogRecord[]): readonly Reason[] {
  return [...new Set(records.flatMap((r) => r.decisions.map((d) => d.reason)))]
}

function adopting(rules: Rules): Rules {
  const adopt = (ruleset: Ruleset): Ruleset => ({ ...ruleset, startup: 'adopt' })
  const profiles = new Map([...rules.profiles].map(([name, ruleset]) => [name, adopt(ruleset)]))
  return { ...rules, top: adopt(rules.top), profiles }
}
