// A way to a difference played once more from its beginning in real time, under the old rules and under the new ones. What does not end
// differently then is not told.

import type { Reason } from '../../domain/reason.ts'
import type { RuleRef, Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId } from '../../domain/side.ts'
import { type AgentState, newAgent } from '../../engine/state.ts'
import { isBlocked } from '../../engine/turn.ts'
import { type Move, NOW, perform, type TimerMove, timerOf } from '../explore/move.ts'
import { agentAt, createControls, restOf, STEP_MS } from '../explore/rest.ts'
import { beginRun, pass, type Run, unbroken } from '../explore/run.ts'
import type { Both } from './twins.ts'
import type { Way } from './walk.ts'

/** What is to be seen after a step. */
export type Scene = {
  readonly shows: BySide<StatusId>
  /** What the sides would show if nothing were blocked. */
  readonly bases: BySide<StatusId>
  readonly blocked: readonly Side[]
  /** Of the step's own decisions, the last one of each side. */
  readonly said: BySide<{ readonly reason: Reason; readonly rule: RuleRef | null } | null>
}

export type ToldStep = {
  readonly move: Exclude<Move, TimerMove> | { readonly kind: 'wait'; readonly ms: number }
  /** What it is that runs out, where it is a timer. */
  readonly timer: TimerMove | null
  readonly from: Both<Scene>
  readonly to: Both<Scene>
}

export type Told = {
  readonly begins: BySide<StatusId>
  readonly steps: readonly ToldStep[]
  readonly last: ToldStep
  readonly gapMs: number
  /** False: the steps are closer together than those of stories. */
  readonly playable: boolean
  /** Something that people see is different, not the reason alone. */
  readonly visible: boolean
}

/** Null: in no timing do the two end differently, in no step but the last. */
export function tellBoth(rules: Both<Ruleset>, { begins, moves }: Way): Told | null {
  const windowMs = Math.max(rules.before.conflict.windowMs, rules.now.conflict.windowMs)
  for (const gapMs of [STEP_MS, windowMs + 1, 1]) {
    const steps = playBoth(rules, { begins, moves }, gapMs)
    const last = steps?.at(-1)
    if (steps === null || last === undefined) continue
    const visible = differ(last, visibleIn)
    if (visible || differ(last, ({ said }) => SIDES.map((side) => said[side]?.reason)))
      return { begins, steps, last, gapMs, playable: gapMs === STEP_MS, visible }
  }
  return null
}

function differ({ to }: ToldStep, tell: (scene: Scene) => unknown): boolean {
  return JSON.stringify(tell(to.before)) !== JSON.stringify(tell(to.now))
}

function visibleIn({ shows, bases, blocked }: Scene): unknown {
  return [shows, bases, blocked]
}

function playBoth(rules: Both<Ruleset>, { begins, moves }: Way, gapMs: number): readonly ToldStep[] | null {
  const before = beginAt(rules.before, begins)
  const now = beginAt(rules.now, begins)
  const steps: ToldStep[] = []
  for (const [index, move] of moves.entries()) {
    const waits = [before, now].map((run) => (move.kind === 'timer' ? waitFor(run, move) : null))
    const ms = Math.max(...waits.map((wait) => wait ?? -1))
    if (move.kind === 'timer' && ms < 0) return null
    const from = { before: sceneOf(before, []), now: sceneOf(now, []) }
    const scene = (run: Run) => playStep(run, move, move.kind === 'timer' ? ms : index === 0 ? 0 : gapMs)
    const [a, b] = [scene(before), scene(now)]
    if (a === null || b === null) return null
    const timer = move.kind === 'timer' ? move : null
    steps.push({ move: move.kind === 'timer' ? { kind: 'wait', ms } : move, timer, from, to: { before: a, now: b } })
  }
  return steps
}

function beginAt(rules: Ruleset, bases: Way['begins']): Run {
  const given = unbroken(rules)
  const nobody = newAgent()
  const isNobody = SIDES.every((side) => bases[side] === OFFLINE)
  const { control } = restOf(createControls(given), nobody)
  return beginRun(given, isNobody ? nobody : agentAt({ control, bases }), NOW)
}

/** Null: the bridge chases itself. */
function playStep(run: Run, move: Move, ms: number): Scene | null {
  run.verdicts = []
  if (!pass(run, ms)) return null
  if (move.kind === 'timer') return sceneOf(run, run.verdicts)
  run.verdicts = []
  if (!perform(run, move)) return null
  return sceneOf(run, run.verdicts)
}

function sceneOf({ state }: Run, verdicts: Run['verdicts']): Scene {
  const said = (side: Side) => {
    const told = verdicts.findLast((verdict) => verdict.side === side && verdict.reason !== 'echo')
    return told === undefined ? null : { reason: told.reason, rule: told.rule }
  }
  return {
    shows: { crm: state.crm.observed, telephony: state.telephony.observed },
    bases: basesOf(state),
    blocked: SIDES.filter((side) => isBlocked(state[side])),
    said: { crm: said('crm'), telephony: said('telephony') },
  }
}

function basesOf(state: AgentState): BySide<StatusId> {
  return { crm: state.crm.base, telephony: state.telephony.base }
}

function waitFor(run: Run, move: TimerMove): number | null {
  const timer = timerOf(run.state, move)
  return timer && Math.max(0, timer.due - run.now)
}
