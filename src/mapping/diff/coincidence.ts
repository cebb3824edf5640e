// Two changes at the same instant, played on the engine under both sets of rules.

import { OFFLINE, SIDES, type Side } from '../../domain/side.ts'
import type { AgentState } from '../../engine/state.ts'
import { type PairMove, play } from '../explore/move.ts'
import { agentAt, restOf } from '../explore/rest.ts'
import { type Outcome, reasonsFor } from '../explore/successors.ts'
import { type Both, type Difference, differenceOf } from './twins.ts'
import type { Here } from './walk.ts'

export type Coincidence = { readonly difference: Difference; readonly outcomes: Both<Outcome> }

export function playBoth(here: Here, move: PairMove): Coincidence {
  const { walk, joint, spots } = here
  const { names } = walk.twins.alphabet
  const one = (version: 'before' | 'now'): { readonly outcome: Outcome; readonly state: AgentState } => {
    const { rules, controls } = walk.twins[version]
    const { control } = spots[version]
    const bases = { crm: names.crm[here.crm] ?? OFFLINE, telephony: names.telephony[here.telephony] ?? OFFLINE }
    const result = play(rules, agentAt({ control, bases }), move)
    const rest = restOf(controls, result.state)
    const place = (side: Side) => names[side].indexOf(rest.bases[side])
    const said = { crm: reasonsFor('crm', result), telephony: reasonsFor('telephony', result) }
    const placed = { crm: place('crm'), telephony: place('telephony') }
    return { outcome: { fault: null, control: rest.control, bases: placed, said }, state: result.state }
  }
  const [before, now] = [one('before'), one('now')]
  const outcomes = { before: before.outcome, now: now.outcome }
  const isSame = SIDES.every((side) => before.state[side].base === now.state[side].base)
  const difference = isSame ? differenceOf(joint, outcomes.before, outcomes.now) : 'visible'
  return { difference: difference === 'reason' && areSaidAlike(outcomes) ? 'none' : difference, outcomes }
}

/** Who has lost is told on the loser's side; where nothing comes of it, nobody asks which one that was. */
function areSaidAlike({ before, now }: Both<Outcome>): boolean {
  const reasons = ({ said }: Outcome) => {
    const told = SIDES.flatMap((side) => said[side].split(', ')).filter((one) => one !== '')
    return [...new Set(told)].sort().join()
  }
  return reasons(before) === reasons(now)
}
