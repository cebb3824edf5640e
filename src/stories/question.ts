// A question about one agent, as somebody types it, made into a story without expectations.

import type { Rules } from '../domain/rules.ts'
import { OFFLINE, SIDES, type Side, sideName } from '../domain/side.ts'
import { END_STATES, isOpen, OPEN_STATES, type WorkState } from '../domain/work.ts'
import { didYouMean } from '../mapping/nearest.ts'
import type { Action, Step, Story } from '../mapping/story.ts'
import { StoryError } from './story-error.ts'

export type Question = {
  /** Where the agent is; null: logged out. */
  readonly crm: string | null
  readonly telephony: string | null
  readonly profile: string | null
  /** What is going on: "crm:chat:accepted", or "crm:accepted" where the channel is not known. */
  readonly work: readonly string[]
  /** What happens then: "telephony=Meal", "work=crm:chat:closed", "wait=30s". */
  readonly happens: readonly string[]
  /** Whether statuses that the file does not name may be asked about. */
  readonly unlisted: boolean
}

/** More is a story and belongs into a file. */
const HAPPENINGS_MAX = 50
const STATES: readonly string[] = [...OPEN_STATES, ...END_STATES]
const NOWHERE = { line: 1, column: 1, length: 1 }

/** Throws a StoryError where the question cannot be understood. */
export function storyOf(question: Question, rules: Rules): Story {
  const { work, happens, profile } = question
  const items = createItems()
  const actions = [...work.map((text) => workAction(text, items)), ...happens.map((text) => thenAction(text, items))]
  if (actions.length === 0)
    throw new StoryError('Ask what happens when something happens: --then telephony=STATUS, or --work crm:chat:offered')
  if (actions.length > HAPPENINGS_MAX) throw new StoryError(`At most ${HAPPENINGS_MAX} things can be asked at once`)
  const start = { crm: question.crm ?? OFFLINE, telephony: question.telephony ?? OFFLINE }
  if (!question.unlisted) {
    for (const side of SIDES) mustBeListed(rules, side, start[side])
    for (const action of actions)
      if (action.kind === 'status') for (const { side, status } of action.changes) mustBeListed(rules, side, status)
  }
  return {
    name: 'the question',
    file: rules.file,
    ...NOWHERE,
    profile,
    profilePlace: NOWHERE,
    start,
    colleagues: 0,
    steps: actions.map((action): Step => ({ ...action, ...NOWHERE, expect: null })),
    mentions: [],
  }
}

function mustBeListed(rules: Rules, side: Side, status: string): void {
  const labels = [...rules.statuses[side]].map((id) => rules.label(side, id))
  if (labels.includes(status)) return
  const near = didYouMean(status, labels) ?? `it names ${labels.join(', ')}`
  throw new StoryError(
    `${rules.file} names no status "${status}" in ${sideName(side)}: ${near}\n(--unlisted asks about a status that the file does not name)`,
  )
}

function thenAction(text: string, items: Items): Action {
  const at = text.indexOf('=')
  const [what, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (at > 0 && value !== '') {
    if (isSide(what)) return { kind: 'status', changes: [{ side: what, status: value }], by: 'agent' }
    if (what === 'work') return workAction(value, items)
    if (what === 'wait') return { kind: 'wait', ms: waitMs(value) }
  }
  throw new StoryError(
    `"${text}" is not understood: write crm=STATUS, telephony=STATUS, work=crm:chat:closed or wait=30s`,
  )
}

function workAction(text: string, items: Items): Action {
  const parts = text.split(':').map((part) => part.trim())
  const [side = '', channel = ''] = parts
  const state = parts.at(-1) ?? ''
  const known = parts.length === 3 && channel !== '' ? channel : null
  if ((known !== null || parts.length === 2) && isSide(side) && isState(state))
    return { kind: 'work', side, id: items(side, known, state), channel: known, state }
  const near = parts.length > 1 && !isState(state) ? didYouMean(state, STATES) : undefined
  const help =
    near ?? `write side:channel:state, such as crm:chat:accepted, with one of the states ${STATES.join(', ')}`
  throw new StoryError(`"${text}" is not understood: ${help}`)
}

/** The id of the item that is meant: the one that is open in that channel, unless a new one is offered. */
type Items = (side: Side, channel: string | null, state: WorkState) => string

function createItems(): Items {
  const open = new Map<string, string>()
  let count = 0
  return (side, channel, state) => {
    const key = `${side}:${channel ?? ''}`
    const known = state === 'offered' ? undefined : open.get(key)
    if (known === undefined) count += 1
    const id = known ?? String(count)
    if (isOpen(state)) open.set(key, id)
    else open.delete(key)
    return id
  }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
const WAIT_MAX_MS = 24 * 3_600_000

function waitMs(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? []
  const ms = Number(count) * (UNITS[unit ?? ''] ?? Number.NaN)
  if (ms <= WAIT_MAX_MS) return ms
  throw new StoryError(`"${text}" is not a time such as 500ms, 30s or 5m, at most 24h`)
}

function isSide(text: string): text is Side {
  return (SIDES as readonly string[]).includes(text)
}

function isState(text: string): text is WorkState {
  return STATES.includes(text)
}
