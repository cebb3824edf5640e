// The sentence of a decision: what happened and what followed from it, for somebody who knows neither the code nor the rules by number.

import type { DecisionRecord, EventRecord, OverlapRecord } from '../domain/record.ts'
import { otherSide, type Side, sideName } from '../domain/side.ts'

/** A sentence is no list: past this many items only their number is told. */
const ITEMS_TOLD_MAX = 3

type Told = {
  /** Of the person, as people say it. */
  readonly name: string
  readonly event: EventRecord
  readonly decisions: readonly DecisionRecord[]
  /** What overlapped until this event. */
  readonly overlaps: readonly OverlapRecord[]
}

export function sentence({ name, event, decisions, overlaps }: Told): string {
  const cause = causeClause(name, event)
  const effects = decisions.map((d, index) => {
    const clause = effectClause(d, event)
    return index === 0 || clause.startsWith('and ') ? clause : `and ${clause}`
  })
  return [cause, ...effects, ...overlapClause(event, overlaps)].join(', ').concat('.')
}

/** Of several the longest: they ended with the same item. */
function overlapClause({ side, channel }: EventRecord, overlaps: readonly OverlapRecord[]): readonly string[] {
  const [longest] = overlaps.toSorted((a, b) => b.ms - a.ms)
  if (longest === undefined) return []
  const beside = otherSide(side ?? longest.side)
  const thing = channel ?? 'work item'
  return [
    `and this ${thing} was open beside work in ${sideName(beside)}: the two overlapped for ${duration(longest.ms)}`,
  ]
}

/** What is told when a block stands for long; `agent` is the name by which it can be released. */
export function stuckBlock(block: {
  readonly name: string
  readonly agent: string
  readonly side: Side
  readonly forMs: number
  readonly items: readonly ItemWords[]
}): string {
  const { name, agent, side, items } = block
  const lasted = `${name} has been blocked in ${sideName(side)} for ${duration(block.forMs)}`
  return `${lasted} by ${itemsIn(otherSide(side), items)} (if that ended long ago: presence-bridge release ${agent} releases it)`
}

type ItemWords = { readonly item: string; readonly channel: string | null }

/** "chat 17 and call 4 in the CRM". */
export function itemsIn(side: Side, items: readonly ItemWords[]): string {
  const told = items.slice(0, ITEMS_TOLD_MAX).map(({ item, channel }) => `${channel ?? 'work item'} ${item}`)
  const rest = items.length - told.length
  if (rest > 0) told.push(`${rest} more`)
  const last = told.pop() ?? 'work'
  return `${told.length === 0 ? last : `${told.join(', ')} and ${last}`} in ${sideName(side)}`
}

/** To the second, or finer below one: "340 ms", "12 s", "3 min 20 s", "4 h 5 min". */
function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`
  const s = Math.round(ms / 1_000)
  if (s < 60) return `${s} s`
  const [min, h] = [Math.floor(s / 60), Math.floor(s / 3_600)]
  return h === 0 ? pair(min, 'min', s % 60, 's') : pair(h, 'h', min % 60, 'min')
}

function pair(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`
}

function causeClause(name: string, event: EventRecord): string {
  const where = event.side === undefined ? '' : sideName(event.side)
  switch (event.kind) {
    case 'status':
      return statusClause(name, event, where)
    case 'work':
      return workClause(name, event, where)
    case 'start':
      return `${name} was seen for the first time`
    case 'reading':
      return `${name} was looked at again`
    case 'timer':
      return event.what ?? `A timer of ${name} ran out`
    case 'write':
      return `${capital(where)} did not take ${name}'s new status (${event.what ?? 'no words'})`
    case 'admin':
      return `${name}: ${event.what ?? 'an admin acted'}`
    case 'reload':
      return `A new mapping took effect${event.what === undefined ? '' : `, ${event.what}`}`
  }
}

