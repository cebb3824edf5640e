// Who may choose which presence status: by permission sets, profiles (each has a permission set of its own) and permission set groups.
// That these grants stand in SetupEntityAccess at all is not verified: an answer without any line means "cannot be told".

import type { z } from 'zod'
import type { PlatformUserId, StatusId } from '../../../domain/side.ts'
import type { SalesforceClient } from '../client.ts'
import { idLists } from '../soql.ts'
import { type Attempt, tryOut } from './rights-attempt.ts'
import { assignees, grantsOf, groupsWith } from './setup-soql.ts'
import { grantRow, groupAssigneeRow, groupRow, setAssigneeRow } from './setup-wire.ts'

export type Grants = ReadonlyMap<StatusId, ReadonlySet<PlatformUserId>>

type Client = Pick<SalesforceClient, 'query'>

/** By status, for those that are asked for; undefined where it cannot be told. Muted permissions of groups are not looked at. */
export async function readGrants(client: Client, statuses: readonly StatusId[]): Promise<Grants | undefined> {
  const grants = await askAll({ client, ids: statuses, soql: grantsOf, row: grantRow })
  if (grants.kind === 'refused' || grants.rows.length === 0) return undefined
  const users = await usersOfSets(client, [...new Set(grants.rows.map(({ ParentId }) => ParentId))])
  if (users === undefined) return undefined
  const found = new Map<StatusId, Set<PlatformUserId>>(statuses.map((status) => [status, new Set()]))
  for (const { ParentId, SetupEntityId } of grants.rows) {
    const granted = found.get(SetupEntityId as StatusId)
    for (const user of users.get(ParentId) ?? []) granted?.add(user as PlatformUserId)
  }
  return found
}

/** People by permission set, those through groups included. */
async function usersOfSets(
  client: Client,
  sets: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const [direct, groups] = await Promise.all([
    askAll({ client, ids: sets, soql: (ids) => assignees('PermissionSetId', ids), row: setAssigneeRow }),
    askAll({ client, ids: sets, soql: groupsWith, row: groupRow }),
  ])
  if (direct.kind === 'refused' || groups.kind === 'refused') return undefined
  const ids = [...new Set(groups.rows.map(({ PermissionSetGroupId }) => PermissionSetGroupId))]
  const soql = (listed: string) => assignees('PermissionSetGroupId', listed)
  const grouped = await askAll({ client, ids, soql, row: groupAssigneeRow })
  if (grouped.kind === 'refused') return undefined
  const members = Map.groupBy(grouped.rows, ({ PermissionSetGroupId }) => PermissionSetGroupId)
  const pairs = [
    ...direct.rows.map((row) => [row.PermissionSetId, row.AssigneeId] as const),
    ...groups.rows.flatMap((row) =>
      (members.get(row.PermissionSetGroupId) ?? []).map(({ AssigneeId }) => [row.PermissionSetId, AssigneeId] as const),
    ),
  ]
  const bySet = Map.groupBy(pairs, ([set]) => set)
  return new Map([...bySet].map(([set, found]) => [set, found.map(([, user]) => user)]))
}

/** All lists of ids, one after the other; no id, no question. */
async function askAll<T extends z.ZodType>(ask: {
  readonly client: Client
  readonly ids: readonly string[]
  readonly soql: (ids: string) => string
  readonly row: T
}): Promise<Attempt<z.output<T>>> {
  const rows: z.output<T>[] = []
  for (const list of idLists(ask.ids)) {
    const answer = await tryOut(() => ask.client.query('grants', ask.soql(list), ask.row))
    if (answer.kind === 'refused') return answer
    rows.push(...answer.rows)
  }
  return { kind: 'rows', rows }
}
