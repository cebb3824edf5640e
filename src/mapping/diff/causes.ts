// Which differences are one: the same rows, or the same rule of another kind, at work in other situations. Rows are told by where they stand,
// the rest by what came of it.

import type { Blocking, Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, otherSide, SIDES, type Side, type StatusId } from '../../domain/side.ts'
import { isOpen } from '../../domain/work.ts'
import { blockInForce } from '../../engine/target.ts'
import type { Move, PairMove, WorkMove } from '../explore/move.ts'
import { type Both, differenceOn, type Twins, VERSIONS } from './twins.ts'
import type { Meeting } from './walk.ts'

/**
 * `to`: the status that is gone to is answered by other rows; `left`: so is the one that is left; `login`: so is the one of the other side,
 * which a log-in follows; `rule`: something else is different.
 */
export type Cause = {
  readonly key: string
  readonly kind: 'to' | 'left' | 'login' | 'rule'
  /** What the situations of one cause differ in: the status that is gone to or left, always the same object for it; null: there is none. */
  readonly about: About | null
}

export type About = { readonly side: Side; readonly status: StatusId }

export type Causes = (meeting: Meeting) => Cause

/** By the place of a status whose rows are others in the other rule set; null: they say the same. Made once, since they are asked for often. */
type OfRows = BySide<readonly (Cause | null)[]>

export function createCauses({ alphabet: { names }, ...twins }: Twins): Causes {
  const rules = { before: twins.before.rules, now: twins.now.rules }
  const abouts = eachStatus(names, (side, status): About => ({ side, status }))
  const ofRows = (
    kind: Cause['kind'],
    rowsOf: (rules: Ruleset, about: About) => Rows,
    on = (side: Side) => side,
  ): OfRows =>
    eachStatus(names, (side, _status, place) => {
      const about = abouts[side][place] ?? null
      const told = about && tag(rules, (one) => rowsOf(one, about))
      return told === null ? null : { key: `${kind} ${on(side)} ${told}`, kind, about }
    })
  const to = ofRows('to', changeRows)
  const left = ofRows('left', changeRows)
  const login = ofRows('login', loginRows, otherSide)
  return (meeting) => {
    const { move } = meeting
    const counted = move.kind === 'work' ? countedTag(rules, move) : null
    if (move.kind === 'work' && counted !== null)
      return { key: `work ${move.side} ${counted}`, kind: 'rule', about: null }
    if (move.kind !== 'status') return byEffect(meeting, null)
    const { side } = move
    const other = otherSide(side)
    const own = meeting[side]
    const isLogIn = names[side][own] === OFFLINE && names[other][meeting[other]] !== OFFLINE
    // Rows say where bases go; what only a block does has another cause.
    const found =
      meeting.parts || meeting.difference === 'reason'
        ? ((isLogIn ? login[other][meeting[other]] : null) ?? to[side][meeting.to] ?? left[side][own])
        : null
    return found ?? byEffect(meeting, abouts[side][isLeaving(meeting) ? own : meeting.to] ?? null)
  }
}

function eachStatus<T>(
  names: BySide<readonly StatusId[]>,
  tell: (side: Side, status: StatusId, place: number) => T,
): BySide<readonly T[]> {
  const [crm, telephony] = SIDES.map((side) => names[side].map((status, place) => tell(side, status, place)))
  return { crm: crm ?? [], telephony: telephony ?? [] }
}

type Rows = { readonly says: string; readonly refs: string }

function tag(rules: Both<Ruleset>, rowsOf: (rules: Ruleset) => Rows): string | null {
  const [before, now] = [rowsOf(rules.before), rowsOf(rules.now)]
  return before.says === now.says ? null : `${before.refs} > ${now.refs}`
}

function changeRows(rules: Ruleset, { side, status }: About): Rows {
  const partners = rules.partners[side].get(status) ?? []
  const noSync = rules.noSync[side].get(status)
  const refs = new Set([...partners.map(({ rule }) => rule), ...(noSync === undefined ? [] : [noSync])])
  return {
    says: JSON.stringify([partners.map((partner) => partner.status), noSync !== undefined]),
    refs: [...refs].join(' ') || 'nothing',
  }
}

/** Whoever logs in follows to no Offline, and not at all where rules do not want it; the others say nothing here. */
function loginRows(rules: Ruleset, { side, status }: About): Rows {
  const partners = (rules.partners[side].get(status) ?? []).filter((partner) => partner.status !== OFFLINE)
  return {
    says: JSON.stringify(partners.map((partner) => partner.status)),
    refs: [...new Set(partners.map(({ rule }) => rule))].join(' ') || 'nothing',
  }
}

const LEAVING = /\b(?:transition|unrelated)\b/

function isLeaving({ outcomes }: Meeting): boolean {
  return VERSIONS.some((version) => SIDES.some((side) => LEAVING.test(outcomes[version].said[side])))
}

/** Every coincidence asks the same rule. */
const TOGETHER: Readonly<Record<Meeting['difference'], Cause>> = {
  visible: { key: 'pair visible', kind: 'rule', about: null },
  reason: { key: 'pair reason', kind: 'rule', about: null },
}

function byEffect(meeting: Meeting, about: Cause['about']): Cause {
  const { move, difference } = meeting
  if (move.kind === 'pair') return TOGETHER[difference]
  const effects = SIDES.map((side) => effectOn(side, meeting)).join(' / ')
  return { key: `${moveKind(move)} ${difference} ${effects}`, kind: 'rule', about }
}

function moveKind(move: Exclude<Move, PairMove>): string {
  switch (move.kind) {
    case 'status':
    case 'work':
      return `${move.kind} ${move.side}`
    case 'timer':
      return `timer ${move.side} ${move.timer}`
  }
}

/** What the two count differently about an item; null: it is not the item by itself. */
function countedTag(rules: Both<Ruleset>, { side, news }: WorkMove): string | null {
  const [item] = news
  const [before, now] = VERSIONS.map((version) => rules[version].blocking[otherSide(side)] ?? null)
  if (item === undefined || !isOpen(item.state)) return null
  if (!before || !now) return before === now ? null : 'at all'
  const ofChannel = ({ channels }: Blocking) =>
    channels === null || item.channel === null || channels.has(item.channel.toLowerCase())
  if (ofChannel(before) !== ofChannel(now)) return `channel ${ofChannel(now)}`
  const inState = ({ from, wrapUp }: Blocking) =>
    item.state === 'offered' ? from === 'offered' : item.state !== 'wrap_up' || wrapUp
  return inState(before) === inState(now) ? null : `state ${item.state}`
}

/** In words that fit other statuses too. */
function effectOn(side: Side, { joint, outcomes: { before, now } }: Meeting): string {
  if (before.bases[side] !== now.bases[side]) return `base ${before.bases[side]} ${now.bases[side]}`
  if (differenceOn(side, joint, before, now) === 'none') return ''
  const [was, is] = [before, now].map(({ control }) => blockInForce(control.state[side]) !== null)
  if (was !== is) return `block ${was} ${is}`
  const shows = `${before.control.shows[side]} ${now.control.shows[side]}`
  const said = `${before.said[side]} > ${now.said[side]}`.replaceAll('blocked_quiet', 'blocked')
  return `${shows} ${before.control.shows[side] === now.control.shows[side] ? said : ''}`
}
