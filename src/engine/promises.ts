// What the engine promises of every step, checked in production as well: a promise that is broken must be heard of at once.
// Nothing is made here while all is well, and what a step left as it was is not looked at again.

import { OWN_WRITES_MAX } from '../domain/limits.ts'
import type { Ruleset } from '../domain/rules.ts'
import { OFFLINE, otherSide, type Side } from '../domain/side.ts'
import { isChosen } from './chosen.ts'
import type { Order, Verdict } from './conclude.ts'
import { isEnough } from './counting.ts'
import type { AgentState, SideState, WorkItem } from './state.ts'
import type { Step } from './step.ts'
import { blockInForce } from './target.ts'

type Promised = {
  /** The state that was given to the step. */
  readonly before: AgentState
  readonly result: Step
  readonly rules: Ruleset
  /** The number of the decision. */
  readonly seq: number
}

/** A sentence that names what is broken; null: all is well. */
export function brokenPromise(args: Promised): string | null {
  return brokenByOrders(args) ?? brokenOnSide(args, 'crm') ?? brokenOnSide(args, 'telephony')
}

function brokenByOrders(args: Promised): string | null {
  const { orders } = args.result
  for (let at = 0; at < orders.length; at++) {
    const order = orders[at]
    if (order === undefined || order.kind === 'cancel') continue
    for (let next = at + 1; next < orders.length; next++)
      if (orders[next]?.side === order.side) return `There is more than one order for ${order.side} (invariant 7).`
    const broken = brokenByOrder(args, order)
    if (broken !== null) return broken
  }
  return null
}

function brokenByOrder({ result, rules, seq }: Promised, order: Exclude<Order, { kind: 'cancel' }>): string | null {
  const { side, status } = order
  const s = result.state[side]
  if (verdictOf(result.verdicts, side)?.to !== status)
    return `The order of ${status} on ${side} has no verdict (invariant 7).`
  if (s.observed === OFFLINE && status !== OFFLINE) return `${side} is logged out and ordered to ${status} (R2).`
  const own = s.own.at(-1)
  if (own?.seq !== seq || own.status !== status) return `The order of ${status} on ${side} is not remembered (R16).`
  if (!rules.available[side].has(status)) return null
  if (blockInForce(s) !== null) return `${side} is blocked and ordered to ${status}, which is available (invariant 3).`
  if (status !== s.base) return `${side} is ordered to ${status}, which is available and not its base (invariant 8).`
  if (!isChosen(s)) return `${side} is ordered to ${status} by ${s.cause.reason}: nobody chose it (invariant 8).`
  return null
}

function verdictOf(verdicts: readonly Verdict[], side: Side): Verdict | null {
  for (const verdict of verdicts) if (verdict.side === side) return verdict
  return null
}

function brokenOnSide({ before, result, rules }: Promised, side: Side): string | null {
  const was = before[side]
  const is = result.state[side]
  const other = otherSide(side)
  if (is.own !== was.own && !isInOrder(is)) return `The own writes of ${side} are too many or not superseded (R16).`
  if (is.work !== was.work && !areDistinct(is.work, was.work.length - 1))
    return `An item of ${side} is remembered twice (invariant 4).`
  const isSame = is.block === was.block && result.state[other].work === before[other].work
  const broken = isSame ? null : brokenByBlock(result.state, side, rules)
  // What did not fit these rules before the step was decided by others; the look at the agent that new rules ask for counts anew.
  return broken === null || brokenByBlock(before, side, rules) !== null ? null : broken
}

function brokenByBlock(state: AgentState, side: Side, rules: Ruleset): string | null {
  const { block } = state[side]
  const blocking = rules.blocking[side]
  const enough = blocking !== null && isEnough(blocking, state[otherSide(side)])
  const shouldStand = block !== null && block.phase !== 'holding'
  if (shouldStand === enough) return null
  const what = block === null ? 'not blocked' : `blocked (${block.phase})`
  return `${side} is ${what} although ${enough ? 'enough' : 'not enough'} items count (invariant 4).`
}

function isInOrder({ own }: Readonly<SideState>): boolean {
  if (own.length > OWN_WRITES_MAX) return false
  for (let at = 0; at < own.length - 1; at++) if (own[at]?.superseded === false) return false
  return true
}

/** Items move to the end when something is heard of them, so that those before `from` were looked at already. */
function areDistinct(work: readonly WorkItem[], from: number): boolean {
  for (let at = Math.max(0, from); at < work.length; at++)
    for (let earlier = 0; earlier < at; earlier++) if (work[earlier]?.item === work[at]?.item) return false
  return true
}
