// Who is touched by a change of the rules now: something would come of what this agent may do next that does not come of it today.

import type { Reading } from '../../domain/report.ts'
import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, SIDES, type StatusId } from '../../domain/side.ts'
import { type AgentState, newAgent } from '../../engine/state.ts'
import { step } from '../../engine/step.ts'
import { showingBlock, target } from '../../engine/target.ts'
import type { Both } from './twins.ts'

/** Any instant will do: nothing here lasts. */
const NOW = 1_000_000_000_000

export type Standing = BySide<Pick<Reading, 'status' | 'work'>>

/** Whether any next change of status, or the work that is open now, leads elsewhere. `statuses`: those that may be chosen next. */
export function isTouched(rules: Both<Ruleset>, standing: Standing, statuses: BySide<ReadonlySet<StatusId>>): boolean {
  const adopted = { before: adopt(rules.before, standing), now: adopt(rules.now, standing) }
  if (shows(rules.before, adopted.before) !== shows(rules.now, adopted.now)) return true
  for (const side of SIDES)
    for (const status of statuses[side]) {
      if (status === standing[side].status) continue
      const report = { kind: 'status', status, stamp: { at: NOW + 60_000 }, by: 'agent' } as const
      const after = (ruleset: Ruleset, state: AgentState) => {
        const input = { kind: 'report', side, report, begunAt: null } as const
        return step({ state, input, rules: ruleset, now: NOW + 60_000, seq: 2, writing: true }).state
      }
      const before = shows(rules.before, after(rules.before, adopted.before))
      if (before !== shows(rules.now, after(rules.now, adopted.now))) return true
    }
  return false
}

function adopt(rules: Ruleset, standing: Standing): AgentState {
  const reading = (side: keyof Standing): Reading => ({ ...standing[side], stamp: { at: NOW } })
  const readings = { crm: reading('crm'), telephony: reading('telephony') }
  // As a bridge that is running stands: nobody is made to follow by a reload.
  const input = { kind: 'start', readings } as const
  return step({ state: newAgent(), input, rules: { ...rules, startup: 'adopt' }, now: NOW, seq: 1, writing: true })
    .state
}

/** What both sides shall show, and which one is blocked. */
function shows(rules: Ruleset, state: AgentState): string {
  return SIDES.map(
    (side) => `${target(rules, side, state[side])} ${showingBlock(rules, side, state[side]) !== null}`,
  ).join(' ')
}
