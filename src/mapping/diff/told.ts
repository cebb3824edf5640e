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

/**
 * `expected`: the blocks before the last step; where time has ended one of them, what comes is another story. Null: in no timing do the two end
 * differently.
 */
export function tellBoth(rules: Both<Ruleset>, { begins, moves }: Way, expected: Both<AgentState>): Told | null {
  const windowMs = Math.max(rules.before.conflict.windowMs, rules.now.conflict.windowMs)
  for (const gapMs of [STEP_MS, windowMs + 1, 1]) {
    const steps = playBoth(rules, { begins, moves }, { gapMs, expected })
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

type Timing = { readonly gapMs: number; readonly expected: Both<AgentState> }

function playBoth(rules: Both<Ruleset>, way: Way, { gapMs, expected }: Timing): readonly ToldStep[] | null {
  const { begins, moves } = way
  const before = beginAt(rules.before, begins)
  const now = beginAt(rules.now, begins)
  const steps: ToldStep[] = []
  for (const [index, move] of moves.entries()) {
    const waits = [before, now].map((run) => (move.kind === 'timer' ? waitFor(run, move) : null))
    const ms = Math.max(...waits.map((wait) => wait ?? -1))
    if (move.kind === 'timer' && ms < 0) return null
    if (move.kind !== 'timer' && ![before, now].every((run) => pass(run, index === 0 ? 0 : gapMs))) return null
    if (index === moves.length - 1 && !(isAsExpected(before, expected.before) && isAsExpected(now, expected.now)))
      return null
    const from = { before: sceneOf(before, []), now: sceneOf(now, []) }
    const [a, b] = [playStep(before, move, ms), playStep(now, move, ms)]
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

function isAsExpected({ state }: Run, expected: AgentState): boolean {
  return SIDES.every((side) => state[side].block?.phase === expected[side].block?.phase)
}

/** `ms`: how long a timer is waited for. Null: the bridge chases itself. */
function playStep(run: Run, move: Move, ms: number): Scene | null {
  run.verdicts = []
  if (!(move.kind === 'timer' ? pass(run, ms) : perform(run, move))) return null
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
