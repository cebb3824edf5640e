// Logs a person out for real, where the settings ask for it: off the queue first, as the platform demands, then all of the person's
// tokens. Never in the middle of work: deleting tokens cuts every conversation off, and no mapping means that.

import type { Log } from '../../domain/log.ts'
import type { WriteResult } from '../../domain/platform.ts'
import type { WorkTracker } from './work-tracker.ts'
import { sendWrite, type WriteDeps, type WriteTarget, writeStatus } from './write.ts'

export type LogOutDeps = WriteDeps & { readonly log: Log; readonly tracker: WorkTracker }

/** `target.status` is OFFLINE. One attempt; the first step that fails is the outcome, and the next attempt begins anew. */
export async function logOut(deps: LogOutDeps, target: WriteTarget): Promise<WriteResult> {
  const off = await writeStatus(deps, target)
  if (off.kind !== 'accepted') return off
  const { user } = target
  if (deps.tracker.openItems(user).length > 0) {
    const sentence = 'The person shows Offline but is not logged out: that would cut off the conversation'
    deps.log.warn({ code: 'genesys.log_out_spared', user }, sentence)
    return off
  }
  return await sendWrite(deps, target, {
    operation: 'tokens.delete',
    method: 'DELETE',
    path: `/api/v2/tokens/${user}`,
  })
}
