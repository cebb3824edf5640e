// What the org lets the bridge do, found out with a handful of queries, each in one sentence with the way to put it right.
// Whatever cannot be told is said to be so: a right is never called missing on a guess.

import type { RightFinding } from '../../../domain/platform.ts'
import type { LoggedInClient } from '../client.ts'
import type { SalesforceSettings } from '../settings.ts'
import { type Attempt, attempt, tryOut } from './rights-attempt.ts'
import { channelRight } from './rights-channel.ts'
import { API_ENABLED, NAMES_HIDDEN, NO_STATUSES, NO_STATUSES_READ, reading, viewAll } from './rights-words.ts'
import { anyOf, objectPermissions, STATUS_NAMES, systemPermissions } from './setup-soql.ts'
import { anyRow, namedRow, objectPermissionsRow, systemPermissionsRow } from './setup-wire.ts'

type RightsDeps = {
  readonly client: Pick<LoggedInClient, 'query' | 'user'>
  readonly settings: Pick<SalesforceSettings, 'stream' | 'writer'>
}

/** Everybody's records of these are needed, in queries and in events. */
const OF_EVERYBODY = ['UserServicePresence', 'AgentWork'] as const
const API_OFF: ReadonlySet<string> = new Set(['API_DISABLED_FOR_ORG', 'API_CURRENTLY_DISABLED'])

/** Throws as `query` does where the org cannot be asked at all. */
export async function findRights(deps: RightsDeps): Promise<readonly RightFinding[]> {
  const names = await attempt(() => deps.client.query('rights_statuses', STATUS_NAMES, namedRow))
  if (names.kind === 'refused' && API_OFF.has(names.code)) return [API_ENABLED]
  const [readable, everybody, channel] = await Promise.all([
    Promise.all(objectsOf(deps).map((object) => readRight(deps, object))),
    everybodyRights(deps),
    channelRight(deps.settings.stream.channel, (soql, row) =>
      tryOut(() => deps.client.query('rights_channel', soql, row, 'tooling')),
    ),
  ])
  return [namesRight(names), ...readable, ...everybody, ...channel]
}

function objectsOf({ settings }: RightsDeps): readonly string[] {
  const always = ['User', 'ServiceChannel', ...OF_EVERYBODY]
  return settings.writer === 'capacity' ? [...always, 'PendingServiceRouting'] : always
}

function namesRight(names: Attempt<{ readonly DeveloperName?: string | null | undefined }>): RightFinding {
  if (names.kind === 'refused') return names.code === 'INVALID_FIELD' ? NAMES_HIDDEN : NO_STATUSES_READ
  if (names.rows.length === 0) return NO_STATUSES
  if (names.rows.some(({ DeveloperName }) => !DeveloperName)) return NAMES_HIDDEN
  const sentence = `The API names of ${names.rows.length} presence statuses can be read.`
  return { state: 'ok', what: NAMES_HIDDEN.what, sentence }
}

async function readRight({ client }: RightsDeps, object: string): Promise<RightFinding> {
  const found = await attempt(() => client.query(`rights_${object}`, anyOf(object), anyRow))
  return reading(object, found.kind === 'rows')
}

/** "View All Records" of what the bridge must see of everybody; "View All Data" includes it. */
async function everybodyRights({ client }: RightsDeps): Promise<readonly RightFinding[]> {
  const user = client.user()
  if (user === null) return OF_EVERYBODY.map((object) => viewAll(object, 'unknown'))
  const [system, objects] = await Promise.all([
    tryOut(() => client.query('rights_system', systemPermissions(user), systemPermissionsRow)),
    tryOut(() => client.query('rights_objects', objectPermissions(user, OF_EVERYBODY), objectPermissionsRow)),
  ])
  const all = system.kind === 'rows' && system.rows.some((row) => row.PermissionsViewAllData)
  return OF_EVERYBODY.map((object) => {
    if (all) return viewAll(object, 'ok')
    // Neither object is known to stand among the object permissions of every org: no line is no proof that the right is missing.
    const lines = objects.kind === 'rows' ? objects.rows.filter((row) => row.SobjectType === object) : []
    if (lines.length === 0) return viewAll(object, 'unknown')
    return viewAll(object, lines.some((row) => row.PermissionsViewAllRecords) ? 'ok' : 'missing')
  })
}
