// Two platforms with three agents, for files that are checked against what is really there.

import type { Catalogue, CatalogueStatus, Person } from '../../src/domain/platform.ts'
import type { PlatformUserId, StatusId } from '../../src/domain/side.ts'
import type { LoadOptions } from '../../src/mapping/compile-text.ts'

function status(id: string, label: string, more: Partial<CatalogueStatus> = {}): CatalogueStatus {
  const apiName = label.replaceAll(' ', '_')
  return { id: id as StatusId, label, apiName, available: false, settable: true, ...more }
}

function person(name: string, side: string): Person {
  const email = `${name}@acme.example`
  return { user: `${side}-${name}` as PlatformUserId, username: email, email, employeeId: null, name, groups: {} }
}

const NAMES = ['ann', 'ben', 'cid']

const crm: Catalogue = {
  statuses: [
    status('0N5a', 'On Queue', { available: true }),
    status('0N5b', 'Lunch'),
    status('0N5c', 'Busy', { grantedTo: new Set(['crm-ann', 'crm-ben'] as PlatformUserId[]) }),
    status('0N5d', 'Missed Call'),
    status('0N5e', 'Transition'),
    status('0N5f', 'Wrap Up', { apiName: 'Busy_Wrap' }),
    status('0N5g', 'Busy_Wrap', { apiName: 'Other' }),
  ],
  channels: ['chat', 'case'],
}

const telephony: Catalogue = {
  statuses: [
    status('q', 'On Queue', { available: true }),
    status('m', 'Meal'),
    status('a', 'Available'),
    status('b', 'Busy'),
    status('nr', 'Not Responding', { settable: false }),
  ],
  channels: ['call', 'callback'],
}

export const PLATFORMS = {
  catalogue: { crm, telephony },
  people: { crm: NAMES.map((name) => person(name, 'crm')), telephony: NAMES.map((name) => person(name, 'telephony')) },
} as const satisfies Partial<LoadOptions>
