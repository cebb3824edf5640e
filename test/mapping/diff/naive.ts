// The comparison once more without any of its short cuts: every status for itself, both agents played on the engine through everything.

import type { Ruleset } from '../../../src/domain/rules.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId } from '../../../src/domain/side.ts'
import { isOpen } from '../../../src/domain/work.ts'
import { type AgentState, newAgent } from '../../../src/engine/state.ts'
import { movesUnder } from '../../../src/mapping/diff/vocabulary.ts'
import { type Move, notDue, type PairMove, play, type StatusMove, timersOf } from '../../../src/mapping/explore/move.ts'
import { unbroken } from '../../../src/mapping/explore/run.ts'

type Names = BySide<readonly StatusId[]>
type Agents = { readonly before: AgentState; readonly now: AgentState }
type Played = ReturnType<typeof play>

export type Naive = {
  /** Situation and event of everything that differs. */
  readonly differing: ReadonlySet<string>
  readonly compared: number
}

/** `coincidences`: as many pairs of changes from each situation as there are. */
export function compareNaively(before: Ruleset, now: Ruleset, names: Names): Naive {
  const rules = { before: unbroken(before), now: unbroken(now) }
  const unchosen = movesUnder([rules.before, rules.now])
  const differing = new Set<string>()
  const seen = new Set<string>()
  const queue: Agents[] = []
  const reach = (agents: Agents) => {
    const key = situation(agents)
    if (seen.has(key)) return
    seen.add(key)
    queue.push(agents)
  }
  for (const start of pairsReached(rules.before, names)) reach({ before: start, now: start })
  let compared = 0
  for (let agents = queue.shift(); agents !== undefined; agents = queue.shift()) {
    const changes = { crm: changesFrom(agents, names, 'crm'), telephony: changesFrom(agents, names, 'telephony') }
    const others = new Map(
      [...unchosen(agents.before), ...unchosen(agents.now)].map((move) => [JSON.stringify(move), move]),
    )
    for (const move of [...changes.crm, ...changes.telephony, ...others.values()]) {
      const { isSame, next } = follow(rules, agents, move)
      compared += 1
      if (!isSame) differing.add(eventKey(agents, move))
      if (next !== null) reach(inStep(next))
    }
    for (const move of pairsFrom(agents, changes)) {
      compared += 1
      if (differsOnlyTogether(rules, agents, move)) differing.add(eventKey(agents, move))
    }
  }
  return { differing, compared }
}

export function eventKey(agents: Agents, move: Move): string {
  return `${situation(agents)} ${JSON.stringify(move)}`
}

function situation({ before, now }: Agents): string {
  return JSON.stringify([before, now].map((agent) => SIDES.map((side) => essence(agent[side]))))
}

function essence({ observed, base, block, transition, work }: AgentState[Side]): unknown {
  const blocked = block && [block.phase, block.status, block.reasserts]
  const items = work.filter(({ state }) => isOpen(state)).map(({ item, state }) => `${item} ${state}`)
  return [observed, base, blocked, transition?.status ?? null, items.sort()]
}

/** Both agents a move later; `next` null: not at the same bases any more. */
function follow(
  rules: { before: Ruleset; now: Ruleset },
  agents: Agents,
  move: Move,
): { isSame: boolean; next: Agents | null; reasons: { before: string; now: string } } {
  const before = playIfPossible(rules.before, agents.before, move)
  const now = playIfPossible(rules.now, agents.now, move)
  const next = { before: calm(before.state), now: calm(now.state) }
  const together = SIDES.every((side) => before.state[side].base === now.state[side].base)
  const isSame = together && SIDES.every((side) => isSameOn(side, agents, before, now))
  return { isSame, next: together ? next : null, reasons: { before: reasonsOf(before), now: reasonsOf(now) } }
}

/** How often a block was put back is forgotten where it is not the same for both, unless one has given way. */
function inStep({ before, now }: Agents): Agents {
  const fresh = ({ block, ...side }: AgentState[Side]) => ({ ...side, block: block && { ...block, reasserts: 0 } })
  const isKept = (side: Side) => {
    const [was, is] = [before[side].block, now[side].block]
    return (
      was?.phase === 'gave_way' || is?.phase === 'gave_way' || (was ? was.reasserts : 0) === (is ? is.reasserts : 0)
    )
  }
  const part = (agent: AgentState, side: Side) => (isKept(side) ? agent[side] : fresh(agent[side]))
  const whole = (agent: AgentState) => ({ ...agent, crm: part(agent, 'crm'), telephony: part(agent, 'telephony') })
  return { before: whole(before), now: whole(now) }
}

function reasonsOf({ verdicts }: Played): string {
  return [...new Set(verdicts.map(({ reason }) => reason).filter((reason) => reason !== 'echo'))].sort().join()
}

