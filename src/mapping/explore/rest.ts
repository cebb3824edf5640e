// An agent at rest, without what no decision asks for any more: times, stamps, counts of writes, what was said. Two agents with the same rest have
// the same future. A rest is a `Control` (blocks, work, running timers) and the two bases.

import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId } from '../../domain/side.ts'
import { isOpen } from '../../domain/work.ts'
import { type AgentState, newAgent } from '../../engine/state.ts'
import { notDue, type TimerMove, timerOf, unchosen, type WorkMove } from './move.ts'

type SideState = AgentState[Side]

export type Control = {
  /** From 0, in the order in which they were found. */
  readonly id: number
  /** What a side shows that does not show its base. */
  readonly shows: BySide<StatusId | null>
  readonly unchosen: readonly (WorkMove | TimerMove)[]
  /** Whether two changes at once are explored from here. */
  readonly pairs: boolean
  /** A timer runs that ends before a story can come to its next step. */
  readonly hurried: boolean
  readonly state: AgentState
}

export type Rest = { readonly control: Control; readonly bases: BySide<StatusId> }
export type Controls = {
  readonly rules: Ruleset
  /** What may happen next without anybody choosing a status. */
  readonly movesAt: (state: AgentState) => Control['unchosen']
  readonly byKey: Map<string, Control>
  readonly all: Control[]
}

/** Steps of a story are so far apart, ms. */
export const STEP_MS = 10_000
/** Whatever comes next is newer. */
const LONG_AGO = { at: 0 }
/** Nobody asks a resting agent why its base is what it is. */
const SOME_CAUSE = { reason: 'adopted', rule: null } as const

export function createControls(
  rules: Ruleset,
  movesAt: Controls['movesAt'] = (state) => unchosen(rules, state),
): Controls {
  return { rules, movesAt, byKey: new Map(), all: [] }
}

export function restOf(controls: Controls, state: AgentState): Rest {
  const key = `${keyOf(state.crm)}|${keyOf(state.telephony)}`
  const known = controls.byKey.get(key) ?? addControl(controls, key, state)
  return { control: known, bases: { crm: state.crm.base, telephony: state.telephony.base } }
}

/** The agent whose rest this is. */
export function agentAt({ control: { state, shows }, bases }: Rest): AgentState {
  const crm = { ...state.crm, base: bases.crm, observed: shows.crm ?? bases.crm }
  const telephony = { ...state.telephony, base: bases.telephony, observed: shows.telephony ?? bases.telephony }
  return { ...state, crm, telephony }
}

/** The same, but as if nothing had been chosen against the blocks of these sides. Nobody shows Offline whose base is another status. */
export function withFreshBlocks(controls: Controls, control: Control, sides: readonly Side[]): Control {
  const agent = agentAt({ control, bases: { crm: OFFLINE, telephony: OFFLINE } })
  const fresh = ({ block, ...side }: SideState) => ({ ...side, block: block && { ...block, reasserts: 0 } })
  const part = (side: Side) => (sides.includes(side) ? fresh(agent[side]) : agent[side])
  return restOf(controls, { ...agent, crm: part('crm'), telephony: part('telephony') }).control
}

function keyOf({ observed, base, block, transition, work }: SideState): string {
  const shows = observed === base ? '' : observed
  const blocked = block === null ? '' : `${block.phase} ${block.reasserts} ${block.status}`
  const items = work.filter(({ state }) => isOpen(state)).map(({ item, state }) => `${item} ${state}`)
  return JSON.stringify([shows, blocked, transition?.status ?? null, items.sort()])
}

function addControl({ rules, movesAt, byKey, all }: Controls, key: string, agent: AgentState): Control {
  const state = { ...newAgent(), crm: canonical(agent.crm), telephony: canonical(agent.telephony) }
  const shown = (side: Side) => (agent[side].observed === agent[side].base ? null : agent[side].observed)
  const control: Control = {
    id: all.length,
    shows: { crm: shown('crm'), telephony: shown('telephony') },
    unchosen: movesAt(state),
    pairs: SIDES.every((side) => isPlain(agent[side])),
    hurried: isHurried(rules, state),
    state,
  }
  byKey.set(key, control)
  all.push(control)
  return control
}

function canonical(side: SideState): SideState {
  const { block, transition } = side
  return {
    ...newAgent().crm,
    observed: OFFLINE,
    stamp: LONG_AGO,
    heardAt: 0,
    base: OFFLINE,
    cause: SOME_CAUSE,
    work: side.work.filter(({ state }) => isOpen(state)).map((work) => ({ ...work, stamp: LONG_AGO, heardAt: 0 })),
    block: block && {
      ...block,
      since: 0,
      release: block.release && notDue(block.release),
      stuck: notDue(block.stuck),
    },
    transition: transition && notDue(transition),
  }
}

/**
 * Where a base goes does not depend on blocks, so two changes at once are explored with work open or not on each side, and not again for
 * every way in which a block may be about to end.
 */
function isPlain({ block }: SideState): boolean {
  return block === null || (block.phase === 'standing' && block.reasserts === 0)
}

function isHurried(rules: Ruleset, state: AgentState): boolean {
  return SIDES.some((side) => {
    const release = timerOf(state, { side, timer: 'release' }) && rules.blocking[side]?.releaseAfterMs
    const ends = timerOf(state, { side, timer: 'transition' }) && rules.transition[side]?.ends?.afterMs
    return [release, ends].some((ms) => typeof ms === 'number' && ms <= STEP_MS)
  })
}
