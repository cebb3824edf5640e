// Why nothing was written, and what the mapping file would have to say for something to happen.

import type { DecisionRecord, EventRecord } from '../domain/record.ts'
import type { Blocking, Ruleset } from '../domain/rules.ts'
import { type BySide, OFFLINE, otherSide, type Side, type StatusId, sideName } from '../domain/side.ts'
import { OPEN_STATES } from '../domain/work.ts'
import { lineOf } from '../mapping/matrix-lines.ts'

export type HintArgs = {
  readonly rules: Ruleset
  readonly event: EventRecord
  readonly decision: DecisionRecord
  /** Before the decision. */
  readonly bases: BySide<StatusId>
  readonly label: (side: Side, status: StatusId) => string
}

/** Null where there is nothing to wish for. */
export function hintFor(args: HintArgs): string | null {
  switch (args.decision.reason) {
    case 'unmapped':
      return unmapped(args)
    case 'unrelated':
      return unrelated(args)
    case 'no_sync':
      return noSync(args)
    case 'logged_out':
      return loggedOut(args)
    case 'logout':
      return logout(args)
    case 'not_counted':
      return notCounted(args)
    case 'blocked_quiet':
      return blockedQuiet(args)
    default:
      return null
  }
}

function unmapped(args: HintArgs): string {
  const { rules, event, decision, bases, label } = args
  const lead = otherSide(decision.side)
  const to = event.to ?? ''
  const left = bases[lead]
  if ((rules.partners[lead].get(left)?.length ?? 0) > 0)
    return `"${label(lead, left)}" was left for "${to}", which leads nowhere, and ${sideName(decision.side)} has no transition status. Give it one: transition: { ${decision.side}: STATUS }. Or give "${to}" a row: ${row(lead, to)}.`
  const oneWay = [...rules.partners[decision.side]].find(([, list]) =>
    list.some(({ status }) => label(lead, status) === to),
  )
  if (oneWay !== undefined) {
    const rule = oneWay[1].find(({ status }) => label(lead, status) === to)?.rule
    return `A row has "${to}"${onLine(rule)}, but with direction: to_${lead}, so it is only led to. Without the direction, or with a row of its own, it leads.`
  }
  return `No row has "${to}" in ${sideName(lead)}. Give it one under "mapped:": ${row(lead, to)}. Or give all statuses without a row a default: unmapped: { ${lead}: STATUS }.`
}

function unrelated({ rules, decision, bases, label }: HintArgs): string {
  const lead = otherSide(decision.side)
  const partners = rules.partners[lead].get(bases[lead]) ?? []
  const left = label(lead, bases[lead])
  const names = partners.map(({ status }) => `"${label(decision.side, status)}"`).join(' or ')
  const there = label(decision.side, bases[decision.side])
  return `Leaving "${left}" counts only while ${sideName(decision.side)} is at ${names}${onLine(partners[0]?.rule)}, and it was at "${there}". Add "${there}" to that row if the two belong together${rules.noSync[decision.side].has(bases[decision.side]) ? ', and take it off no_sync' : ''}.`
}

function noSync({ event, decision }: HintArgs): string {
  const lead = otherSide(decision.side)
  const to = event.to ?? ''
  return `Take "${to}" off no_sync: { ${lead}: … }${onLine(decision.rule)} and give it a row: ${row(lead, to)}.`
}

function loggedOut({ rules, event, decision, label }: HintArgs): string {
  const { side } = decision
  const lead = otherSide(side)
  const first = [...rules.partners[lead]].find(([status]) => label(lead, status) === event.to)?.[1]
  const partner = first?.find(({ status }) => status !== OFFLINE)
  const nobody = `Nothing in the file changes this: the bridge logs nobody in.`
  if (rules.login === 'lead' || partner === undefined) return nobody
  return `${nobody} Who then logs in to ${sideName(side)} is put to "${label(side, partner.status)}"${onLine(partner.rule)}, because of login: follow.`
}

function logout({ decision }: HintArgs): string {
  const lead = otherSide(decision.side)
  return `Only a row that names ${OFFLINE} leads from there: ${row(lead, OFFLINE)}.`
}

function notCounted({ rules, event, decision }: HintArgs): string {
  const { side } = decision
  const blocking = rules.blocking[side]
  if (blocking === null) return `${sideName(side)} is never blocked. Switch it on: blocking: { ${side}: on }.`
  const { minItems, rule } = blocking
  const why = whyNotCounted(blocking, event, side)
  if (why !== null) return `${why}${onLine(rule)}.`
  if (!isCounted(event)) return 'The work has ended, and no block was in force.'
  return `It counts, but min_items: ${minItems}${onLine(rule)} asks for ${minItems} at once.`
}

function isCounted({ state }: EventRecord): boolean {
  return OPEN_STATES.some((open) => open === state)
}

function whyNotCounted(
  { channels, from, wrapUp }: Blocking,
  { channel, state }: EventRecord,
  side: Side,
): string | null {
  if (channel !== undefined && channels !== null && !channels.has(channel.toLowerCase()))
    return `The channel "${channel}" is not listed. Add it to blocking: { ${side}: { channels: [${[...channels, channel].join(', ')}] } }`
  if (state === 'offered' && from === 'accepted')
    return 'Work counts from "accepted" on. With from: offered it counts as soon as it is offered'
  if (state === 'wrap_up' && !wrapUp) return 'Wrap-up does not count. With wrap_up: true it does'
  return null
}

function blockedQuiet({ rules, decision, label }: HintArgs): string {
  const { side, to } = decision
  const blocking = rules.blocking[side]
  const shows = blocking === null ? 'the block status' : `"${label(side, blocking.status)}"`
  return `${capital(sideName(side))} is at "${to}", which takes no work, so there is nothing to keep out. It is put to ${shows} once it would show a status that takes work. If "${to}" does take work, list it: available: { ${side}: […, ${to}] }.`
}

function row(side: Side, status: string): string {
  const [crm, telephony] = side === 'crm' ? [status, 'STATUS'] : ['STATUS', status]
  return `- { crm: ${crm}, telephony: ${telephony} }`
}

function onLine(rule: string | undefined): string {
  const line = rule === undefined ? null : lineOf(rule)
  return line === null ? '' : ` (line ${line})`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
