// Topics: which ones to subscribe for a user, and what an event's topic is about. Names are compared without case:
// `routingStatus` comes back as `routingstatus`.

import type { PlatformUserId } from '../../domain/side.ts'
import { TOPIC_LENGTH_MAX, TOPICS_PER_CHANNEL } from './settings.ts'

const PARTS = ['presence', 'routingStatus', 'conversations', 'activity'] as const
/** Says again, in one event, what two other topics say: a second witness where the platform allows it. */
const OPTIONAL = 'activity'

/** One combined topic counts as one of the channel's thousand. */
function topicsOf(user: PlatformUserId): readonly string[] {
  const combined = `v2.users.${user}?${PARTS.join('&')}`
  if (combined.length <= TOPIC_LENGTH_MAX) return [combined]
  return PARTS.map((part) => `v2.users.${user}.${part}`)
}

/** Who is heard over one channel, and by which topics. */
export type ChannelShare = { readonly users: readonly PlatformUserId[]; readonly topics: readonly string[] }

/** One share a channel, each as full as it may be; nobody's topics are torn apart. */
export function shareAmongChannels(users: readonly PlatformUserId[]): readonly ChannelShare[] {
  const shares: { users: PlatformUserId[]; topics: string[] }[] = []
  for (const user of users) {
    const topics = topicsOf(user)
    const last = shares.at(-1)
    if (last && last.topics.length + topics.length <= TOPICS_PER_CHANNEL) {
      last.users.push(user)
      last.topics.push(...topics)
    } else shares.push({ users: [user], topics: [...topics] })
  }
  return shares
}

/** Nothing is missed without this topic. */
export function isOptional(topicName: string): boolean {
  return topicName.toLowerCase().endsWith(`.${OPTIONAL}`)
}

export type UserTopic = {
  /** Lower case. */
  readonly user: string
  readonly what: 'presence' | 'routing' | 'activity' | 'conversations' | 'media'
  /** The last word: "calls". */
  readonly part: string
}

export function parseTopic(topicName: string): UserTopic | undefined {
  const [version, users, user, what, part, ...more] = topicName.toLowerCase().split('.')
  if (version !== 'v2' || users !== 'users' || !user || !what || more.length > 0) return undefined
  if (what === 'conversations') return { user, what: part ? 'media' : 'conversations', part: part ?? what }
  if (part) return undefined
  if (what === 'presence' || what === 'activity') return { user, what, part: what }
  if (what === 'routingstatus') return { user, what: 'routing', part: what }
  return undefined
}
