// Whether the agents of a profile may be put into the statuses that the bridge would write for them.

import { OFFLINE, SIDES, type Side, sideName } from '../domain/side.ts'
import type { CheckContext } from './check-rows.ts'
import { allTargets } from './check-targets.ts'
import type { Name } from './draft.ts'
import { NAMED_MAX } from './limits.ts'
import type { MatchResult } from './people.ts'
import type { Complaint } from './position.ts'
import type { Resolver } from './resolve.ts'

/** `agents`: those of one profile, or of none for the top level. */
type Grants = CheckContext & { readonly resolver: Resolver; readonly agents: MatchResult['agents'] }

export function checkGrants(grants: Grants): readonly Complaint[] {
  return SIDES.flatMap((side) =>
    allTargets({ ...grants, side }).flatMap(({ name }) => notGranted({ ...grants, side }, name)),
  )
}

function notGranted(
  { id, resolver, agents, side }: Grants & { readonly side: Side },
  name: Name,
): readonly Complaint[] {
  const status = id(side, name)
  const granted = resolver.status(side, status)?.grantedTo
  if (!granted || status === OFFLINE) return []
  const without = agents.filter(({ users }) => !granted.has(users[side])).map(({ agent }) => agent)
  if (without.length === 0) return []
  const share = `${without.length} of ${agents.length} ${agents.length === 1 ? 'agent' : 'agents'}`
  const message = `"${name.value}" is not granted in ${sideName(side)} to ${listed(without)} (${share}).`
  const hint = `grant it in ${sideName(side)}, or give them a profile with another status`
  return [{ code: 'status-not-granted', place: name.place, message, hint }]
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED_MAX
  return names.slice(0, NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
