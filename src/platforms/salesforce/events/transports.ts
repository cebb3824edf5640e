// Which transport the settings name.

import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { SalesforceSettings } from '../settings.ts'
import { createCometdTransport } from './cometd-transport.ts'
import { createPubsubTransport } from './pubsub-transport.ts'
import type { Transport } from './transport.ts'
import type { CometdLimits, PubsubLimits, SelfTestLimits } from './transport-limits.ts'

export type StreamLimits = {
  readonly pubsub?: Partial<PubsubLimits>
  readonly cometd?: Partial<CometdLimits>
  readonly selfTest?: Partial<SelfTestLimits>
}

/** `livenessMs`: how long either may be silent; pings are so much quicker. */
export function createTransport(deps: {
  readonly settings: Pick<SalesforceSettings, 'stream' | 'apiVersion'>
  readonly clock: Clock
  readonly log: Log
  readonly livenessMs?: number
  readonly limits?: StreamLimits
}): Transport {
  const { settings, clock, log, livenessMs } = deps
  const { transport, endpoint } = settings.stream
  if (transport === 'cometd') {
    const limits = { ...(livenessMs !== undefined && { silenceMs: livenessMs }), ...deps.limits?.cometd }
    return createCometdTransport({ clock, log, apiVersion: settings.apiVersion, limits })
  }
  const quick = livenessMs !== undefined && { pingMs: livenessMs / 2, pingTimeoutMs: livenessMs / 2 }
  return createPubsubTransport({ clock, log, endpoint, limits: { ...quick, ...deps.limits?.pubsub } })
}
