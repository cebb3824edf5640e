// Logs people out for real, where the settings ask for it: off the queue first, as the platform demands, then all of the person's tokens.
// Never in the middle of work: deleting tokens cuts every conversation off, and no mapping means that. Such a person shows Offline at
// once and is logged out when the work is done, unless another status was chosen by then. A restart forgets who was to be.

import type { Log } from '../../domain/log.ts'
import type { WriteResult } from '../../domain/platform.ts'
import type { Report } from '../../domain/report.ts'
import { OFFLINE, type PlatformUserId } from '../../domain/side.ts'
import type { Client } from './client.ts'
import type { WorkTracker } from './work-tracker.ts'
import { sendWrite, type WriteDeps, type WriteTarget, writeStatus } from './write.ts'

export type LogOuts = {
  /** `target.status` is OFFLINE. One attempt; the first step that fails is the outcome, and the next attempt begins anew. */
  write(deps: WriteDeps, target: WriteTarget): Promise<WriteResult>
  /** What was reported of somebody: their work may be done now, or they chose another status. */
  heard(user: PlatformUserId, report: Report): void
}

export function createLogOuts({
  client,
  log,
  tracker,
}: {
  readonly client: Client
  readonly log: Log
  readonly tracker: WorkTracker
}): LogOuts {
  // At most as many as there are agents.
  const waiting = new Set<PlatformUserId>()
  const isWorking = (user: PlatformUserId) => tracker.openItems(user).length > 0

  async function logOutLate(user: PlatformUserId): Promise<void> {
    const { operation, method, path } = deletionOf(user)
    const outcome = await client.call({ operation, method, path, kind: 'comfort' })
    if (outcome.kind === 'ok') return
    log.warn({ code: 'genesys.log_out_failed', user, why: outcome.kind, words: outcome.message }, 'Not logged out')
  }

  return {
    async write(deps, target) {
      const off = await writeStatus(deps, target)
      if (off.kind !== 'accepted') return off
      const { user } = target
      if (!isWorking(user)) return await sendWrite(deps, target, deletionOf(user))
      waiting.add(user)
      log.info(
        { code: 'genesys.log_out_waits', user },
        'The person shows Offline and is logged out after the conversation',
      )
      return off
    },
    heard(user, report) {
      if (!waiting.has(user)) return
      const isElsewhere = report.kind === 'status' && report.status !== OFFLINE
      if (!isElsewhere && isWorking(user)) return
      waiting.delete(user)
      if (!isElsewhere) void logOutLate(user)
    },
  }
}

function deletionOf(user: PlatformUserId) {
  return { operation: 'tokens.delete', method: 'DELETE', path: `/api/v2/tokens/${user}` } as const
}
