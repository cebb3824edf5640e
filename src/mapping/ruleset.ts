// One set of rules in the form that the engine looks things up in: names are ids, defaults are filled in.

import type { Blocking, Partner, RuleRef, Ruleset, Transition } from '../domain/rules.ts'
import { type BySide, otherSide, type Side, type StatusId } from '../domain/side.ts'
import { DEFAULTS } from './defaults.ts'
import { type BlockDraft, eachSide, type Name, type RowDraft, type RulesDraft, type TransitionDraft } from './draft.ts'
import { durationMs, share } from './fields.ts'
import type { Place } from './position.ts'

export type RulesetContext = {
  readonly id: (side: Side, name: Name) => StatusId
  readonly rule: (place: Place) => RuleRef
  readonly statuses: Ruleset['statuses']
}

export function leads(row: RowDraft, side: Side): boolean {
  return row.direction !== (side === 'crm' ? 'to_crm' : 'to_telephony')
}

/** Of rules in which the checks found no error. */
export function buildRuleset(draft: RulesDraft, profile: string | null, context: RulesetContext): Ruleset {
  const { id, rule } = context
  const ids = (side: Side, names: readonly Name[]) => names.map((name) => id(side, name))
  const noSync = eachSide(
    (side) => new Map((draft.noSync[side] ?? []).map((name) => [id(side, name), rule(name.place)])),
  )
  const rows = draft.mapped ?? []
  return {
    profile,
    mode: draft.mode ?? DEFAULTS.mode,
    available: eachSide((side) => new Set(ids(side, draft.available?.[side] ?? []))),
    exclusive: draft.exclusive ?? DEFAULTS.exclusive,
    statuses: context.statuses,
    partners: eachSide((side) => partnersOf({ rows, side, noSync, context })),
    related: relation(rows, context),
    transition: eachSide((side) => buildTransition(draft.transition[side], side, context)),
    unmapped: eachSide((side) => buildDefault(draft.unmapped[side], side, context)),
    noSync,
    login: draft.login ?? DEFAULTS.login,
    startup: draft.startup ?? DEFAULTS.startup,
    conflict: {
      prefer: draft.conflict.prefer ?? DEFAULTS.prefer,
      windowMs: durationMs(draft.conflict.window ?? DEFAULTS.window),
    },
    blocking: eachSide((side) => buildBlock(draft, side, context)),
    limits: {
      writesPerMinute: draft.limits.writes_per_minute ?? DEFAULTS.writesPerMinute,
      freezeMs: durationMs(draft.limits.freeze ?? DEFAULTS.freeze),
      massLogoutShare: share(draft.limits.mass_logout ?? DEFAULTS.massLogout),
    },
    confirmWithinMs: durationMs(draft.confirmWithin ?? DEFAULTS.confirmWithin),
  }
}

type PartnerInput = {
  readonly rows: readonly RowDraft[]
  readonly side: Side
  readonly noSync: BySide<ReadonlyMap<StatusId, RuleRef>>
  readonly context: RulesetContext
}

/** Rows in file order, inside a row the other side's list in order; each partner once, at its first place. */
function partnersOf({ rows, side, noSync, context }: PartnerInput): ReadonlyMap<StatusId, readonly Partner[]> {
  const partners = new Map<StatusId, Partner[]>()
  const other = otherSide(side)
  for (const row of rows.filter((candidate) => leads(candidate, side))) {
    const led = row[other].map((name) => ({ status: context.id(other, name), rule: context.rule(row.place) }))
    for (const name of row[side]) {
      const status = context.id(side, name)
      if (noSync[side].has(status)) continue
      const known = partners.get(status) ?? []
      partners.set(status, [...known, ...newOnes(known, led)])
    }
  }
  return partners
}

function newOnes(known: readonly Partner[], led: readonly Partner[]): readonly Partner[] {
  const seen = new Set(known.map(({ status }) => status))
  return led.filter(({ status }) => !seen.has(status) && seen.add(status))
}

function relation(rows: readonly RowDraft[], { id }: RulesetContext): Ruleset['related'] {
  const related = new Map<StatusId, Set<StatusId>>()
  for (const row of rows) {
    const telephony = row.telephony.map((name) => id('telephony', name))
    for (const name of row.crm) {
      const crm = id('crm', name)
      related.set(crm, new Set([...(related.get(crm) ?? []), ...telephony]))
    }
  }
  return (crm, telephony) => related.get(crm)?.has(telephony) ?? false
}

function buildTransition(
  draft: TransitionDraft | undefined,
  side: Side,
  { id, rule }: RulesetContext,
): Transition | null {
  if (!draft?.status) return null
  const ends =
    draft.lasts && draft.next ? { afterMs: durationMs(draft.lasts.value), status: id(side, draft.next) } : null
  return { status: id(side, draft.status), rule: rule(draft.rule), ends }
}

function buildDefault(name: Name | undefined, side: Side, { id, rule }: RulesetContext): Ruleset['unmapped'][Side] {
  if (!name || name.value === DEFAULTS.unmapped) return null
  return { status: id(otherSide(side), name), rule: rule(name.place) }
}

/** The status that a block on this side shows: its own, else the transition's. */
export function blockStatus(draft: RulesDraft, side: Side): Name | undefined {
  return draft.blocking[side]?.status ?? draft.transition[side]?.status
}

function buildBlock(draft: RulesDraft, side: Side, { id, rule }: RulesetContext): Blocking | null {
  const block = draft.blocking[side]
  const status = blockStatus(draft, side)
  if (!block?.on || !status) return null
  return {
    channels: channelsOf(block),
    from: block.from ?? DEFAULTS.from,
    minItems: block.minItems ?? DEFAULTS.minItems,
    wrapUp: block.wrapUp ?? DEFAULTS.wrapUp,
    status: id(side, status),
    releaseAfterMs: durationMs(block.releaseAfter ?? DEFAULTS.releaseAfter),
    onOverride: block.onOverride ?? DEFAULTS.onOverride,
    rule: rule(block.rule),
  }
}

/** An empty list lists nothing, which R11 reads as "none is listed": all channels count. */
function channelsOf({ channels }: BlockDraft): ReadonlySet<string> | null {
  return channels && channels.length > 0 ? new Set(channels.map(({ value }) => value.toLowerCase())) : null
}
