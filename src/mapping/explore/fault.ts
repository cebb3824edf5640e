// What must never be: the ways in which a rule set fails its proof.

import type { Ruleset } from '../../domain/rules.ts'
import { SIDES } from '../../domain/side.ts'
import type { Played } from './move.ts'

export type FaultKind = 'chase' | 'blocked_but_available' | 'both_available'

export function faultAt(rules: Ruleset, { state, chases }: Pick<Played, 'state' | 'chases'>): FaultKind | null {
  if (chases) return 'chase'
  const taking = SIDES.filter((side) => rules.available[side].has(state[side].observed))
  const blocks = SIDES.map((side) => state[side].block)
  const leaks = taking.some((side) => state[side].block !== null && state[side].block?.phase !== 'gave_way')
  if (leaks) return 'blocked_but_available'
  const gaveWay = blocks.some((block) => block?.phase === 'gave_way')
  return rules.exclusive && taking.length === SIDES.length && !gaveWay ? 'both_available' : null
}
