// Puts a channel's topics. A topic that is not permitted does not keep the others from being heard; it is named once for all people
// it concerns, with the permission that is missing.

import type { Log } from '../../domain/log.ts'
import { CredentialsRefused } from '../../domain/platform.ts'
import type { Client } from './client.ts'
import { readUnless } from './reads.ts'
import { isOptional } from './topics.ts'
import { Subscriptions } from './wire.ts'

type Entity = NonNullable<NonNullable<(typeof Subscriptions)['_output']['entities']>[number]>

export type Subscribing = {
  readonly channel: string
  readonly topics: readonly string[]
  readonly signal: AbortSignal
  /** The channel was just made with the present token, so a 403 is about the client's rights, not about the channel. */
  readonly fresh: boolean
}

/** How many topics were rejected; undefined where the platform does not know the channel, or does not let this client use it. */
export async function subscribe(
  { client, log }: { readonly client: Client; readonly log: Log },
  { channel, topics, signal, fresh }: Subscribing,
): Promise<number | undefined> {
  const path = `/api/v2/notifications/channels/${encodeURIComponent(channel)}/subscriptions?ignoreErrors=true`
  const body = topics.map((id) => ({ id }))
  const request = { operation: 'channel.subscribe', method: 'PUT', path, body, kind: 'stream', signal } as const
  const answer = await readUnless(client, request, Subscriptions, fresh ? [400, 404, 410] : [400, 403, 404, 410])
  if (!answer) return undefined
  const denied = (answer.entities ?? []).filter((entity) => entity.state?.toLowerCase() === 'rejected')
  const refused = denied.filter(({ id }) => !isOptional(id))
  if (denied.length > refused.length) {
    const context = { code: 'genesys.no_activity', topics: denied.length - refused.length }
    log.debug(context, 'Presence and routing are heard apart')
  }
  for (const alike of alikeOf(refused)) tell(log, alike)
  const missing = new Set(refused.flatMap((entity) => entity.missingPermissions ?? []))
  if (missing.size > 0 && denied.length === answer.entities?.length) {
    throw new CredentialsRefused(`Genesys Cloud sends no events: the OAuth client lacks ${[...missing].join(', ')}`)
  }
  return refused.length
}

/** The same part of many people's topics, refused for the same reason. */
function alikeOf(refused: readonly Entity[]): readonly (readonly Entity[])[] {
  const groups = new Map<string, Entity[]>()
  for (const entity of refused) {
    const part = entity.id.split(/[.?]/).slice(3).join('.')
    const key = JSON.stringify([part, entity.rejectionReason, entity.missingPermissions])
    const alike = groups.get(key) ?? []
    alike.push(entity)
    groups.set(key, alike)
  }
  return [...groups.values()]
}

function tell(log: Log, alike: readonly Entity[]): void {
  const [first] = alike
  if (!first) return
  const { id: topic, rejectionReason: why, missingPermissions } = first
  log.warn(
    { code: 'genesys.topic_rejected', topic, topics: alike.length, why, missingPermissions },
    'Genesys Cloud does not send this topic; changes there are seen only when people are read',
  )
}
