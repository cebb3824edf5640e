// What the organisation lets the OAuth client do, found out by asking for it, each in one sentence with the way to put it right. What
// cannot be tried without changing something is said to be unknown: a right is never called missing on a guess.

import { CredentialsRefused, type RightFinding } from '../../domain/platform.ts'
import type { CallOutcome, CallRequest, Client } from './client.ts'
import { NotNow } from './reads.ts'
import type { GenesysCloudSettings } from './settings.ts'

type RightsDeps = {
  readonly client: Client
  readonly settings: Pick<GenesysCloudSettings, 'logOut'>
  /** ms since 1970. */
  readonly now: number
}

/** `path`: how an admin finds the permission in the list of a role. */
type Right = {
  readonly what: string
  readonly permission: string
  readonly path: string
  /** What the bridge does without it, where it can do without. */
  readonly instead?: string
}

const DEFINITIONS: Right = {
  what: 'read presence definitions',
  permission: 'presence:presenceDefinition:view',
  path: 'Presence › Presence Definition › View',
  instead: 'the older list of statuses is read meanwhile, which may lack those that a division owns',
}
const PEOPLE: Right = { what: 'read people', permission: 'directory:user:view', path: 'Directory › User › View' }
const CONVERSATIONS: Right = {
  what: 'read conversations',
  permission: 'conversation:communication:view',
  path: 'Conversation › Communication › View',
}
const SEARCH: Right = {
  what: 'search conversations',
  permission: 'analytics:conversationDetail:view',
  path: 'Analytics › Conversation Detail › View',
}
const PRESENCE: Right = {
  what: "set people's presence",
  permission: 'presence:userPresence:edit',
  path: 'Presence › User Presence › Edit',
}
const TOKENS: Right = { what: 'log people out', permission: 'oauth:token:delete', path: 'OAuth › Token › Delete' }

/** No conversation has it. */
const NOBODYS_ID = '00000000-0000-4000-8000-000000000000'

/** Throws CredentialsRefused or NotNow where nothing can be asked at all. */
export async function findRights({ client, settings, now }: RightsDeps): Promise<readonly RightFinding[]> {
  const tried = await Promise.all([
    ask(client, DEFINITIONS, {
      operation: 'rights.definitions',
      method: 'GET',
      path: '/api/v2/presence/definitions',
      kind: 'read',
    }),
    ask(client, PEOPLE, {
      operation: 'rights.people',
      method: 'GET',
      path: '/api/v2/users?pageSize=1&pageNumber=1',
      kind: 'read',
    }),
    ask(client, CONVERSATIONS, {
      operation: 'rights.conversations',
      method: 'GET',
      path: `/api/v2/conversations/${NOBODYS_ID}`,
      kind: 'read',
    }),
    ask(client, SEARCH, {
      operation: 'rights.search',
      method: 'POST',
      path: '/api/v2/analytics/conversations/details/query',
      body: lastMinute(now),
      kind: 'read',
    }),
  ])
  const untried = settings.logOut === 'tokens' ? [PRESENCE, TOKENS] : [PRESENCE]
  return [...tried, ...untried.map(untold)]
}

async function ask(client: Client, right: Right, request: CallRequest): Promise<RightFinding> {
  return judge(right, await client.call(request))
}

function judge(right: Right, outcome: CallOutcome): RightFinding {
  const { what, permission, path, instead } = right
  switch (outcome.kind) {
    case 'credentials':
      throw new CredentialsRefused(outcome.message)
    case 'limited':
    case 'network':
      throw new NotNow(outcome.message)
    case 'ok':
      return { state: 'ok', what, sentence: `The OAuth client may ${what}.` }
    case 'status': {
      // That there is no such conversation is only told to those who may look.
      if (outcome.status === 404) return { state: 'ok', what, sentence: `The OAuth client may ${what}.` }
      // A 403 may have other causes, such as a feature that the organisation does not have; its words tell.
      const isMissing = outcome.status === 403 && /permission/i.test(outcome.message)
      const way = `its role needs "${path}" (${permission}), granted for the divisions of the agents`
      if (isMissing && instead === undefined)
        return { state: 'missing', what, sentence: `The OAuth client may not ${what}: ${way}.` }
      if (isMissing)
        return { state: 'unknown', what, sentence: `The OAuth client may not ${what}: ${way}; ${instead}.` }
      const answer = `the answer was ${outcome.status}, "${outcome.message}"`
      return {
        state: 'unknown',
        what,
        sentence: `Whether the OAuth client may ${what} is not known: ${answer}; ${way}.`,
      }
    }
  }
}

function untold({ what, permission, path }: Right): RightFinding {
  const sentence = `Whether the OAuth client may ${what} shows when it is first done: its role needs "${path}" (${permission}).`
  return { state: 'unknown', what, sentence }
}

function lastMinute(now: number): object {
  const interval = `${new Date(now - 60_000).toISOString()}/${new Date(now).toISOString()}`
  return { interval, order: 'desc', orderBy: 'conversationStart', paging: { pageSize: 1, pageNumber: 1 } }
}
