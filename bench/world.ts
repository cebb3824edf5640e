// The contact centre of the benchmark: its people and statuses, the same in every process that asks for as many agents.

import { SYSTEM_IDS } from '../src/sandbox/genesys-cloud/definitions.ts'
import { createRecordIds } from '../src/sandbox/salesforce/record-ids.ts'

export type BenchAgent = {
  readonly name: string
  readonly email: string
  /** Salesforce user id. */
  readonly crm: string
  /** Genesys Cloud user id. */
  readonly telephony: string
}

export type BenchStatus = {
  readonly label: string
  readonly apiName: string
  /** Salesforce record id. */
  readonly crm: string
  /** Genesys Cloud presence definition. */
  readonly definition: string
  readonly family: string
}

export const AUDIENCE = 'bench'
export const ORIGIN = 'https://bench.lightning.force.com'
export const CREDENTIALS = { clientId: 'bench-client', clientSecret: 'bench-secret' }
export const API_VERSION = '67.0'
export const CHANNEL = '/data/PresenceBridge__chn'

const NAMES = [
  ['On Queue', SYSTEM_IDS['On Queue'], 'On Queue'],
  ['Lunch', SYSTEM_IDS.Meal, 'Meal'],
  ['Break', SYSTEM_IDS.Break, 'Break'],
  ['Meeting', SYSTEM_IDS.Meeting, 'Meeting'],
  ['Training', SYSTEM_IDS.Training, 'Training'],
  ['Busy', SYSTEM_IDS.Busy, 'Busy'],
  ['Transition', SYSTEM_IDS.Away, 'Away'],
] as const

/** The last one is the transition status; agents move among the others, each of which is mapped with its namesake. */
export const STATUSES: readonly BenchStatus[] = makeStatuses()
export const MOVED_AMONG = STATUSES.length - 1

function makeStatuses(): readonly BenchStatus[] {
  const id = createRecordIds()
  return NAMES.map(([label, definition, family]) => ({
    label,
    apiName: label.replace(' ', '_'),
    crm: id('ServicePresenceStatus'),
    definition,
    family,
  }))
}

export function createPeople(count: number): readonly BenchAgent[] {
  const id = createRecordIds()
  return Array.from({ length: count }, (_, index) => ({
    name: `Agent ${index}`,
    email: `agent${index}@bench.example`,
    crm: id('User'),
    telephony: `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
  }))
}

/**
 * A mapping file with blocks and transitions on, as in service. The conflict window is a millisecond: an agent under load changes sides faster
 * than a person, and a conflict would swallow changes that are counted here.
 */
export function mappingText(): string {
  const rows = STATUSES.slice(0, MOVED_AMONG).map(({ label }) => `  - { crm: ${label}, telephony: ${label} }`)
  return [
    'version: 1',
    'available: { crm: [On Queue], telephony: [On Queue] }',
    'mapped:',
    ...rows,
    'transition: { crm: Transition, telephony: Transition }',
    'conflict: { window: 1ms }',
    'blocking:',
    '  telephony: { channels: [chat, case], release_after: 5s }',
    '  crm: { channels: [call, chat] }',
    'limits: { writes_per_minute: 600 }',
    '',
  ].join('\n')
}
