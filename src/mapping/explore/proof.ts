// The proof of a whole mapping file, each profile by itself, as complaints about the lines that are to blame.

import type { Rules, Ruleset } from '../../domain/rules.ts'
import { type BySide, otherSide, SIDES, type Side, type StatusId, sideName } from '../../domain/side.ts'
import { eachSide, type RulesDraft } from '../draft.ts'
import type { FindingCode } from '../finding-codes.ts'
import { type Complaint, inProfile, type Place } from '../position.ts'
import type { Resolver } from '../resolve.ts'
import { blockStatus } from '../ruleset.ts'
import type { Tree } from '../tree.ts'
import { type Exploration, explore, type Fault } from './explore.ts'
import type { FaultKind } from './fault.ts'

export type ProofInput = {
  readonly rules: Rules
  /** The top level first, then each profile, as it is when laid over the top level. */
  readonly drafts: readonly { readonly profile: string | null; readonly draft: RulesDraft }[]
  readonly resolver: Pick<Resolver, 'id' | 'catalogue'>
  readonly tree: Tree
  /** See `ExploreOptions`. */
  readonly patience: number | undefined
}

export type Proof = {
  readonly complaints: readonly Complaint[]
  /** Of all profiles together; profiles with the same rules are proved once. */
  readonly states: number
}

type Subject = ProofInput['drafts'][number] & { readonly input: ProofInput; readonly login: Place | undefined }

type Named = Fault['steps'][number]['rules']

const NOWHERE: Place = { line: 1, column: 1, length: 1 }
const STRANGER = 'Any other status'
const CODES: Readonly<Record<FaultKind, FindingCode>> = {
  chase: 'proof-chase',
  blocked_but_available: 'proof-blocked-available',
  both_available: 'proof-both-available',
}

export function prove(input: ProofInput): Proof {
  const { rules } = input
  const statuses = eachSide((side) => [
    ...rules.statuses[side],
    // Where the platform was not asked, one more status stands for all that the file does not name.
    ...(input.resolver.catalogue(side) === undefined ? [STRANGER as StatusId] : []),
  ])
  const proved = new Set<string>()
  const complaints: Complaint[] = []
  let states = 0
  for (const [index, one] of input.drafts.entries()) {
    const ruleset = one.profile === null ? rules.top : rules.profiles.get(one.profile)
    const print = ruleset && fingerprint(ruleset, statuses)
    if (ruleset === undefined || print === undefined || proved.has(print)) continue
    proved.add(print)
    const exploration = explore(ruleset, { statuses, label: rules.label, patience: input.patience })
    states += exploration.states
    complaints.push(...complaintsOf({ ...one, input, login: loginPlace(input.tree, index) }, exploration))
  }
  return { complaints, states }
}

/** `index` as in the drafts: 0 is the top level. */
function loginPlace(tree: Tree, index: number): Place | undefined {
  const own = index === 0 ? undefined : tree.spot(['profiles', index - 1, 'login'])
  return (own ?? tree.spot(['login']))?.value
}

/** All that the exploration depends on. */
function fingerprint(rules: Ruleset, statuses: BySide<readonly StatusId[]>): string {
  const { available, partners, transition, unmapped, noSync, blocking } = rules
  const sides = SIDES.map((side) => [
    [...available[side]],
    [...partners[side]].map(([status, list]) => [status, list.map((partner) => partner.status)]),
    [transition[side]?.status, transition[side]?.ends],
    unmapped[side]?.status,
    [...noSync[side].keys()],
    blocking[side] && { ...blocking[side], channels: null, rule: '' },
  ])
  const related = statuses.crm.flatMap((crm) => statuses.telephony.filter((telephony) => rules.related(crm, telephony)))
  const counts = statuses.crm.map(
    (crm) => statuses.telephony.filter((telephony) => rules.related(crm, telephony)).length,
  )
  return JSON.stringify([sides, related, counts, rules.exclusive, rules.login, rules.startup, rules.conflict])
}

