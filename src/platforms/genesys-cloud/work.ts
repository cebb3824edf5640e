// From a conversation to the work items of one agent.
//
// An item is one conversation of one user in one medium. Its id is the conversation's id for the medium that the user's
// participants show first, `${conversationId}/${medium}` for each further one (a callback and the call made for it); the
// order of participants and legs only ever grows [derived], so ids stay what they are.
// Channels: call, callback, chat, email, message, social, video; the medium is told by the array that holds the leg.
// Screen shares, co-browsing and internal messages accompany other work or are no work at all, and are left out.

import type { WorkState } from '../../domain/work.ts'
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

type Held = { readonly participant: Participant; readonly leg: Leg }

const OFFERED = new Set(['alerting', 'contacting', 'offering'])
// An e-mail being sent or a file being uploaded is still in the agent's hands.
const ACCEPTED = new Set(['connected', 'dialing', 'uploading', 'converting', 'transmitting'])
const ENDED = new Set(['disconnected', 'terminated'])
// `parked`: put aside by the agent; the platform itself gives the agent new work meanwhile, so it is not open work here.
// `scheduled`: a callback whose time has not come. `none`: nothing yet.
const NOT_WORK = new Set(['scheduled', 'none'])

/** The items of this user, in the order in which the conversation shows them. */
export function itemsOf(conversation: Conversation, user: string, surprises: Surprises): readonly DerivedItem[] {
  const byMedium = new Map<string, Held[]>()
  for (const participant of conversation.participants ?? []) {
    if (participant.userId?.toLowerCase() !== user.toLowerCase()) continue
    for (const [array, channel] of MEDIA) {
      for (const leg of participant[array] ?? []) {
        byMedium.set(channel, [...(byMedium.get(channel) ?? []), { participant, leg }])
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
// newest of them; else the one in after-call work; else the last one. The official web client chooses the same way.
function stateOf(legs: readonly Held[], surprises: Surprises): Omit<DerivedItem, 'item' | 'channel'> | undefined {
  const speaking =
    legs.findLast(({ leg }) => !ENDED.has(word(leg.state)) && !NOT_WORK.has(word(leg.state))) ??
    legs.findLast(wrappingUp) ??
    legs.findLast(({ leg }) => ENDED.has(word(leg.state)))
  if (!speaking) return undefined
  const state = legState(speaking, surprises)
  if (!state) return undefined
  return { state, progress: legs.reduce((sum, held) => sum + progressOf(held), 0), at: newestTime(speaking) }
}

function legState(held: Held, surprises: Surprises): WorkState | undefined {
  const state = word(held.leg.state)
  if (OFFERED.has(state)) return 'offered'
  if (ACCEPTED.has(state)) return 'accepted'
  if (state === 'parked') return 'closed'
  if (ENDED.has(state)) return wrappingUp(held) ? 'wrap_up' : endState(held)
  surprises.unknown('leg state', state)
  return undefined
}

// At least 1, so that a further connection counts. The end of after-call work is told by its end, a code or the leg's own word.
function progressOf(held: Held): number {
  const { leg, participant } = held
  if (!ENDED.has(word(leg.state))) return ACCEPTED.has(word(leg.state)) || word(leg.state) === 'parked' ? 2 : 1
  if (wrappingUp(held)) return 4
  const wrapped = participant.endAcwTime || participant.wrapup || word(leg.afterCallWork?.state) === 'complete'
  return wrapped ? 5 : 3
}

// Observed: an ended chat in after-call work has wrapupRequired and startAcwTime, and neither wrapup nor endAcwTime;
// a missed offer has wrapupRequired false.
function wrappingUp({ participant, leg }: Held): boolean {
  if (!ENDED.has(word(leg.state))) return false
  if (word(leg.afterCallWork?.state) === 'pending') return true
  return Boolean(
    participant.wrapupRequired && !participant.wrapup && participant.startAcwTime && !participant.endAcwTime,
  )
}

// Observed: a missed offer ends with `system` and was never connected. `transfer.noanswer`, `timeout`: the same by their
// names [derived]. `client`, `endpoint` and the do-not-disturb kinds while alerting: the agent or the agent's phone said no
// [derived]. `peer` while alerting: the customer gave up [derived].
function endState({ participant, leg }: Held): WorkState {
  const type = word(leg.disconnectType)
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
    leg.afterCallWork?.startTime,
    leg.afterCallWork?.endTime,
  ].flatMap((time) => instant(time) ?? [])
  return times.length > 0 ? Math.max(...times) : undefined
}

function word(value: string | null | undefined): string {
  return (value ?? '').toLowerCase()
}
