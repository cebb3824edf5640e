// A difference in plain words: what happens, what came of it under the old rules, and what comes of it now.

import { OFFLINE, otherSide, SIDES, type Side, type StatusId, sideName } from '../../domain/side.ts'
import { lineOf } from '../matrix-lines.ts'
import type { Group } from './groups.ts'
import { NAMED_MAX } from './limits.ts'
import type { Label } from './setting-changes.ts'
import type { Scene, Told, ToldStep } from './told.ts'
import type { Both } from './twins.ts'

/** "In telephony, going to "Meal"". */
export function eventWords({ cause, told }: Pick<Group, 'cause'> & { readonly told: Told }, label: Label): string {
  const { move, timer } = told.last
  switch (move.kind) {
    case 'status':
      return statusWords(cause, told.last, label)
    case 'work':
      return `Work in ${sideName(move.side)}${channelWords(move.news[0]?.channel ?? null)} is ${stateWords(move.news[0]?.state ?? '')}`
    case 'wait':
      return timer === null ? `After ${move.ms / 1000} s` : timerWords(told.last, timer)
    case 'pair': {
      const { first, second } = move
      const to = ({ side, status }: typeof first) => `${sideName(side)} going to ${quoted(label(side, status))}`
      return `At the same instant, ${to(first)} and ${to(second)}`
    }
  }
}

function statusWords(cause: Group['cause'], { move, from }: ToldStep, label: Label): string {
  if (move.kind !== 'status') return ''
  const { side, status } = move
  const other = otherSide(side)
  const name = quoted(label(side, status))
  const left = from.before.bases[side]
  const isLogIn = from.before.shows[side] === OFFLINE
  if (cause.kind === 'login')
    return `Logging in to ${sideName(side)} beside ${quoted(label(other, from.before.bases[other]))}`
  if (status === OFFLINE) return `Logging out of ${sideName(side)}, from ${quoted(label(side, left))}`
  if (isLogIn) return `Logging in to ${sideName(side)} as ${name}`
  const isLeft = cause.about !== null && cause.about.side === side && cause.about.status !== status
  if (cause.kind === 'left' || (cause.kind === 'rule' && isLeft))
    return `In ${sideName(side)}, leaving ${quoted(label(side, left))} for ${name}`
  return `In ${sideName(side)}, going to ${name}`
}

function timerWords({ from }: ToldStep, { side, timer }: NonNullable<ToldStep['timer']>): string {
  if (timer === 'release') return `When ${sideName(side)} has been held for long enough after the work`
  return `When the time of the transition status of ${sideName(side)} is over${from.before.blocked.includes(side) ? ', during a block' : ''}`
}

function channelWords(channel: string | null): string {
  return channel === null ? '' : ` (${channel})`
}

function stateWords(state: string): string {
  return state === 'wrap_up' ? 'in wrap-up' : state
}

/**
 * What differs, side by side: "the CRM was set to "Lunch" (mapped, line 8), now it is left at "On Queue" (unmapped)". Another reason for the same
 * is told only where nothing else is different.
 */
export function effectWords({ last }: Told, labels: Both<Label>): string {
  const seen = SIDES.filter((side) => isSeen(side, last))
  const sides =
    seen.length > 0 ? seen : SIDES.filter((side) => reasonOn(side, last.to.before) !== reasonOn(side, last.to.now))
  return sides.map((side) => sideWords(side, last, labels)).join('; ')
}

function isSeen(side: Side, { to: { before, now } }: ToldStep): boolean {
  const seen = (scene: Scene) => [scene.shows[side], scene.bases[side], scene.blocked.includes(side)]
  return JSON.stringify(seen(before)) !== JSON.stringify(seen(now))
}

function reasonOn(side: Side, { said }: Scene): string | undefined {
  return said[side]?.reason
}

function sideWords(side: Side, step: ToldStep, labels: Both<Label>): string {
  const before = effect(side, step, 'before', labels.before)
  const now = effect(side, step, 'now', labels.now)
  const because = { before: causeOf(side, step.to.before), now: causeOf(side, step.to.now) }
  if (before === now)
    return `${sideName(side)} is ${now} as before, but for another reason: ${reason(because.now)} instead of ${reason(because.before)}`
  return `${sideName(side)} was ${before}${brackets(because.before)}, now it is ${now}${brackets(because.now)}`
}

function effect(side: Side, { move, from, to }: ToldStep, version: keyof Both<unknown>, label: Label): string {
  const [was, is] = [from[version], to[version]]
  const name = (status: StatusId) => (status === OFFLINE ? 'logged out' : quoted(label(side, status)))
  const shows = name(is.shows[side])
  const [wasBlocked, isBlocked] = [was.blocked.includes(side), is.blocked.includes(side)]
  const later = is.bases[side] === is.shows[side] ? '' : `, with ${name(is.bases[side])} to come`
  if (isBlocked && !wasBlocked)
    return is.shows[side] === is.bases[side] ? `blocked, unseen at ${shows}` : `blocked in ${shows}${later}`
  if (isBlocked) return `still blocked in ${shows}${later}`
  if (wasBlocked) return was.shows[side] === is.shows[side] ? `released at ${shows}` : `released to ${shows}`
  const chosen = chosenOn(side, move) ?? was.shows[side]
  if (is.shows[side] === chosen) return chosen === OFFLINE ? 'left logged out' : `left at ${shows}`
  return is.shows[side] === OFFLINE ? shows : `set to ${shows}`
}

function chosenOn(side: Side, move: ToldStep['move']): StatusId | undefined {
  const changes = move.kind === 'pair' ? [move.first, move.second] : move.kind === 'status' ? [move] : []
  return changes.find((change) => change.side === side)?.status
}

type Because = { readonly reason: string; readonly line: number | null } | null

function causeOf(side: Side, { said }: Scene): Because {
  const told = said[side]
  return told && { reason: told.reason, line: told.rule === null ? null : lineOf(told.rule) }
}

function reason(because: Because): string {
  if (because === null) return 'none'
  return because.line === null ? because.reason : `${because.reason}, line ${because.line}`
}

function brackets(because: Because): string {
  return because === null ? '' : ` (${reason(because)})`
}

/** "… and in 38 other situations, also going to "Snack""; null: there is nothing else. */
export function restWords({ cause, count, about }: Group, label: Label): string | null {
  if (count <= 1) return null
  const others = about.filter(({ side, status }) => cause.about?.side !== side || cause.about.status !== status)
  const named = others.slice(0, NAMED_MAX).map(({ side, status }) => quoted(label(side, status)))
  const more = others.length > named.length ? [`${others.length - named.length} more`] : []
  const also = named.length === 0 ? '' : `; the same with ${[...named, ...more].join(', ')}`
  const rest = count - 1
  return `… and in ${rest.toLocaleString('en')} other ${rest === 1 ? 'situation' : 'situations'}${also}`
}

function quoted(name: string): string {
  return `"${name}"`
}
