// Whether somebody chose the status that a side would show: only then may it be an available one.

import type { Reason } from '../domain/reason.ts'
import type { SideState } from './state.ts'

/** Reasons of a base that somebody chose on this side or on the other one, or that the admin chose (`transition_over`). */
const CHOSEN: ReadonlySet<Reason> = new Set<Reason>([
  'mapped',
  'already',
  'login',
  'conflict',
  'adopted',
  'transition_over',
  'reloaded',
])

/** The cause of a base is the reason that was found for the *other* side where this one was touched; then somebody chose it here. */
export function isChosen(s: Readonly<SideState>): boolean {
  return CHOSEN.has(s.cause.reason) || s.change?.to === s.base
}