function statusClause(name: string, event: EventRecord, where: string): string {
  const to = event.to ?? '?'
  if (to === 'Offline') return `${name} logged out of ${where}`
  if (event.by === 'supervisor') return `A supervisor set ${name} to ${to} in ${where}`
  if (event.by === 'system') return `${capital(where)} itself set ${name} to ${to}`
  if (event.from === 'Offline') return `${name} logged in to ${where} as ${to}`
  return `${name} went ${to} in ${where}`
}

function workClause(name: string, event: EventRecord, where: string): string {
  const thing = event.channel ?? 'work item'
  switch (event.state) {
    case 'offered':
      return `${capital(article(thing))} was offered to ${name} in ${where}`
    case 'accepted':
      return `${name} handles ${article(thing)} in ${where}`
    case 'wrap_up':
      return `${name} wraps up ${article(thing)} in ${where}`
    default:
      return `${name}'s ${thing} in ${where} ended (${(event.state ?? 'ended').replace('_', ' ')})`
  }
}

/** What was decided about one side; `event` tells whether it is the side that was touched. */
function effectClause(d: DecisionRecord, event: EventRecord): string {
  const side = sideName(d.side)
  const set = d.from === d.to ? `${side} stays at ${d.to}` : `${side} was set from ${d.from} to ${d.to}`
  const rule = d.rule === undefined ? '' : ` (${d.rule.replace(/:(\d+)$/, ' line $1')})`
  const other = sideName(d.side === 'crm' ? 'telephony' : 'crm')
  switch (d.reason) {
    case 'mapped':
    case 'default':
    case 'login':
      return `so ${set}${rule}`
    case 'already':
      return `and ${side} is at ${d.to}, which belongs to it${rule}`
    case 'transition':
      return `so ${set}, its transition status${rule}`
    case 'transition_over':
      return `the time of the transition status is over, so ${set}${rule}`
    case 'unrelated':
      return `but ${side} was not in step with it and stays at ${d.to}`
    case 'unmapped':
      return `which no rule speaks of, so ${side} stays at ${d.to}`
    case 'no_sync':
      return `which is listed as not synchronised, so ${side} stays at ${d.to}${rule}`
    case 'logout':
      return `which changes nothing in ${side}`
    case 'logged_out':
      return `and ${side} is left alone because nobody is logged in there`
    case 'blocked':
      return `so ${side} is blocked and ${d.from === d.to ? `stays at ${d.to}` : `was set from ${d.from} to ${d.to}`}${rule}`
    case 'blocked_quiet':
      return `so ${side} is blocked; it stays at ${d.to}, where it takes no work anyway${rule}`
    case 'still_blocked':
      return `and ${side} stays blocked${rule}`
    case 'not_counted':
      return `which does not block ${side}`
    case 'holding':
      return `so the block of ${side} is held for a moment longer${rule}`
    case 'released':
      return `so the block of ${side} is over and ${set}${rule}`
    case 'reasserted':
      return `but work is open in ${other}, so ${side} was set back from ${d.from} to ${d.to}${rule}`
    case 'overridden':
      return `and the block of ${side} gives way to that choice${rule}`
    case 'overlap':
      return `although ${side} should have been blocked by work in ${other}${rule}`
    case 'conflict':
      return `at the same time as a change on the other side, so ${set}${rule}`
    case 'echo':
      return 'as the bridge had asked'
    case 'repeat':
      return 'which was known already'
    case 'stale':
      return 'but newer reports are known, so it is ignored'
    case 'unconfirmed':
      return `so ${side} stays at ${d.from} until something changes`
    case 'refused':
      return `so ${side} stays at ${d.from} until the agent logs in again or another status is wanted`
    case 'adopted':
      return `and ${side} is taken as it is: ${d.to}`
    case 'reloaded':
      return `${side} stays at ${d.to}`
    case 'breaker':
      return `and ${side} is left alone for a while because it was written too often`
    case 'suspect':
      return `one of many at once, so ${side} is read again before it is believed`
    case 'unknown_agent':
      return `who is not known in ${event.side === 'crm' ? 'telephony' : 'the CRM'}`
  }
}

function article(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
