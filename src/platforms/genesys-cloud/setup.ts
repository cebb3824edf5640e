// What in the organisation's own settings changes how presence behaves, for admins to read.

import type { PlatformSetup, SetupTable } from '../../domain/platform.ts'
import type { Client } from './client.ts'
import { NOT_RESPONDING } from './presence-view.ts'
import { readUnless } from './reads.ts'
import { PresenceSettings } from './wire.ts'

/** Presence may be set by several systems; this is the platform's own [derived from the events' source]. */
const OWN_SOURCE = 'PURECLOUD'

export async function readSetup(client: Client): Promise<PlatformSetup> {
  const path = '/api/v2/presence/settings'
  const request = { operation: 'settings.read', method: 'GET', path, kind: 'read' } as const
  const settings = await readUnless(client, request, PresenceSettings, [403, 404])
  return {
    tables: [settings ? tableOf(settings) : UNREAD],
    setByItself: [{ status: NOT_RESPONDING, when: 'when an offer is not answered' }],
  }
}

const TITLE = 'Presence settings'
const COLUMNS = ['setting', 'value']

// Which permission reading them needs is not told [could not be verified].
const UNREAD: SetupTable = {
  title: TITLE,
  columns: COLUMNS,
  rows: [],
  warnings: ['The presence settings could not be read; whether going off the queue is only a request is not known'],
}

function restoring({ restorePresenceSettings: restore }: PresenceSettings): string {
  if (restore?.enabled == null) return 'not told'
  if (!restore.enabled) return 'the status at log-in'
  const within = restore.restoreTimeMilliseconds == null ? '' : ` within ${restore.restoreTimeMilliseconds / 1_000} s`
  return `the status before${within}${restore.restoreOnQueueEnabled ? ', also On Queue' : ', never On Queue'}`
}

function tableOf(settings: PresenceSettings): SetupTable {
  const { requestingOffQueueEnabled: requesting, defaultPrimaryPresenceRegisteredSourceId: source } = settings
  const foreign = source != null && source.toUpperCase() !== OWN_SOURCE
  return {
    title: TITLE,
    columns: COLUMNS,
    rows: [
      [
        'off the queue during work',
        requesting == null ? 'not told' : requesting ? 'a request until the work is done' : 'at once',
      ],
      ['after a lost connection', restoring(settings)],
      ['primary source of presence', source ?? 'not told'],
    ],
    warnings: [
      ...(requesting
        ? [
            'Going off the queue during work is only a request: a status that takes an agent off it stands when the work is done',
          ]
        : []),
      ...(foreign
        ? [`Another system (${source}) is the primary source of presence unless a person has a source of their own`]
        : []),
    ],
  }
}
