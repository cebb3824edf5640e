// Many presences in one call, and for each of them whether it is known to stand.

import type { WriteResult } from '../../domain/platform.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import type { CallClass } from '../shared/call-classes.ts'
import type { CallOutcome, Client } from './client.ts'
import { BulkPresences, WrittenPresences } from './wire.ts'
import { classify, type NewPresence, type WriteTarget } from './write.ts'

export type BulkDeps = {
  readonly client: Client
  readonly linkUp: () => boolean
  /** One presence by a call of its own. */
  readonly writeOne: (target: WriteTarget, presence: NewPresence) => Promise<WriteResult>
}

type Member = { readonly target: WriteTarget; readonly presence: NewPresence }

export type BulkResults<One> = {
  readonly settled: ReadonlyMap<One, WriteResult>
  /** Of whom it is not known, or known not to be: to be written alone. */
  readonly left: readonly One[]
  /** The call as a whole was refused, in these words. */
  readonly refused: string | undefined
}

export async function writeMany<One extends Member>(
  deps: BulkDeps,
  kind: CallClass,
  members: readonly One[],
): Promise<BulkResults<One>> {
  const outcome = await put(deps.client, kind, members)
  if (outcome.kind === 'status' && outcome.status < 500)
    return { settled: new Map(), left: members, refused: outcome.message }
  if (outcome.kind !== 'ok') return allAlike(members, classify(outcome, 'presence.write', deps.linkUp()))
  const told = WrittenPresences.safeParse(outcome.body)
  const shown = new Map((told.data ?? []).map((one) => [lower(one.userId ?? one.id), one.presenceDefinition?.id]))
  const open = members.filter((member) => !stands(member, shown))
  const read = await readBack(deps.client, kind, open)
  const left = open.filter((member) => !stands(member, read))
  const settled = members.filter((member) => !left.includes(member))
  return { settled: allAlike(settled, { kind: 'accepted' }).settled, left, refused: undefined }
}

/** Unverified: how many it takes, and what it says of those whom it does not change. */
function put(client: Client, kind: CallClass, members: readonly Member[]): Promise<CallOutcome> {
  const path = '/api/v2/users/presences/bulk'
  const body = members.map(({ target, presence }) => ({ id: target.user, ...presence }))
  const deadline = Math.min(...members.map(({ target }) => target.options.deadline))
  return client.call({ operation: 'presences.write', method: 'PUT', path, body, kind, deadline })
}

async function readBack(
  client: Client,
  kind: CallClass,
  members: readonly Member[],
): Promise<ReadonlyMap<string, string | undefined>> {
  if (members.length < 2) return new Map()
  const path = `/api/v2/users/presences/purecloud/bulk?id=${members.map(({ target }) => target.user).join(',')}`
  const outcome = await client.call({ operation: 'presences.read', method: 'GET', path, kind })
  const found = BulkPresences.safeParse(outcome.kind === 'ok' ? outcome.body : [])
  return new Map((found.data ?? []).map((one) => [lower(one.userId), one.presenceDefinition?.id]))
}

function stands({ target, presence }: Member, shown: ReadonlyMap<string, string | undefined>): boolean {
  return shown.get(lower(target.user)) === presence.presenceDefinition.id
}

function allAlike<One>(members: readonly One[], result: WriteResult): BulkResults<One> {
  return { settled: new Map(members.map((member) => [member, result])), left: [], refused: undefined }
}

function lower(user: PlatformUserId | string | null | undefined): string {
  return (user ?? '').toLowerCase()
}
