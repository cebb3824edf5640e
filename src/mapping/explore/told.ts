// A way to a fault played once more from its beginning, in real time and with all that the exploration leaves out, and what the sides show
// after each step. What cannot be told like this was no fault.

import type { RuleRef, Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId } from '../../domain/side.ts'
import { newAgent } from '../../engine/state.ts'
import { type FaultKind, faultAt } from './fault.ts'
import { WRITES_MAX } from './limits.ts'
import { type Move, NOW, perform, type TimerMove, timerOf } from './move.ts'
import { agentAt, type Rest, STEP_MS } from './rest.ts'
import { beginRun, pass, type Run, unbroken } from './run.ts'
import type { Path } from './search.ts'

export type ToldStep = {
  readonly move: Exclude<Move, TimerMove> | { readonly kind: 'wait'; readonly ms: number }
  readonly shows: BySide<StatusId>
  /** The lines of the mapping file that the step's decisions named, and the side that was to do what they say; the last one's first. */
  readonly rules: readonly { readonly side: Side; readonly ref: RuleRef }[]
  /** Nobody was logged in on the side that the step is about. */
  readonly logsIn: boolean
}

export type Told = {
  readonly begins: BySide<StatusId>
  readonly steps: readonly ToldStep[]
  /** How far apart the steps are, ms; where it is not what stories have, the story cannot be played as it stands. */
  readonly gapMs: number
  readonly playable: boolean
  /** The sides that take work and should not, or that are written too often. */
  readonly sides: readonly Side[]
}

type Replay = Pick<Told, 'steps' | 'sides'>

/** Null: in no timing does the path lead to its fault. */
export function tell(rules: Ruleset, path: Path): Told | null {
  const moves = path.moves.flatMap(oneByOne)
  // Just out of each other's conflict window, or, where a timer is quicker than that, as close as can be.
  for (const gapMs of [STEP_MS, rules.conflict.windowMs + 1, 1]) {
    const replay = tellAt(rules, { ...path, moves }, gapMs)
    if (replay === null) continue
    const playable = gapMs === STEP_MS && moves.every((move) => move.kind !== 'pair' || move.heard === 'before')
    return { begins: path.begins.bases, ...replay, gapMs, playable }
  }
  return null
}

function tellAt(rules: Ruleset, { fault, begins, moves }: Path, gapMs: number): Replay | null {
  const run = beginRun(unbroken(rules), isNobody(begins) ? newAgent() : agentAt(begins), NOW)
  const steps: ToldStep[] = []
  let rests = true
  for (const [index, move] of moves.entries()) {
    if (!rests) return null // the fault was expected at the end
    const before = run.state
    const wait = move.kind === 'timer' ? waitFor(run, move) : null
    if (move.kind === 'timer' && wait === null) return null
    run.verdicts = []
    rests = pass(run, wait ?? (index === 0 ? 0 : gapMs))
    if (rests && move.kind !== 'timer') rests = perform(run, move)
    steps.push({
      move: move.kind === 'timer' ? { kind: 'wait', ms: wait ?? 0 } : move,
      shows: { crm: run.state.crm.observed, telephony: run.state.telephony.observed },
      rules: run.verdicts.toReversed().flatMap(({ side, rule }) => (rule === null ? [] : [{ side, ref: rule }])),
      logsIn: move.kind === 'status' && before[move.side].observed === OFFLINE,
    })
  }
  if (faultAt(rules, { state: run.state, chases: !rests }) !== fault) return null
  return { steps, sides: SIDES.filter((side) => isToBlame(run, side, fault)) }
}

function isToBlame({ rules, state, writes }: Run, side: Side, fault: FaultKind): boolean {
  if (fault === 'chase') return writes[side] > WRITES_MAX
  const isTaking = rules.available[side].has(state[side].observed)
  return isTaking && (fault === 'both_available' || state[side].block !== null)
}

function waitFor(run: Run, move: TimerMove): number | null {
  const timer = timerOf(run.state, move)
  return timer && Math.max(0, timer.due - run.now)
}

/** Each work item comes in a step of its own. */
function oneByOne(move: Move): readonly Move[] {
  return move.kind === 'work' ? move.news.map((news) => ({ ...move, news: [news] })) : [move]
}

function isNobody({ bases }: Rest): boolean {
  return bases.crm === OFFLINE && bases.telephony === OFFLINE
}
