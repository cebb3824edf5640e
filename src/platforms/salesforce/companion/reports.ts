// What consoles tell, turned into reports. A console is live and in order but its clock may be wrong, so its reports carry our time, and
// never an older one than was told of this person before. Only the first frame is not live: it says what was so when the page wrote it, and
// what the event stream told since is newer.

import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { CatalogueStatus } from '../../../domain/platform.ts'
import type { Actor } from '../../../domain/report.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../../domain/side.ts'
import type { WorkState } from '../../../domain/work.ts'
import type { Memory } from '../memory.ts'
import { longId } from '../record-id.ts'
import { asStatusId, isOfflineName } from '../wire.ts'
import type { Claims } from './claims.ts'
import type { CompanionSession } from './session.ts'
import type { CompanionFrame, HelloFrame } from './wire.ts'

/** `reason` of lightning:omniChannelStatusChanged (Console API guide). The toolkit is driven by whoever wrote a component, also by the bridge. */
const ACTORS: Readonly<Record<string, Actor>> = {
  OmniManualStatusChange: 'agent',
  OmniLoginStatusChange: 'agent',
  OmniSupervisorStatusChange: 'supervisor',
  OmniPushTimeout: 'system',
  OmniDeclineWork: 'system',
  OmniToolkitStatusChange: 'unknown',
}

const WORK: Readonly<Record<'assigned' | 'accepted' | 'declined' | 'closed', WorkState>> = {
  assigned: 'offered',
  accepted: 'accepted',
  declined: 'declined',
  closed: 'closed',
}

type CompanionReports = {
  hello(session: Pick<CompanionSession, 'user' | 'openedAt'>, hello: HelloFrame, place: 'leads' | 'follows'): void
  frame(user: PlatformUserId, frame: CompanionFrame): void
}

type CompanionReportsDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly memory: Memory
  readonly claims: Pick<Claims, 'admit'>
  readonly status: (idOrApiName: string) => CatalogueStatus | undefined
}

export function createCompanionReports(deps: CompanionReportsDeps): CompanionReports {
  const { clock, log, memory } = deps
  const now = (user: PlatformUserId) => Math.max(clock.now(), memory.lastAt(user))

  function statusId(told: { id: string; apiName: string }): StatusId {
    if (isOfflineName(told.apiName)) return OFFLINE
    const known = deps.status(longId(told.id)) ?? deps.status(told.apiName)
    if (!known)
      log.warn(
        { code: 'companion_status_unknown', status: told.apiName },
        'A console told of a status that is not in the catalogue',
      )
    return known?.id ?? asStatusId(told.id)
  }

  function tellStatus(user: PlatformUserId, status: StatusId, { by, at }: { by: Actor; at: number }): void {
    memory.tell(user, { kind: 'status', status, stamp: { at }, by })
  }

  function tellWork(
    user: PlatformUserId,
    work: { workId: string; channel?: string | null | undefined; state: keyof typeof WORK },
    at: number,
  ): void {
    const item = longId(work.workId)
    if (!memory.watches(user) || !deps.claims.admit(user, item)) return
    // The toolkit tells no channel: it follows as soon as the org was asked.
    const channel = memory.work(item)?.channel ?? work.channel ?? null
    memory.tell(user, { kind: 'work', item, channel, state: WORK[work.state], stamp: { at } })
  }

  return {
    hello({ user, openedAt: at }, hello, place) {
      // Omni-Channel works in one tab; another one that shows nobody says nothing about the agent.
      if (hello.status || place === 'leads')
        tellStatus(user, hello.status ? statusId(hello.status) : OFFLINE, { by: 'unknown', at })
      for (const work of hello.work) tellWork(user, work, at)
    },
    frame(user, frame) {
      const at = now(user)
      if (frame.type === 'status')
        tellStatus(user, statusId(frame), { by: ACTORS[frame.reason ?? ''] ?? 'unknown', at })
      if (frame.type === 'logout') tellStatus(user, OFFLINE, { by: 'agent', at })
      if (frame.type === 'work') tellWork(user, frame, at)
    },
  }
}
