// Where an agent can come to be under a set of rules, from the first log-in on: pairs of bases. Work does not move bases, so it is left out.

import { SIDES } from '../../domain/side.ts'
import { newAgent } from '../../engine/state.ts'
import type { Alphabet } from '../explore/alphabet.ts'
import { timersOf } from '../explore/move.ts'
import { createControls, restOf } from '../explore/rest.ts'
import { begin, frontierFor, goOn } from '../explore/search.ts'
import { createSuccessors } from '../explore/successors.ts'
import type { Half } from './twins.ts'

/** The places `crm * telephony count + telephony`, without doubles. Throws NotProved where there are too many. */
export function reachable({ rules, shape }: Half, { names }: Alphabet, patience: number): ReadonlySet<number> {
  const controls = createControls(rules, (state) => SIDES.flatMap((side) => timersOf(state, side)))
  const frontier = frontierFor({ names })
  const search = {
    shape,
    controls,
    successors: createSuccessors(controls, shape),
    exclusive: false,
    coincidences: false,
    frontier,
    patience,
    wants: () => false,
    found: () => {},
  }
  begin(search, restOf(controls, newAgent()))
  goOn(search)
  return new Set([...frontier.known()].map((rest) => rest % frontier.size))
}
