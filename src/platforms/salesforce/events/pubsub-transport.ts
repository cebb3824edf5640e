// The Pub/Sub API as a transport: for each dial a gRPC channel of its own, with pings that notice a dead path in half a minute.

import tls from 'node:tls'
import { Client, type ClientOptions, credentials, logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
// What gRPC itself has read from the environment; it offers no public way to it.
import { getDefaultRootsData } from '@grpc/grpc-js/build/src/tls-helpers.js'
import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { StreamSettings } from '../settings.ts'
import { openPubsub } from './pubsub-client.ts'
import type { Transport, Trouble } from './transport.ts'
import { MESSAGE_MAX, PING_MAX_MS, PUBSUB_LIMITS, type PubsubLimits } from './transport-limits.ts'

/** A connection that broke before so many pings may have broken because of them, */
const SHORT_PINGS = 5
/** if it happens so often in a row. */
const SHORT_LIVES_MAX = 3

export function createPubsubTransport(deps: {
  readonly clock: Clock
  readonly log: Log
  readonly endpoint: StreamSettings['endpoint']
  readonly limits?: Partial<PubsubLimits>
}): Transport {
  const { clock, log, endpoint } = deps
  const limits = { ...PUBSUB_LIMITS, ...deps.limits }
  let { pingMs } = limits
  let shortLived = 0
  let doubted = false
  // Its words would go to stderr, past the log; all of them come with the end of a call too.
  setLogVerbosity(logVerbosity.NONE)

  /**
   * What Salesforce's servers allow is not documented, and a server that minds pings just hangs up after some of them: one that does so again
   * and again is pinged half as often.
   */
  function learn({ kind }: Trouble, stoodMs: number): void {
    const isShort = kind === 'network' && stoodMs < pingMs * SHORT_PINGS
    shortLived = isShort ? shortLived + 1 : 0
    if (shortLived < SHORT_LIVES_MAX || pingMs >= PING_MAX_MS) return
    shortLived = 0
    pingMs = Math.min(PING_MAX_MS, pingMs * 2)
    log.warn(
      { code: 'salesforce_too_many_pings', pingMs },
      'The Pub/Sub API keeps hanging up soon: should it mind the pings, it gets half as many',
    )
  }

  function onDoubt(words: string): void {
    if (!doubted)
      log.warn({ code: 'salesforce_channel_doubtful', words }, 'The channel of change events is tried all the same')
    doubted = true
  }

  return {
    title: 'Pub/Sub API',
    markPrefix: 'salesforce:pubsub:replay:',
    open(dial) {
      const client = new Client(addressOf(endpoint), credentialsFor(endpoint), optionsFor(pingMs, limits))
      const connection = openPubsub({ clock, limits, client, onDoubt }, dial)
      connection.opened.then(
        () => {
          const openedAt = clock.now()
          void connection.ended.then((trouble) => learn(trouble, clock.now() - openedAt))
        },
        () => {},
      )
      return connection
    },
  }
}

function addressOf({ host, port }: StreamSettings['endpoint']): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * All authorities count: Node's own default (the app has added those of the system and of the settings' `ca`; NODE_EXTRA_CA_CERTS is in it)
 * and those of GRPC_DEFAULT_SSL_ROOTS_FILE_PATH, which gRPC by itself would take instead of all others.
 */
function credentialsFor({ plain }: StreamSettings['endpoint']) {
  if (plain) return credentials.createInsecure()
  const roots = [...tls.getCACertificates('default'), getDefaultRootsData()?.toString() ?? '']
  return credentials.createSsl(Buffer.from(roots.join('\n')))
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
