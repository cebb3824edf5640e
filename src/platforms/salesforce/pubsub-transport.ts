// The Pub/Sub API as a transport: for each dial a gRPC channel of its own, with pings that notice a dead path in half a minute.

import { Client, type ClientOptions, credentials } from '@grpc/grpc-js'
import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { openPubsub } from './pubsub-client.ts'
import type { StreamSettings } from './settings.ts'
import type { Transport } from './transport.ts'
import { MESSAGE_MAX, PING_MAX_MS, PUBSUB_LIMITS, type PubsubLimits } from './transport-limits.ts'

export function createPubsubTransport(deps: {
  readonly clock: Clock
  readonly log: Log
  readonly endpoint: StreamSettings['endpoint']
  readonly limits?: Partial<PubsubLimits>
}): Transport {
  const { clock, log, endpoint } = deps
  const limits = { ...PUBSUB_LIMITS, ...deps.limits }
  let { pingMs } = limits

  /** What Salesforce's servers allow is not documented: who complains is pinged half as often from the next dial on. */
  function calmDown(): void {
    pingMs = Math.min(PING_MAX_MS, pingMs * 2)
    log.warn({ code: 'salesforce_too_many_pings', pingMs }, 'The Pub/Sub API wants fewer pings; it gets half as many')
  }

  return {
    title: 'Pub/Sub API',
    markPrefix: 'salesforce:pubsub:replay:',
    open(dial) {
      const client = new Client(addressOf(endpoint), credentialsFor(endpoint), optionsFor(pingMs, limits))
      return openPubsub({ clock, limits, client, onTooManyPings: calmDown }, dial)
    },
  }
}

function addressOf({ host, port }: StreamSettings['endpoint']): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * Without roots given, gRPC takes the file of GRPC_DEFAULT_SSL_ROOTS_FILE_PATH, else Node's authorities, among them those of the system,
 * of NODE_EXTRA_CA_CERTS and of the settings' `ca`.
 */
function credentialsFor({ plain }: StreamSettings['endpoint']) {
  return plain ? credentials.createInsecure() : credentials.createSsl()
}

function optionsFor(pingMs: number, limits: PubsubLimits): ClientOptions {
  return {
    'grpc.keepalive_time_ms': pingMs,
    'grpc.keepalive_timeout_ms': limits.pingTimeoutMs,
    'grpc.keepalive_permit_without_calls': 1,
    'grpc.max_receive_message_length': MESSAGE_MAX,
    // One supervisor is enough: who dials decides when.
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.service_config_disable_resolution': 1,
  }
}
