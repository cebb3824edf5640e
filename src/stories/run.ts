// Runs a story on the whole bridge, outbox and journal included, between two model platforms in virtual time.

import { SILENT_OBSERVER } from '../app/observer.ts'
import { Runtime, type RuntimeObserver } from '../app/runtime.ts'
import { SILENT } from '../domain/log.ts'
import type { Reason } from '../domain/reason.ts'
import type { LogRecord } from '../domain/record.ts'
import type { Rules, Ruleset } from '../domain/rules.ts'
import { type BySide, type PlatformUserId, SIDES, type Side, type StatusId } from '../domain/side.ts'
import { isBlocked } from '../engine/turn.ts'
import { createMemoryJournal } from '../journal/memory-journal.ts'
import type { Action, Happening, Step, Story } from '../mapping/story.ts'
import { type Cast, castOf, isOfStory, strangerOf } from './cast.ts'
import { createModelPlatform, type Delivery, type ModelPlatform } from './model-platform.ts'
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
  /** The decisions about the story's agent, in their order. */
  readonly moments: readonly Moment[]
}

/** A decision, and the two bases as they were before it: a blocked side shows something else. */
export type Moment = { readonly record: LogRecord; readonly bases: BySide<StatusId> }

/** Reads the rules of a `reload` step; throws an Error with a plain sentence where that fails. */
export type LoadRules = (file: string) => Rules

type Sent = { readonly side: Side; readonly delivery: Delivery }

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
  readonly #clock: VirtualClock = createVirtualClock(0)
  readonly #cast: Cast
  readonly #models: BySide<ModelPlatform>
  #journal = createMemoryJournal()
  #rules: Rules
  #runtime: Runtime | null = null
  #moments: Moment[] = []
  #bases: BySide<StatusId>

  constructor(story: Story, rules: Rules) {
    this.#rules = rules
    this.#bases = { crm: story.start.crm as StatusId, telephony: story.start.telephony as StatusId }
    this.#cast = castOf(story)
    const users = this.#cast.members.map((member) => member.users)
    const model = (side: Side) =>
      createModelPlatform({
        side,
        users: users.map((user) => user[side]),
        start: story.start[side] as StatusId,
        clock: this.#clock,
      })
    this.#models = { crm: model('crm'), telephony: model('telephony') }
  }

  /** `adopt`: whatever the rules say of start-up, a story starts without writes. */
  async open(options: { readonly adopt: boolean }): Promise<void> {
    const rules = options.adopt ? adopting(this.#rules) : this.#rules
    const runtime = new Runtime({
      members: this.#cast.members,
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
    this.#moments = []
    const before = this.#writes()
    if (step.kind === 'wait') await this.#clock.advanceTo(this.#clock.now() + step.ms)
    else if (index > 0) await this.#clock.advanceTo(this.#clock.now() + BETWEEN_STEPS_MS)
    await this.#happen(step, loadRules)
    await this.#clock.settle()
    const { crm, telephony } = this.#models
    const { agent } = this.#cast
    const writes = this.#writes()
    return {
      step,
      index,
      atMs: this.#clock.now(),
      shows: { crm: crm.status(agent), telephony: telephony.status(agent) },
      blocked: this.#blocked(),
      reasons: distinctReasons(this.#moments),
      writes: { crm: writes.crm - before.crm, telephony: writes.telephony - before.telephony },
      moments: this.#moments,
    }
  }

  async #happen(action: Action, loadRules: LoadRules): Promise<void> {
    switch (action.kind) {
      case 'wait':
        return
      case 'restart':
        this.#runtime?.kill()
        for (const side of SIDES) await this.#models[side].adapter.stop()
        if (action.fresh) this.#journal = createMemoryJournal()
        return this.open({ adopt: false })
      case 'reload':
        this.#rules = loadRules(action.file)
        this.#runtime?.bridge.reload(this.#rules)
        return
      case 'together': {
        const sent = action.steps.flatMap((s) => this.#occur(s))
        return this.#send(sent)
      }
      default:
        return this.#send(this.#occur(action))
    }
  }

  #send(sent: readonly Sent[]): void {
    for (const { side, delivery } of sent) this.#models[side].send(delivery)
  }

  /** Changes the platforms; what they report of it is returned, about the agent last. */
  #occur(happening: Happening): readonly Sent[] {
    const { agent, colleagues } = this.#cast
    switch (happening.kind) {
      case 'status':
        return happening.changes.map(({ side, status }) => ({
          side,
          delivery: this.#models[side].set(agent, status as StatusId, happening.by),
        }))
      case 'work':
        return [{ side: happening.side, delivery: this.#models[happening.side].work(agent, happening) }]
      case 'repeat':
        return SIDES.flatMap((side) => {
          const delivery = this.#models[side].lastSent(agent)
          return delivery === null ? [] : [{ side, delivery }]
        })
      case 'link':
        this.#models[happening.side].link(happening.up, happening.writes)
        return []
      case 'write_result':
        this.#models[happening.side].answerNext(happening.next, happening)
        return []
      case 'colleagues': {
        const { side, status } = happening
        return colleagues.map((user) => ({ side, delivery: this.#models[side].set(user, status as StatusId, 'agent') }))
      }
      case 'stranger':
        return this.#rumours(happening, [strangerOf(happening.side)])
      case 'rumour':
        return this.#rumours(happening, happening.about === 'everybody' ? [...colleagues, agent] : [agent])
    }
  }

  /** Reports of a status that nobody has set, as far as the platform shows. */
  #rumours(
    { side, status }: { readonly side: Side; readonly status: string },
    users: readonly PlatformUserId[],
  ): readonly Sent[] {
    return users.map((user) => ({ side, delivery: this.#models[side].rumour(user, status as StatusId) }))
  }

  #writes(): BySide<number> {
    const { crm, telephony } = this.#models
    return { crm: crm.writes(this.#cast.agent), telephony: telephony.writes(this.#cast.agent) }
  }

  #blocked(): readonly Side[] {
    const state = this.#runtime?.agents.all[0]?.state
    return state === undefined ? [] : SIDES.filter((side) => isBlocked(state[side]))
  }

  #observer(): RuntimeObserver {
    return {
      ...SILENT_OBSERVER,
      decided: ({ record }) => {
        if (isOfStory(this.#cast, record)) this.#remember(record)
      },
    }
  }

  #remember(record: LogRecord): void {
    const sentence = record.sentence.charAt(0).toUpperCase() + record.sentence.slice(1) // "the agent" may be its first word
    this.#moments.push({ record: { ...record, sentence }, bases: this.#bases })
    const state = this.#runtime?.agents.all[0]?.state
    if (state !== undefined) this.#bases = { crm: state.crm.base, telephony: state.telephony.base }
  }
}

function distinctReasons(moments: readonly Moment[]): readonly Reason[] {
  return [...new Set(moments.flatMap(({ record }) => record.decisions.map((d) => d.reason)))]
}

function adopting(rules: Rules): Rules {
  const adopt = (ruleset: Ruleset): Ruleset => ({ ...ruleset, startup: 'adopt' })
  const profiles = new Map([...rules.profiles].map(([name, ruleset]) => [name, adopt(ruleset)]))
  return { ...rules, top: adopt(rules.top), profiles }
}
