// Work items of which only a console has spoken. A console is believed about its own agent at once, because a block must not wait, but whose an
// item is and what channel it has is asked of the org: nobody takes or moves the work of somebody else.

import type { Cancel, Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { PlatformUserId } from '../../../domain/side.ts'
import { wordsOf } from '../failures.ts'
import type { Memory } from '../memory.ts'
import type { Readings } from '../readings.ts'
import { type WorkRow, workState } from '../wire.ts'
import { createAllowance } from './allowance.ts'
import { CLAIMS_GATHER_MS, CLAIMS_PER_MINUTE } from './limits.ts'

export type Claims = {
  /** Whether the user may speak of the item at all. Where only they know of it, it is asked for soon. */
  admit(user: PlatformUserId, item: string): boolean
  stop(): void
}

type ClaimsDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly memory: Memory
  readonly readings: Pick<Readings, 'works'>
  /** The user's state is to be read from the org. */
  readonly gap: (user: PlatformUserId, why: string) => void
}

export function createClaims(deps: ClaimsDeps): Claims {
  const { clock, log, memory } = deps
  const allowance = createAllowance({ clock, perMinute: CLAIMS_PER_MINUTE })
  // Bounded by what everybody is allowed in the time that one question takes.
  const asked = new Map<string, PlatformUserId>()
  let cancelGather: Cancel | null = null
  let asking = false

  function admit(user: PlatformUserId, item: string): boolean {
    const known = memory.work(item)
    if (known && known.user !== user) {
      log.warn(
        { code: 'companion_foreign_work', user, item },
        "A console spoke of somebody else's work; it is not believed",
      )
      return false
    }
    if (known?.channel || asked.has(item)) return true
    if (!allowance.take(user)) {
      // Already believed once; that its channel is still not known keeps nobody from telling of its end.
      if (known) return true
      deps.gap(user, 'a console speaks of more work than an agent can have')
      return false
    }
    asked.set(item, user)
    gather()
    return true
  }

  function gather(): void {
    if (asking) return
    cancelGather ??= clock.after(CLAIMS_GATHER_MS, () => {
      cancelGather = null
      void ask()
    })
  }

  async function ask(): Promise<void> {
    const claims = new Map(asked)
    asking = true
    try {
      const rows = new Map((await deps.readings.works([...claims.keys()])).map((row) => [row.Id, row]))
      for (const [item, user] of claims) judge({ item, user, row: rows.get(item) })
    } catch (error) {
      log.warn(
        { code: 'salesforce_work_unread', words: wordsOf(error) },
        'Work that consoles spoke of could not be read',
      )
      for (const [item, user] of claims) unfounded({ item, user, why: 'work could not be read' })
    } finally {
      for (const item of claims.keys()) asked.delete(item)
      asking = false
      if (asked.size > 0) gather()
    }
  }

  function judge({ item, user, row }: { item: string; user: PlatformUserId; row: WorkRow | undefined }): void {
    if (!row) {
      unfounded({ item, user, why: 'a console spoke of work that the org does not have' })
      return
    }
    const known = memory.work(item)
    const channel = row.ServiceChannel?.DeveloperName ?? null
    const state = workState(row.Status) ?? known?.state
    if (row.UserId === user) {
      // With the state as it is by now: another witness may have told of it meanwhile.
      if (known && channel !== null && known.channel !== channel)
        memory.tell(user, { kind: 'work', item, channel, state: known.state, stamp: { at: known.at } })
      return
    }
    log.warn(
      { code: 'companion_foreign_work', user, item },
      "A console spoke of somebody else's work; it is taken back",
    )
    if (state)
      memory.learnWork(item, { user: row.UserId, channel, state, at: Math.max(known?.at ?? 0, row.LastModifiedDate) })
    for (const one of [user, row.UserId]) deps.gap(one, 'work was claimed by the console of somebody else')
  }

  /** What the console said stays said until the reading that follows; the next who speaks of the item is not measured by it. */
  function unfounded({ item, user, why }: { item: string; user: PlatformUserId; why: string }): void {
    memory.forgetWork(item)
    deps.gap(user, why)
  }

  return {
    admit,
    stop() {
      cancelGather?.()
      cancelGather = null
      asked.clear()
    },
  }
}
