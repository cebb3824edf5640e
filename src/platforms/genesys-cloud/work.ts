// From a conversation to the work items of one agent.
//
// An item is one conversation of one user in one medium. Its id is the conversation's id for the medium that the user's
// participants show first, `${conversationId}/${medium}` for each further one (a callback and the call made for it); the
// order of participants and legs only ever grows [derived], so ids stay what they are.
// Channels: call, callback, chat, email, message, social, video; the medium is told by the array that holds the leg.
// Screen shares, co-browsing and internal messages accompany other work or are no work at all, and are left out.

import type { WorkState } from '../../domain/work.ts'
import { ACW_GRACE_MS } from './settings.ts'
import type { Surprises } from './surprises.ts'
import type { Conversation, FlatConversation, Leg, Participant } from './wire.ts'
import { instant } from './wire.ts'

/**
 * The participant's arrays of legs, and the channel that each means. Callbacks come first: the call is made later, by the same
 * participant.
 */
const MEDIA = [
  ['callbacks', 'callback'],
  ['calls', 'call'],
  ['chats', 'chat'],
  ['emails', 'email'],
  ['messages', 'message'],
  ['socialExpressions', 'social'],
  ['videos', 'video'],
] as const
export const CHANNELS: readonly string[] = MEDIA.map(([, channel]) => channel)

/** The channel of a member of the conversation summary, where it is known here. */
export function channelOfSummary(medium: string): string | undefined {
  const channel = medium === 'socialExpression' ? 'social' : medium
  return CHANNELS.includes(channel) ? channel : undefined
}

export type DerivedItem = {
  readonly item: string
  readonly channel: string
  readonly state: WorkState
  /**
   * How far the user's connections have come, all together. Connections are only added and each only moves on [derived], so
   * this never falls: less than before means a late event.
   */
  readonly progress: number
  /** The newest time that the platform gave for it, ms since 1970; undefined where it gave none. */
  readonly at: number | undefined
}

type Held = { readonly participant: Participant; readonly leg: Leg; readonly now: number }

const OFFERED = new Set(['alerting', 'contacting', 'offering'])
// An e-mail being sent or a file being uploaded is still in the agent's hands.
const ACCEPTED = new Set(['connected', 'dialing', 'uploading', 'converting', 'transmitting'])
const ENDED = new Set(['disconnected', 'terminated'])
/** Put aside by the agent; the platform itself gives the agent new work meanwhile, so it is not open work here. */
const PARKED = 'parked'
// `scheduled`: a callback whose time has not come. `none`: nothing yet.
const NOT_WORK = new Set(['scheduled', 'none'])

const DISCONNECT_TYPES = new Set(
  [
    'endpoint endpoint.dnd client system timeout transport.failure error peer other spam uncallable',
    'inactivity session.expired takeover transfer transfer.conference transfer.consult transfer.forward',
    'transfer.noanswer transfer.notavailable transfer.dnd',
  ].flatMap((words) => words.split(' ')),
)

export type ItemsOf = {
  readonly user: string
  readonly surprises: Surprises
  /** ms since 1970: after-call work with a time-out is over after it, also where the platform does not say so. */
  readonly now: number
}

/** The items of this user, in the order in which the conversation shows them. */
export function itemsOf(conversation: Conversation, { user, surprises, now }: ItemsOf): readonly DerivedItem[] {
  const byMedium = new Map<string, Held[]>()
  for (const participant of conversation.participants ?? []) {
    if (participant.userId?.toLowerCase() !== user.toLowerCase()) continue
    for (const [array, channel] of MEDIA) {
      for (const leg of participant[array] ?? []) {
        byMedium.set(channel, [...(byMedium.get(channel) ?? []), { participant, leg, now }])
      }
    }
  }
  const items: DerivedItem[] = []
  for (const [channel, legs] of byMedium) {
    const first = channel === [...byMedium.keys()][0]
    const found = stateOf(legs, surprises)
    if (!found) continue
    items.push({ item: first ? conversation.id : `${conversation.id}/${channel}`, channel, ...found })
  }
  return items
}

/** The media-specific topics' shape, turned into the general one. `topicPart` is the topic's last word: "calls". */
export function unflatten(conversation: FlatConversation, topicPart: string): Conversation | undefined {
  const medium = MEDIA.find(([array]) => array.toLowerCase() === topicPart.toLowerCase())
  if (!medium) return undefined
  const participants = (conversation.participants ?? []).map((flat) => ({
    id: flat.id,
    purpose: flat.purpose,
    userId: flat.user?.id,
    connectedTime: flat.connectedTime,
    endTime: flat.endTime,
    wrapupRequired: flat.wrapupRequired,
    wrapup: flat.wrapup,
    startAcwTime: flat.startAcwTime,
    endAcwTime: flat.endAcwTime,
    [medium[0]]: [{ ...flat, disconnectedTime: flat.disconnectedTime ?? flat.endTime }],
  }))
  return { id: conversation.id, participants }
}

