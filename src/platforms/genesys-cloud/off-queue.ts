// Organisations may let people at work only ask to leave the queue: a write is then noted as a future presence and takes effect when the
// work is over. Nobody knows what becomes of the note when it is not wanted any more; so once that was seen, people at work are left
// alone, and written when their work is over.

import type { Clock } from '../../domain/clock.ts'
import { OFF_QUEUE_KNOWN_MS } from './settings.ts'
import { Presence } from './wire.ts'

export type OffQueue = {
  /** What the platform answered to a write of this presence definition. */
  answered(definition: string, body: unknown): void
  /** Whether leaving the queue at work is only noted, as far as was seen lately. */
  isOnlyNoted(): boolean
}

export function createOffQueue(clock: Clock): OffQueue {
  let notedAt = Number.NEGATIVE_INFINITY
  return {
    answered(definition, body) {
      const { data } = Presence.safeParse(body)
      const isNoted = data?.futurePresenceDefinition?.id === definition && data.presenceDefinition?.id !== definition
      if (isNoted) notedAt = clock.now()
    },
    isOnlyNoted: () => clock.now() - notedAt < OFF_QUEUE_KNOWN_MS,
  }
}
