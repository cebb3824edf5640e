// Events that come over two channels while one takes the place of the other: each is passed on once, from whichever brings it first.

import { TWINS_MAX } from './settings.ts'
import type { StreamFrame } from './wire.ts'

export type Twins = {
  /** From here on events are compared. */
  begin(): void
  end(): void
  /** Whether this event is news. `source`: the socket that brought it. */
  pass(source: object, frame: StreamFrame): boolean
}

export function createTwins(): Twins {
  /** How often each source brought the same event: a repetition within one channel is the platform's own and passes. */
  let seen: Map<string, Map<object, number>> | undefined
  return {
    begin() {
      seen = new Map()
    },
    end() {
      seen = undefined
    },
    pass(source, { topicName, eventBody }) {
      if (!seen || !topicName?.toLowerCase().startsWith('v2.')) return true
      const key = `${topicName.toLowerCase()} ${JSON.stringify(eventBody)}`
      const counts = seen.get(key) ?? new Map<object, number>()
      if (counts.size === 0 && seen.size >= TWINS_MAX) return true
      seen.set(key, counts)
      const before = Math.max(0, ...counts.values())
      const now = (counts.get(source) ?? 0) + 1
      counts.set(source, now)
      return now > before
    },
  }
}
