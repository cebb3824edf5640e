// Since when nothing about a person can have been missed. What was heard before a gap may be history; what was heard since is believed
// without asking again, so that a reading of thousands does not ask for every conversation one by one.

import type { Clock } from '../../domain/clock.ts'
import type { PlatformUserId } from '../../domain/side.ts'

export type Doubts = {
  /** Events about anybody may have been missed until now. */
  everybody(): void
  /** Events about these may have been missed until now. */
  about(users: readonly PlatformUserId[]): void
  /** ms since 1970. */
  since(user: PlatformUserId): number
}

export function createDoubts(clock: Clock): Doubts {
  let all = clock.now()
  const some = new Map<PlatformUserId, number>()
  return {
    everybody() {
      all = clock.now()
      some.clear()
    },
    about(users) {
      for (const user of users) some.set(user, clock.now())
    },
    since: (user) => Math.max(all, some.get(user) ?? 0),
  }
}
