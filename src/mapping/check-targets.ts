// Statuses that the bridge would write: block, transition, default and the primaries of rows.

import { OFFLINE, otherSide, SIDES, type Side, type StatusId, sideName } from '../domain/side.ts'
import type { CheckContext } from './check-rows.ts'
import { DEFAULTS } from './defaults.ts'
import type { Name } from './draft.ts'
import type { Complaint, Related } from './position.ts'
import type { Resolver } from './resolve.ts'
import { blockStatus, leads } from './ruleset.ts'
import { isSystemState } from './system-states.ts'

type Targets = CheckContext & {
  readonly resolver: Resolver
  readonly side: Side
  /** Where each is listed. */
  readonly available: ReadonlyMap<StatusId, Name>
}
type Target = { readonly name: Name; readonly hint: string }

export function checkTargets(context: CheckContext & { readonly resolver: Resolver }): readonly Complaint[] {
  return SIDES.flatMap((side) => {
    const listed = context.draft.available?.[side] ?? []
    const available = new Map(listed.map((name) => [context.id(side, name), name]))
    const targets = { ...context, side, available }
    return [...checkTransition(targets), ...checkBlock(targets), ...checkDefault(targets), ...checkSettable(targets)]
  })
}

function checkTransition({ draft, id, side, available }: Targets): readonly Complaint[] {
  const transition = draft.transition[side]
  if (!transition) return []
  const { place, status, lasts, next } = transition
  const complaints: Complaint[] = []
  if (!status)
    complaints.push({
      code: 'transition-incomplete',
      place,
      message: 'This transition has no status.',
      hint: 'add status',
    })
  if (Boolean(lasts) !== Boolean(next)) {
    const message = 'A transition that ends needs both "for" and "then".'
    const hint = next ? 'add for: how long it lasts' : 'add then: the status that follows'
    complaints.push({ code: 'transition-incomplete', place, message, hint })
  }
  const listed = status && available.get(id(side, status))
  if (status && listed) {
    const message = `The transition status "${status.value}" is itself available in ${sideName(side)}: agents would be given work in it.`
    const hint = 'choose a status that takes no work'
    complaints.push({ code: 'transition-available', place: status.place, message, hint, related: listedAt(listed) })
  }
  return complaints
}

function checkBlock({ draft, id, side, available }: Targets): readonly Complaint[] {
  const block = draft.blocking[side]
  if (!block?.on) return []
  const status = blockStatus(draft, side)
  if (!status) {
    const message = `Nothing says which status blocks ${sideName(side)}.`
    const hint = `add "status" here, or "transition: { ${side}: … }"`
    return [{ code: 'block-without-status', place: block.place, message, hint }]
  }
  const { place } = status
  if (id(side, status) === OFFLINE) {
    const message = `Offline cannot be a block status: the agent would be logged out of ${sideName(side)}.`
    return [{ code: 'block-offline', place, message, hint: 'choose a status that takes no work' }]
  }
  const listed = available.get(id(side, status))
  if (!block.status || !listed) return []
  const message = `The block status "${status.value}" is itself available in ${sideName(side)}, so the block would not block.`
  const hint = 'choose a status that takes no work'
  return [{ code: 'block-available', place, message, hint, related: listedAt(listed) }]
}

function listedAt({ place }: Name): readonly Related[] {
  return [{ place, message: 'listed as available' }]
}

/** `unmapped` of the other side names a status of this one. */
function checkDefault({ draft, id, side, available }: Targets): readonly Complaint[] {
  const name = draft.unmapped[otherSide(side)]
  const listed = name && name.value !== DEFAULTS.unmapped ? available.get(id(side, name)) : undefined
  if (!name || !listed) return []
  const message = `The default "${name.value}" is itself available in ${sideName(side)}: nobody chose to take work there.`
  const hint = 'choose a status that takes no work, or ignore'
  return [{ code: 'default-available', place: name.place, message, hint, related: listedAt(listed) }]
}

function checkSettable(targets: Targets): readonly Complaint[] {
  const { side, id } = targets
  return allTargets(targets).flatMap(({ name, hint }) => {
    if (isSettable(targets, id(side, name), name)) return []
    const message = `"${name.value}" is a system state of ${sideName(side)}: it can be seen, but nobody can set it.`
    return [{ code: 'status-not-settable', place: name.place, message, hint }]
  })
}

function isSettable({ resolver, side }: Targets, status: StatusId, name: Name): boolean {
  if (status === OFFLINE) return true
  const known = resolver.status(side, status)
  return known ? known.settable : side === 'crm' || resolver.catalogue(side) !== undefined || !isSystemState(name.value)
}

/** All that the bridge may write to this side. */
export function allTargets(targets: Pick<Targets, 'draft' | 'id' | 'side'>): readonly Target[] {
  const { draft, side } = targets
  const transition = draft.transition[side]
  const fallback = draft.unmapped[otherSide(side)]
  const written = [
    transition?.status,
    transition?.next,
    draft.blocking[side]?.status,
    fallback?.value === 'ignore' ? undefined : fallback,
  ]
  const plain = written.flatMap((name) => (name ? [{ name, hint: 'choose a status that can be set' }] : []))
  return [...plain, ...primaries(targets)]
}

/** Of each status that leads here: the first that it leads to, and the first other than Offline, which a log-in takes (R10). */
function primaries({ draft, id, side }: Pick<Targets, 'draft' | 'id' | 'side'>): readonly Target[] {
  const leader = otherSide(side)
  const direction = side === 'crm' ? 'to_telephony' : 'to_crm'
  const hint = `add "direction: ${direction}", or put a status before it that can be set`
  const led = new Map<StatusId, Name[]>()
  for (const row of (draft.mapped ?? []).filter((candidate) => leads(candidate, leader))) {
    for (const name of row[leader]) led.set(id(leader, name), [...(led.get(id(leader, name)) ?? []), ...row[side]])
  }
  return [...led.values()].flatMap((names) => {
    const login = names.find((name) => id(side, name) !== OFFLINE)
    const first = names.slice(0, 1)
    return [...first, ...(login ? [login] : [])].map((name) => ({ name, hint }))
  })
}
