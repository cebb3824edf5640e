// CometD as a transport: for orgs or firewalls without the Pub/Sub API.

import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import { openCometd } from './cometd-client.ts'
import type { Honours } from './cometd-polls.ts'
import type { Transport } from './transport.ts'
import { COMETD_LIMITS, type CometdLimits } from './transport-limits.ts'

export function createCometdTransport(deps: {
  readonly clock: Clock
  readonly log: Log
  readonly apiVersion: string
  readonly limits?: Partial<CometdLimits>
}): Transport {
  const { clock, log, apiVersion } = deps
  const limits = { ...COMETD_LIMITS, ...deps.limits }
  const honours: Honours = { known: 'unknown' }
  let told = false

  function onUnhonoured(): void {
    if (told) return
    told = true
    log.info(
      { code: 'salesforce_poll_unhonoured', silenceMs: limits.silenceMs },
      'The org does not answer long polls as early as asked: a dead event stream is noticed later. The Pub/Sub API (crm.stream.transport: pubsub) has no such delay',
    )
  }

  return {
    title: 'CometD',
    markPrefix: 'salesforce:replay:',
    open: (dial) => openCometd({ clock, limits, apiVersion, honours, onUnhonoured }, dial),
  }
}
