// The org's set-up as an admin reads it: service channels, routing, presence configurations, and what in them is likely to surprise.

import type { z } from 'zod'
import type { PlatformSetup, SetupTable } from '../../../domain/platform.ts'
import type { StatusId } from '../../../domain/side.ts'
import type { SalesforceClient } from '../client.ts'
import { type Attempt, tryOut } from './rights-attempt.ts'
import {
  CONFIGURED_PROFILES,
  CONFIGURED_USERS,
  PRESENCE_CONFIGS,
  QUEUES,
  ROUTING,
  SERVICE_CHANNELS,
  STATUS_LABELS,
  STATUSES_OF_CHANNELS,
} from './setup-soql.ts'
import { channelTable, configTable, routingTable } from './setup-tables.ts'
import {
  channelStatusPairRow,
  configuredRow,
  labelRow,
  presenceConfigRow,
  queueRow,
  routingRow,
  serviceChannelRow,
} from './setup-wire.ts'

type Config = z.output<typeof presenceConfigRow>

/** Throws as `query` does where the org cannot be asked; what this user may not read is a warning in its table. */
export async function readSetup({
  client,
}: {
  readonly client: Pick<SalesforceClient, 'query'>
}): Promise<PlatformSetup> {
  const ask = <T extends z.ZodType>(soql: string, row: T) => tryOut(() => client.query('setup', soql, row))
  const [labels, channels, pairs, routings, queues, configs, users, profiles] = await Promise.all([
    ask(STATUS_LABELS, labelRow),
    ask(SERVICE_CHANNELS, serviceChannelRow),
    ask(STATUSES_OF_CHANNELS, channelStatusPairRow),
    ask(ROUTING, routingRow),
    ask(QUEUES, queueRow),
    ask(PRESENCE_CONFIGS, presenceConfigRow),
    ask(CONFIGURED_USERS, configuredRow),
    ask(CONFIGURED_PROFILES, configuredRow),
  ])
  const labelOf = new Map(rowsOf(labels).map(({ Id, MasterLabel }) => [Id, MasterLabel]))
  const label = (status: string | null | undefined) => (status ? (labelOf.get(status) ?? status) : '–')
  return {
    tables: [
      table(channels, 'Service channels', (rows) => channelTable({ rows, pairs: rowsOf(pairs), label })),
      table(routings, 'Routing configurations', (rows) => routingTable({ rows, queues: rowsOf(queues) })),
      table(configs, 'Presence configurations', (rows) =>
        configTable({ rows, users: rowsOf(users), profiles: rowsOf(profiles), label }),
      ),
    ],
    setByItself: setByItself(rowsOf(configs)),
  }
}

function rowsOf<T>(answer: Attempt<T>): readonly T[] {
  return answer.kind === 'rows' ? answer.rows : []
}

function table<T>(
  answer: Attempt<T>,
  title: string,
  make: (rows: readonly T[]) => Omit<SetupTable, 'title'>,
): SetupTable {
  if (answer.kind === 'rows') return { title, ...make(answer.rows) }
  return {
    title,
    columns: [],
    rows: [],
    warnings: [`This part of the set-up cannot be read by the run-as user (${answer.code}).`],
  }
}

function setByItself(configs: readonly Config[]): PlatformSetup['setByItself'] {
  const moments = configs.flatMap((config) => [
    // Without "decline" there is nothing that the status could follow.
    ...(config.OptionsIsDeclineEnabled ? [[config.PresenceStatusOnDeclineId, 'when work is declined'] as const] : []),
    [config.PresenceStatusOnPushTimeoutId, 'when work is not accepted in time'] as const,
  ])
  const known = new Map<string, PlatformSetup['setByItself'][number]>()
  for (const [status, when] of moments) if (status) known.set(`${status} ${when}`, { status: status as StatusId, when })
  return [...known.values()]
}