// An agent may be in a conversation several times (offered, missed, offered again): the leg that has not ended speaks, the
// newest of them; else the one in after-call work; else the last one. The official web client chooses the same way. A leg in a
// state that is not known here says nothing, and while there is one the others' ends do not mean that the work is over.
function stateOf(legs: readonly Held[], surprises: Surprises): Omit<DerivedItem, 'item' | 'channel'> | undefined {
  const unknown = legs.filter((held) => !isKnown(held))
  for (const { leg } of unknown) surprises.unknown('leg state', word(leg.state))
  const speaking =
    legs.findLast((held) => isKnown(held) && !ENDED.has(word(held.leg.state)) && !NOT_WORK.has(word(held.leg.state))) ??
    legs.findLast(wrappingUp) ??
    (unknown.length > 0 ? undefined : legs.findLast(({ leg }) => ENDED.has(word(leg.state))))
  if (!speaking) return undefined
  const state = legState(speaking, surprises)
  return { state, progress: legs.reduce((sum, held) => sum + progressOf(held), 0), at: newestTime(speaking) }
}

function isKnown({ leg }: Held): boolean {
  const state = word(leg.state)
  return [OFFERED, ACCEPTED, ENDED, NOT_WORK].some((states) => states.has(state)) || state === PARKED
}

function legState(held: Held, surprises: Surprises): WorkState {
  const state = word(held.leg.state)
  if (OFFERED.has(state)) return 'offered'
  if (ACCEPTED.has(state)) return 'accepted'
  if (state === PARKED) return 'closed'
  return wrappingUp(held) ? 'wrap_up' : endState(held, surprises)
}

// At least 1, so that a further connection counts. How far it has come is told by the state, then by the after-call work.
function progressOf(held: Held): number {
  const { leg } = held
  if (!ENDED.has(word(leg.state))) return ACCEPTED.has(word(leg.state)) || word(leg.state) === PARKED ? 2 : 1
  if (wrappingUp(held)) return 4
  return wrappedUp(held) ? 5 : 3
}

// Observed: an ended chat in after-call work has wrapupRequired and startAcwTime, and neither wrapup nor endAcwTime;
// a missed offer has wrapupRequired false. The leg's own word may say it before the participant does [derived].
function wrappingUp(held: Held): boolean {
  const { participant, leg } = held
  if (!ENDED.has(word(leg.state)) || wrappedUp(held)) return false
  return word(leg.afterCallWork?.state) === 'pending' || Boolean(participant.wrapupRequired && participant.startAcwTime)
}

// By its end, a code, the leg's own word, or its time: with a time-out the platform ends it by itself [derived], and should its
// word for that be lost, nobody is kept from work for ever.
function wrappedUp({ participant, leg, now }: Held): boolean {
  const said = word(leg.afterCallWork?.state)
  if (participant.endAcwTime || said === 'complete' || said === 'skipped') return true
  // A code may be given while the call still lasts.
  if (said !== 'pending' && (participant.wrapup || leg.wrapup)) return true
  const startedAt = instant(participant.startAcwTime ?? leg.afterCallWork?.startTime)
  const timeoutMs = word(participant.wrapupPrompt).includes('timeout') ? (participant.wrapupTimeoutMs ?? 0) : 0
  return startedAt !== undefined && timeoutMs > 0 && now > startedAt + timeoutMs + ACW_GRACE_MS
}

// Observed: a missed offer ends with `system` and was never connected. `transfer.noanswer`, `timeout`: the same by their
// names [derived]. `client`, `endpoint` and the do-not-disturb kinds while alerting: the agent or the agent's phone said no
// [derived]. `peer` while alerting: the customer gave up [derived].
function endState({ participant, leg }: Held, surprises: Surprises): WorkState {
  const type = word(leg.disconnectType)
  // Ended it has in any case.
  if (type && !DISCONNECT_TYPES.has(type)) surprises.unknown('disconnect type', type)
  if (!leg.connectedTime && !participant.connectedTime) {
    if (['system', 'timeout', 'transfer.noanswer', 'transfer.notavailable'].includes(type)) return 'timed_out'
    if (['client', 'endpoint', 'endpoint.dnd', 'transfer.dnd'].includes(type)) return 'declined'
    if (type === 'peer') return 'cancelled'
  }
  return type === 'transfer' || type.startsWith('transfer.') ? 'transferred' : 'closed'
}

function newestTime({ participant, leg }: Held): number | undefined {
  const times = [
    participant.connectedTime,
    participant.endTime,
    participant.startAcwTime,
    participant.endAcwTime,
    participant.wrapup?.endTime,
    leg.startAlertingTime,
    leg.startHoldTime,
    leg.connectedTime,
    leg.disconnectedTime,
    leg.parkTime,
    leg.resumeTime,
    leg.wrapup?.endTime,
    leg.afterCallWork?.startTime,
    leg.afterCallWork?.endTime,
  ].flatMap((time) => instant(time) ?? [])
  return times.length > 0 ? Math.max(...times) : undefined
}

function word(value: string | null | undefined): string {
  return (value ?? '').toLowerCase()
}
