// Whether the change-data channel is there and has the members that the bridge listens to. Only the Tooling API tells, and what it gives
// for standard change events (names or ids) is not verified: so only what is clear is called missing.

import type { z } from 'zod'
import type { RightFinding } from '../../../domain/platform.ts'
import type { Attempt } from './rights-attempt.ts'
import { EVENT_CHANNEL_MEMBERS, EVENT_CHANNELS } from './setup-soql.ts'
import { channelMemberRow, namedRow } from './setup-wire.ts'

type Ask = <T extends z.ZodType>(soql: string, row: T) => Promise<Attempt<z.output<T>>>
type Member = z.output<typeof channelMemberRow>

const EVENTS = ['UserServicePresenceChangeEvent', 'AgentWorkChangeEvent'] as const
/** Always there, whatever it carries. */
const STANDARD = 'ChangeEvents'
const WHAT = 'hear change events'

/** `channel`: "/data/PresenceBridge__chn". */
export async function channelRight(channel: string, ask: Ask): Promise<readonly RightFinding[]> {
  const name = channel.split('/').at(-1) ?? ''
  const [channels, members] = await Promise.all([
    ask(EVENT_CHANNELS, namedRow),
    ask(EVENT_CHANNEL_MEMBERS, channelMemberRow),
  ])
  if (channels.kind === 'refused' || members.kind === 'refused') {
    const path =
      'Setup → Permission Sets → Presence Bridge Integration → System Permissions → View Setup and Configuration'
    return [
      unknown(
        `Whether the channel ${channel} carries what the bridge listens to cannot be told: ${path} would show it.`,
      ),
    ]
  }
  const custom = channels.rows.find(({ DeveloperName }) => sameChannel(DeveloperName, name))
  if (custom === undefined && name !== STANDARD) {
    const sentence = `The org has no change-data channel ${channel}: deploy the folder salesforce/, or correct crm.stream.channel.`
    return [{ state: 'missing', what: WHAT, sentence }]
  }
  const own = members.rows.filter((member) => belongs(member, name, custom?.Id))
  return EVENTS.map((event) => eventRight({ event, channel, own }))
}

function eventRight(at: {
  readonly event: string
  readonly channel: string
  readonly own: readonly Member[]
}): RightFinding {
  const { event, channel, own } = at
  if (own.some((member) => member.SelectedEntity === event || member.DeveloperName?.endsWith(`_${event}`)))
    return { state: 'ok', what: WHAT, sentence: `${event} is a member of ${channel}.` }
  const path = channel.endsWith(`/${STANDARD}`)
    ? 'Setup → Change Data Capture'
    : 'deploy the folder salesforce/ (platformEventChannelMembers)'
  // A member under another name, with an id for its event, may be the one that is looked for.
  if (own.some((member) => !member.SelectedEntity?.endsWith('Event')))
    return unknown(
      `Whether ${event} is a member of ${channel} cannot be told from its members' names; if not: ${path}.`,
    )
  return {
    state: 'missing',
    what: WHAT,
    sentence: `${event} is no member of ${channel}, so none of them will come: ${path}.`,
  }
}

/** The developer name leaves the suffix out or has it with one underscore. */
function sameChannel(developerName: string | null | undefined, name: string): boolean {
  const plain = (text: string) => text.replace(/_{1,2}chn$/, '')
  return developerName !== null && developerName !== undefined && plain(developerName) === plain(name)
}

function belongs({ EventChannel, DeveloperName }: Member, name: string, id: string | undefined): boolean {
  if (EventChannel === name || sameChannel(EventChannel, name)) return true
  if (id !== undefined && EventChannel?.slice(0, 15) === id.slice(0, 15)) return true
  return DeveloperName?.startsWith(`${name.replace('__', '_')}_`) ?? false
}

function unknown(sentence: string): RightFinding {
  return { state: 'unknown', what: WHAT, sentence }
}
