// The organisation's presence definitions as the bridge's statuses. Ids are what is compared; every definition of the Offline
// family is the reserved OFFLINE, and writing OFFLINE uses the system's own Offline definition.

import type { Catalogue, CatalogueStatus } from '../../domain/platform.ts'
import { OFFLINE, type StatusId } from '../../domain/side.ts'
import type { Client } from './client.ts'
import {
  NOT_RESPONDING,
  OFFLINE_DEFINITION,
  ON_QUEUE_DEFINITION,
  type StatusOf,
  statusByFamily,
} from './presence-view.ts'
import { readAs, readUnless } from './reads.ts'
import { DEFINITION_PAGES_MAX } from './settings.ts'
import type { Surprises } from './surprises.ts'
import { type Definition, Definitions, normalPresence } from './wire.ts'
import { CHANNELS } from './work.ts'

export type KnownDefinitions = {
  readonly statusOf: StatusOf
  /** The definition to write for a status; undefined where none can be set. */
  toWrite(status: StatusId): { readonly id: string; readonly onQueue: boolean } | undefined
  learn(definitions: readonly Definition[]): void
}

/** Before anything was learned the families and fixed ids decide. */
export function createKnownDefinitions(): KnownDefinitions {
  const families = new Map<string, string>()
  let offline = OFFLINE_DEFINITION

  const statusOf: StatusOf = (definition) =>
    statusByFamily({ id: definition.id, systemPresence: families.get(definition.id) ?? definition.systemPresence })

  return {
    statusOf,
    toWrite(status) {
      if (status === NOT_RESPONDING) return undefined
      if (status === OFFLINE) return { id: offline, onQueue: false }
      const family = families.get(status)
      if (family === 'idle') return undefined
      return { id: status, onQueue: family === 'onqueue' || status === ON_QUEUE_DEFINITION }
    },
    learn(definitions) {
      for (const definition of definitions) families.set(definition.id, normalPresence(definition.systemPresence))
      const ofFamily = definitions.filter((definition) => normalPresence(definition.systemPresence) === 'offline')
      offline = (ofFamily.find(isSystem) ?? ofFamily[0])?.id ?? OFFLINE_DEFINITION
    },
  }
}

/** The current endpoint needs presence:presenceDefinition:view; the deprecated one needs nothing and is paged. */
export async function readDefinitions(client: Client): Promise<readonly Definition[]> {
  const path = '/api/v2/presence/definitions?deactivated=false'
  const request = { operation: 'definitions.read', method: 'GET', path, kind: 'read' } as const
  const current = await readUnless(client, request, Definitions, [403, 404])
  return current ? current.entities : await readOldDefinitions(client)
}

async function readOldDefinitions(client: Client): Promise<readonly Definition[]> {
  const found: Definition[] = []
  for (let page = 1; page <= DEFINITION_PAGES_MAX; page++) {
    const path = `/api/v2/presencedefinitions?pageNumber=${page}&pageSize=100&deleted=false&localeCode=ALL`
    const request = { operation: 'definitions.read_old', method: 'GET', path, kind: 'read' } as const
    const answer = await readAs(client, request, Definitions)
    found.push(...answer.entities)
    if (page >= (answer.pageCount ?? 1)) break
  }
  return found
}

export function toCatalogue(definitions: readonly Definition[]): Catalogue {
  const shown = definitions.filter(
    (definition) => !definition.deactivated && normalPresence(definition.systemPresence) !== 'offline',
  )
  const statuses = toldApart(shown.map((definition) => ({ definition, status: toStatus(definition) })))
  const offline = { id: OFFLINE, label: 'Offline', apiName: 'Offline', available: false, settable: true }
  return { statuses: [...statuses, offline, NOT_RESPONDING_STATUS], channels: CHANNELS }
}

const NOT_RESPONDING_STATUS: CatalogueStatus = {
  id: NOT_RESPONDING,
  label: 'Not Responding',
  apiName: 'NOT_RESPONDING',
  available: false,
  settable: false,
}

// Divisions may each own a status of the same name. The name then says which division it is of, so that a mapping can name one;
// whether people of another division can be put into it is not told, and the platform's own refusal is what says so.
function toldApart(
  all: readonly { readonly definition: Definition; readonly status: CatalogueStatus }[],
): readonly CatalogueStatus[] {
  const count = new Map<string, number>()
  for (const { status } of all) count.set(status.label, (count.get(status.label) ?? 0) + 1)
  return all.map(({ definition: { divisionId }, status }) => {
    const unique = count.get(status.label) === 1 || !divisionId || divisionId === '*'
    return unique ? status : { ...status, apiName: `${status.apiName} (division ${divisionId})` }
  })
}

/** Families of which nobody here knows what they mean; said once each. */
export function tellUnknownFamilies(definitions: readonly Definition[], surprises: Surprises): void {
  for (const { systemPresence } of definitions) {
    const family = normalPresence(systemPresence)
    if (family !== 'offline' && !FAMILIES.has(family)) surprises.unknown('family of presences', systemPresence ?? '')
  }
}

const FAMILIES = new Set(['available', 'onqueue', 'busy', 'away', 'break', 'meal', 'meeting', 'training', 'idle'])

function toStatus(definition: Definition): CatalogueStatus {
  const family = normalPresence(definition.systemPresence)
  const labels = definition.languageLabels ?? {}
  const label = labels.en_US ?? Object.values(labels).find(Boolean) ?? definition.name ?? definition.id
  return {
    id: definition.id as StatusId,
    label,
    apiName: definition.name ?? label,
    // Only the queue brings work. Of a family that is not known here nobody can say.
    available: FAMILIES.has(family) ? family === 'onqueue' : undefined,
    // Idle is what the desktop itself shows when nobody moves the mouse.
    settable: family !== 'idle',
  }
}

// `type` on the current endpoint, `primary` on the deprecated one; the fixed id on both.
function isSystem(definition: Definition): boolean {
  return definition.id === OFFLINE_DEFINITION || definition.type === 'System' || definition.primary === true
}