function shownAlike({ before, now }: Agents): boolean {
  return SIDES.every((side) => before[side].observed === now[side].observed && !before[side].block && !now[side].block)
}

function playIfPossible(rules: Ruleset, agent: AgentState, move: Move): Played {
  const runs = move.kind !== 'timer' || timersOf(agent, move.side).some(({ timer }) => timer === move.timer)
  return runs ? play(rules, agent, move) : { state: agent, chases: false, verdicts: [] }
}

function isSameOn(side: Side, agents: Agents, before: Played, now: Played): boolean {
  const phase = (agent: AgentState) => agent[side].block?.phase
  if (phase(agents.before) !== phase(agents.now)) return true // it was told when it began
  if (phase(before.state) !== phase(now.state)) return false
  const shows = (agent: AgentState) => (agent[side].observed === agent[side].base ? null : agent[side].observed)
  const carried = shows(agents.before) === shows(before.state) && shows(agents.now) === shows(now.state)
  if (shows(before.state) !== shows(now.state) && !carried) return false
  const said = ({ verdicts }: Played) =>
    verdicts.filter((v) => v.side === side && v.reason !== 'echo').map(({ reason }) => reason)
  return JSON.stringify(said(before)) === JSON.stringify(said(now))
}

function changesFrom(agents: Agents, names: Names, side: Side): StatusMove[] {
  const shown = [agents.before[side].observed, agents.now[side].observed]
  return names[side].filter((status) => !shown.includes(status)).map((status) => ({ kind: 'status', side, status }))
}

/** From where both are logged in and nothing else goes on. */
function pairsFrom({ before, now }: Agents, changes: BySide<readonly StatusMove[]>): PairMove[] {
  const isPlain = [before, now].every((agent) =>
    SIDES.every((side) => {
      const { observed, block, transition, work } = agent[side]
      return observed !== OFFLINE && block === null && transition === null && work.every(({ state }) => !isOpen(state))
    }),
  )
  if (!isPlain) return []
  const inside = ({ status }: StatusMove) => status !== OFFLINE
  return changes.crm.filter(inside).flatMap((crm) =>
    changes.telephony.filter(inside).flatMap((telephony): PairMove[] => [
      { kind: 'pair', first: crm, second: telephony, heard: 'before' },
      { kind: 'pair', first: telephony, second: crm, heard: 'before' },
    ]),
  )
}

function differsOnlyTogether(rules: { before: Ruleset; now: Ruleset }, agents: Agents, move: PairMove): boolean {
  const { isSame, next, reasons } = follow(rules, agents, move)
  // Whose side it is said on that there was a conflict does not matter where nothing comes of it.
  if (isSame || (next !== null && shownAlike(next) && reasons.before === reasons.now)) return false
  const first = follow(rules, agents, move.first)
  if (!first.isSame || first.next === null || !follow(rules, agents, move.second).isSame) return false
  return follow(rules, first.next, move.second).isSame
}

/** Pairs of statuses in which an agent without work can be. */
function pairsReached(rules: Ruleset, names: Names): readonly AgentState[] {
  const seen = new Set<string>()
  const queue: AgentState[] = []
  const reach = (agent: AgentState) => {
    const key = situation({ before: agent, now: agent })
    if (seen.has(key)) return
    seen.add(key)
    queue.push(agent)
  }
  reach(calm(newAgent()))
  const found = new Map<string, AgentState>()
  for (let agent = queue.shift(); agent !== undefined; agent = queue.shift()) {
    const bare = calm({
      ...agent,
      crm: { ...agent.crm, transition: null },
      telephony: { ...agent.telephony, transition: null },
    })
    found.set(`${agent.crm.base} ${agent.telephony.base}`, bare)
    const agents = { before: agent, now: agent }
    const timers = SIDES.flatMap((side) => timersOf(agent, side))
    for (const move of [...SIDES.flatMap((side) => changesFrom(agents, names, side)), ...timers])
      reach(calm(play(rules, agent, move).state))
  }
  return [...found.values()]
}

/** Without times and what was said. */
function calm(agent: AgentState): AgentState {
  const side = ({ observed, base, block, transition, work }: AgentState[Side]): AgentState[Side] => ({
    ...newAgent().crm,
    observed,
    base,
    stamp: { at: 0 },
    heardAt: 0,
    work: work.filter(({ state }) => isOpen(state)).map((item) => ({ ...item, stamp: { at: 0 }, heardAt: 0 })),
    block: block && {
      ...block,
      since: 0,
      release: block.release && notDue(block.release),
      stuck: notDue(block.stuck),
    },
    transition: transition && notDue(transition),
  })
  return { ...newAgent(), crm: side(agent.crm), telephony: side(agent.telephony) }
}
