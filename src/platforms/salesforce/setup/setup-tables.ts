// The tables of the org's set-up, and the sentences about what in them is likely to surprise.

import type { z } from 'zod'
import type { SetupTable } from '../../../domain/platform.ts'
import type {
  channelStatusPairRow,
  configuredRow,
  presenceConfigRow,
  queueRow,
  routingRow,
  serviceChannelRow,
} from './setup-wire.ts'

type Table = Omit<SetupTable, 'title'>
type Label = (status: string | null | undefined) => string
type Routing = z.output<typeof routingRow>
type Config = z.output<typeof presenceConfigRow>
type Configured = readonly z.output<typeof configuredRow>[]

const NONE = '–'
/** Names in one sentence; the table has them all. */
const NAMED_MAX = 5

export function channelTable(at: {
  readonly rows: readonly z.output<typeof serviceChannelRow>[]
  readonly pairs: readonly z.output<typeof channelStatusPairRow>[]
  readonly label: Label
}): Table {
  const statuses = Map.groupBy(at.pairs, ({ ServiceChannelId }) => ServiceChannelId)
  const labels = (channel: string) =>
    (statuses.get(channel) ?? []).map((pair) => at.label(pair.ServicePresenceStatusId))
  return {
    columns: ['channel', 'capacity', 'taken in'],
    rows: at.rows.map(({ Id, DeveloperName, CapacityModel }) => [
      DeveloperName,
      capacityModel(CapacityModel),
      listed(labels(Id)),
    ]),
    warnings: warned(
      at.rows.filter(({ Id }) => !statuses.has(Id)).map(({ DeveloperName }) => DeveloperName),
      'no presence status that takes its work: none of it reaches anybody.',
    ),
  }
}

/** Tab-based capacity is given back when the tab is closed, or all at once by logging out and in. */
function capacityModel(model: string | null | undefined): string {
  if (model === 'StatusBased') return 'until the work is done'
  return model === 'TabBased' ? 'while its tab is open' : (model ?? 'not known')
}

export function routingTable(at: {
  readonly rows: readonly Routing[]
  readonly queues: readonly z.output<typeof queueRow>[]
}): Table {
  const queues = Map.groupBy(at.queues, ({ QueueRoutingConfigId }) => QueueRoutingConfigId)
  const names = (routing: string) => (queues.get(routing) ?? []).map(({ Name }) => Name)
  return {
    columns: ['routing', 'model', 'priority', 'takes', 'push time-out', 'queues'],
    rows: at.rows.map((row) => [
      row.MasterLabel,
      row.RoutingModel ?? NONE,
      row.RoutingPriority?.toString() ?? NONE,
      takes(row),
      row.PushTimeout ? `${row.PushTimeout} s` : 'none',
      listed(names(row.Id)),
    ]),
    warnings: warned(
      at.rows.filter(({ PushTimeout }) => !PushTimeout).map(({ MasterLabel }) => MasterLabel),
      'no push time-out: work that was offered just before an agent is made busy stays offered until it is accepted or ' +
        'declined. Setup → Routing Configurations → Push Time-Out.',
    ),
  }
}

function takes({ CapacityWeight, CapacityPercentage }: Routing): string {
  if (CapacityPercentage !== null && CapacityPercentage !== undefined) return `${CapacityPercentage} %`
  return CapacityWeight?.toString() ?? NONE
}

export function configTable(at: {
  readonly rows: readonly Config[]
  readonly users: Configured
  readonly profiles: Configured
  readonly label: Label
}): Table {
  const count = (rows: Configured, config: string) => rows.filter((row) => row.PresenceUserConfigId === config).length
  return {
    columns: ['configuration', 'capacity', 'accepts', 'may decline', 'on decline', 'on push time-out', 'for'],
    rows: at.rows.map((row) => [
      row.MasterLabel,
      row.Capacity?.toString() ?? NONE,
      row.OptionsIsAutoAcceptEnabled ? 'by itself' : 'by hand',
      row.OptionsIsDeclineEnabled ? 'yes' : 'no',
      at.label(row.PresenceStatusOnDeclineId),
      at.label(row.PresenceStatusOnPushTimeoutId),
      `${counted(count(at.users, row.Id), 'user')}, ${counted(count(at.profiles, row.Id), 'profile')}`,
    ]),
    warnings: [],
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? NONE : [...names].sort().join(', ')
}

/** One sentence for all, however many they are. */
function warned(names: readonly string[], what: string): readonly string[] {
  if (names.length === 0) return []
  const shown = names.slice(0, NAMED_MAX).map((name) => `"${name}"`)
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : ''
  return [`${shown.join(', ')}${more} ${names.length === 1 ? 'has' : 'have'} ${what}`]
}
