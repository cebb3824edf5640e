// Open work as the analytics query tells it: one answer has a hundred conversations, where reading them one by one takes a call each.
// It lags behind by seconds to minutes [not verified], so it is only believed of conversations that nothing else was heard of.

import type { PlatformUserId } from '../../domain/side.ts'
import type { OpenState } from '../../domain/work.ts'
import type { AnalyticsConversation } from './wire.ts'
import { instant } from './wire.ts'
import type { DerivedItem } from './work.ts'

const CHANNELS: Readonly<Record<string, string>> = {
  ...{ voice: 'call', callback: 'callback', chat: 'chat', email: 'email', message: 'message', video: 'video' },
}

// The kinds of segments are from memory [not verified]. Of one that is not here nothing is made: the conversation is read instead.
const STATES: Readonly<Record<string, OpenState>> = {
  ...{ alert: 'offered', contacting: 'offered' },
  ...{ dialing: 'accepted', interact: 'accepted', hold: 'accepted' },
  wrapup: 'wrap_up',
}

/** The one item of this person that has not ended; undefined where that is not for certain. */
export function itemOf(conversation: AnalyticsConversation, user: PlatformUserId): DerivedItem | undefined {
  const sessions = (conversation.participants ?? [])
    .filter(({ userId }) => userId?.toLowerCase() === user.toLowerCase())
    .flatMap((participant) => participant.sessions ?? [])
  const open = sessions.flatMap(({ segments }) => (segments ?? []).filter(({ segmentEnd }) => !segmentEnd))
  const media = new Set(sessions.map(({ mediaType }) => mediaType?.toLowerCase() ?? ''))
  const [segment, another] = open
  // With two media it is not told which one the conversation itself shows first, and by that items have their names.
  if (!segment || another || media.size !== 1) return undefined
  const channel = CHANNELS[[...media][0] ?? '']
  const state = STATES[segment.segmentType?.toLowerCase() ?? '']
  if (!channel || !state) return undefined
  // Whatever is heard of it later has come further.
  return { item: conversation.conversationId, channel, state, progress: 0, at: instant(segment.segmentStart) }
}
