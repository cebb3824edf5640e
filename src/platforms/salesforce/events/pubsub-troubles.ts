// What an error of the Pub/Sub API means for whoever dials next. Source: Pub/Sub API Developer Guide, "Handling Errors": a gRPC code, and
// where Salesforce itself refuses a trailer "error-code" such as sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted.
// Only that one and service.unavailable were seen in public code; the other patterns are guesses that fall back on the gRPC code (unverified).

import { status } from '@grpc/grpc-js'
import { ERROR_CODE } from './pubsub-api.ts'
import type { Trouble } from './transport.ts'

export type RpcError = {
  readonly code: number
  readonly details: string
  readonly metadata: { get(key: string): readonly (string | Buffer)[] }
}

/** `doing`: "subscribing to /data/X__chn". */
export function troubleOf({ code, details, metadata }: RpcError, doing: string): Trouble {
  const errorCode = String(metadata.get(ERROR_CODE)[0] ?? '')
  const words = `${doing}: ${status[code] ?? code} ${[errorCode, details].filter((part) => part !== '').join(': ')}`
  return { kind: kindOf(code, errorCode, details), words }
}

/** How gRPC for Node words HTTP/2's ENHANCE_YOUR_CALM on a call (tried); Salesforce's own limits come with an error code. */
function isTooManyPings(errorCode: string, details: string): boolean {
  return errorCode === '' && /too_many_pings|ENHANCE_YOUR_CALM|Bandwidth exhausted/i.test(details)
}

function kindOf(code: number, errorCode: string, details: string): Trouble['kind'] {
  if (isTooManyPings(errorCode, details)) return 'network'
  if (/replayid/i.test(errorCode)) return 'replay_position'
  if (code === status.UNAUTHENTICATED || /\.auth/i.test(errorCode)) return 'token'
  if (/unavailable/i.test(errorCode)) return 'unavailable'
  if (code === status.NOT_FOUND || code === status.PERMISSION_DENIED) return 'no_channel'
  if (code === status.RESOURCE_EXHAUSTED || /limit/i.test(errorCode)) {
    return /daily|24.hour|allocation/i.test(`${errorCode} ${details}`) ? 'daily_limit' : 'limit'
  }
  if (code === status.INVALID_ARGUMENT && /replay/i.test(details)) return 'replay_position'
  if (code === status.UNAVAILABLE) return 'network'
  if (code === status.INTERNAL || code === status.DEADLINE_EXCEEDED || code === status.CANCELLED) return 'unavailable'
  return 'refused'
}

/** Whether the same question may be answered another time; otherwise it never will. */
export function isPassing({ kind }: Trouble): boolean {
  return kind !== 'no_channel' && kind !== 'refused' && kind !== 'replay_position'
}

/** What to do about a channel that is not there for us. */
export function channelRefused(channel: string, words: string): string {
  return (
    `Salesforce does not let the run-as user subscribe to ${channel} (${words}). Check that the channel is deployed (Setup > Integrations > ` +
    'Change Data Capture shows its objects; the channel itself comes with the metadata of presence-bridge), that crm.stream.channel has its ' +
    'name, and that the user has the permission set of presence-bridge.'
  )
}
