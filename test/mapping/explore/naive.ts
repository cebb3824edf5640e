// The proof once more without any of its short cuts: every status for itself, every pair of changes from every state, each played on the engine.

import type { Ruleset } from '../../../src/domain/rules.ts'
import { type BySide, SIDES, type Side, type StatusId } from '../../../src/domain/side.ts'
import { isOpen } from '../../../src/domain/work.ts'
import { type AgentState, newAgent } from '../../../src/engine/state.ts'
import { wholeAlphabet } from '../../../src/mapping/explore/alphabet.ts'
import { type FaultKind, faultAt } from '../../../src/mapping/explore/fault.ts'
import {
  type Move,
  NOW,
  notDue,
  type PairMove,
  play,
  type StatusMove,
  unchosen,
} from '../../../src/mapping/explore/move.ts'
import { beginRun, happen, settle, unbroken } from '../../../src/mapping/explore/run.ts'

/** By kind of fault, the fewest events that lead to it, and a hundred more for each that follows too closely for a story. */
export type Verdict = ReadonlyMap<FaultKind, number>

const TOO_CLOSE = 100
const STEP_MS = 10_000

export function naively(rules: Ruleset, statuses: BySide<Iterable<StatusId>>): { verdict: Verdict; states: number } {
  const given = unbroken(rules)
  const { names } = wholeAlphabet(given, statuses)
  const known = new Map<string, number>()
  const verdict = new Map<FaultKind, number>()
  walk({ rules: given, names, known, verdict, exclusive: true }, [newAgent()])
  if (verdict.size === 0) walk({ rules: given, names, known, verdict, exclusive: false }, foundAnywhere(given, names))
  return { verdict, states: known.size }
}

type Walk = {
  rules: Ruleset
  names: BySide<readonly StatusId[]>
  known: Map<string, number>
  verdict: Map<FaultKind, number>
  exclusive: boolean
}

function walk({ rules, names, known, verdict, exclusive }: Walk, begins: AgentState[]): void {
  const levels: AgentState[][] = []
  const reach = (state: AgentState, cost: number) => {
    const normal = { ...newAgent(), crm: normalised(state.crm), telephony: normalised(state.telephony) }
    const key = JSON.stringify(normal)
    if ((known.get(key) ?? Number.POSITIVE_INFINITY) <= cost) return
    known.set(key, cost)
    levels[cost] ??= []
    levels[cost].push(normal)
  }
  for (const state of begins) reach(state, 0)
  for (let cost = 0; cost < levels.length; cost += 1) {
    for (const state of levels[cost] ?? []) {
      if (known.get(JSON.stringify(state)) !== cost) continue
      for (const move of movesFrom(rules, names, state)) {
        const played = play(rules, state, move)
        const price = cost + priceOf(rules, state, move)
        const fault = faultAt(rules, played)
        const counts = fault !== null && (exclusive || fault !== 'both_available')
        if (counts) verdict.set(fault, Math.min(price, verdict.get(fault) ?? price))
        else if (move.kind !== 'pair') reach(played.state, price)
      }
    }
  }
}

function movesFrom(rules: Ruleset, names: BySide<readonly StatusId[]>, state: AgentState): Move[] {
  const changes = (side: Side): StatusMove[] =>
    names[side].filter((status) => status !== state[side].observed).map((status) => ({ kind: 'status', side, status }))
  const [crm, telephony] = [changes('crm'), changes('telephony')]
  const pairs = crm.flatMap((a) =>
    telephony.flatMap((b): PairMove[] => [
      { kind: 'pair', first: a, second: b, heard: 'before' },
      { kind: 'pair', first: b, second: a, heard: 'before' },
      { kind: 'pair', first: a, second: b, heard: 'after' },
      { kind: 'pair', first: b, second: a, heard: 'after' },
    ]),
  )
  return [...crm, ...telephony, ...unchosen(rules, state), ...pairs]
}

function priceOf(rules: Ruleset, state: AgentState, move: Move): number {
  if (move.kind === 'timer') return 1
  const hurried = SIDES.some((side) => {
    const release = state[side].block?.release ? rules.blocking[side]?.releaseAfterMs : undefined
    const ends = state[side].transition ? rules.transition[side]?.ends?.afterMs : undefined
    return [release, ends].some((ms) => ms !== undefined && ms <= STEP_MS)
  })
  const events = move.kind === 'pair' ? 2 : move.kind === 'work' ? move.news.length : 1
  const after = move.kind === 'pair' && move.heard === 'after'
  return events + (hurried ? TOO_CLOSE : 0) + (after ? TOO_CLOSE : 0)
}

function foundAnywhere(rules: Ruleset, names: BySide<readonly StatusId[]>): AgentState[] {
  return names.crm.flatMap((crm) =>
    names.telephony.map((telephony) => {
      const run = beginRun(rules, newAgent(), NOW)
      const reading = (status: StatusId) => ({ status, stamp: { at: 0 }, work: [] })
      happen(run, { kind: 'start', readings: { crm: reading(crm), telephony: reading(telephony) } })
      settle(run)
      return run.state
    }),
  )
}

/** Without times and what was said; what remains is all that a state is compared by. */
function normalised(side: AgentState[Side]): AgentState[Side] {
  const { observed, base, block, transition } = side
  const stamp = { at: 0 }
  return {
    ...newAgent().crm,
    observed,
    base,
    stamp,
    heardAt: 0,
    work: side.work.filter(({ state }) => isOpen(state)).map((work) => ({ ...work, stamp, heardAt: 0 })),
    block: block && { ...block, since: 0, release: block.release && notDue(block.release), stuck: notDue(block.stuck) },
    transition: transition && notDue(transition),
  }
}