function complaintsOf(subject: Subject, { faults, unproved }: Exploration): readonly Complaint[] {
  const { profile } = subject
  const found = faults.map((fault) => complaintOf(subject, fault))
  if (unproved !== null && found.length === 0) found.push(notProved(subject, unproved))
  return profile === null ? found : found.map((complaint) => inProfile(complaint, profile))
}

function complaintOf(subject: Subject, fault: Fault): Complaint {
  const hint = `this story shows it${fault.playable ? ', ready for "tests:"' : ''}\n${fault.story.replace(/^/gm, '  ')}`
  const message = `${whatHappens(subject, fault)}: ${fault.sentence}.`
  return { code: CODES[fault.kind], place: placeOf(subject, fault), message, hint }
}

function whatHappens({ input: { rules } }: Subject, { kind, steps, sides }: Fault): string {
  const shows = (side: Side) => `"${rules.label(side, steps.at(-1)?.shows[side] ?? ('' as StatusId))}"`
  const where = sides.map(sideName).join(' and ')
  switch (kind) {
    case 'chase':
      return 'The bridge would chase itself'
    case 'blocked_but_available':
      return `A block is in force on ${where} and an agent can still come to rest in ${sides.map(shows).join(' and ')}, which takes work`
    case 'both_available':
      return `An agent can come to rest in ${SIDES.map(shows).join(' and ')}, available on both sides although "exclusive" is true`
  }
}

/** The line that put the agent there; where no line did, the line that might have kept them out. */
function placeOf(subject: Subject, fault: Fault): Place {
  const { draft, login } = subject
  const [side] = fault.sides
  if (fault.kind === 'blocked_but_available' && side) return blockPlace(draft, side)
  const last = fault.steps.at(-1)
  if (last === undefined) return firstRow(draft)
  const leads = last.logsIn && draft.login === 'lead'
  return rulePlace(draft, last.rules) ?? (leads ? login : undefined) ?? statusPlace(subject, last) ?? firstRow(draft)
}

/** Of the status that was gone to last. */
function statusPlace(subject: Subject, { move, shows }: Fault['steps'][number]): Place | undefined {
  const change = move.kind === 'pair' ? move.second : move
  if (change.kind !== 'status') return undefined
  const status = shows[change.side]
  return rowOf(subject, change.side, status) ?? nameOf(subject, change.side, status)
}

function blockPlace(draft: RulesDraft, side: Side): Place {
  return blockStatus(draft, side)?.place ?? draft.blocking[side]?.place ?? firstRow(draft)
}

/** The first of the lines that is a place where rules stand. Several may stand in one line, each for its side. */
function rulePlace({ mapped, transition, blocking, unmapped }: RulesDraft, named: Named): Place | undefined {
  const keyed = SIDES.flatMap((side) => {
    const fallback = unmapped[otherSide(side)]?.place
    const places = [transition[side], blocking[side], fallback && { rule: fallback, place: fallback }]
    return places.flatMap((one) => (one ? [{ line: one.rule.line, side, place: one.place }] : []))
  })
  const rows = (mapped ?? []).map(({ place }) => ({ line: place.line, side: null, place }))
  for (const { ref, side } of named) {
    const found = [...keyed, ...rows].find((one) => ref.endsWith(`:${one.line}`) && (one.side ?? side) === side)
    if (found) return found.place
  }
  return undefined
}

/** A row that has the status and leads nowhere else, such as one for the other direction. */
function rowOf({ draft, input: { resolver } }: Subject, side: Side, status: StatusId): Place | undefined {
  return draft.mapped?.find((row) => row[side].some((name) => resolver.id(side, name) === status))?.place
}

function nameOf({ draft, input: { resolver } }: Subject, side: Side, status: StatusId): Place | undefined {
  return draft.available?.[side].find((name) => resolver.id(side, name) === status)?.place
}

function firstRow({ mapped }: RulesDraft): Place {
  return mapped?.[0]?.place ?? NOWHERE
}

function notProved({ draft }: Subject, why: string): Complaint {
  const message = `These rules could not be proved by exploration: ${why}.`
  return { code: 'not-proved', place: firstRow(draft), message }
}
