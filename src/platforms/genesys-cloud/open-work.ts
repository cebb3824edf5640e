// What is open for people, read after a gap. No single call tells it under client credentials: the user's conversation summary
// has counts only, conversations can be read by id, and the analytics query finds ids. So each is used for what it can do.

import type { Clock } from '../../domain/clock.ts'
import type { WorkReading, WorkReport } from '../../domain/report.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import type { Client } from './client.ts'
import { readUnless } from './reads.ts'
import {
  ANALYTICS_BACK_MS,
  ANALYTICS_PAGE,
  ANALYTICS_PAGES_MAX,
  ANALYTICS_USERS_MAX,
  REREADS_PER_USER_MAX,
} from './settings.ts'
import type { Surprises } from './surprises.ts'
import { AnalyticsAnswer, Conversation, type WorkCounts } from './wire.ts'
import { channelOfSummary, itemsOf } from './work.ts'
import type { WorkTracker } from './work-tracker.ts'

export type OpenWorkDeps = {
  readonly client: Client
  readonly clock: Clock
  readonly surprises: Surprises
  readonly tracker: WorkTracker
  /** Hears at once what a re-read conversation has brought: the reading as a whole may still fail or stay unsure. */
  readonly onReport: (user: PlatformUserId, report: WorkReport) => void
}

/** `counts`: what the summary said for each person; undefined where it said nothing. */
export type Counts = ReadonlyMap<PlatformUserId, WorkCounts | undefined>
export type OpenWork = {
  readonly of: ReadonlyMap<PlatformUserId, readonly WorkReading[] | undefined>
  /** Of them more was counted than was found: either it ended in between, or it is not found yet. Another look may tell. */
  readonly disputed: readonly PlatformUserId[]
}

export async function readOpenWork(deps: OpenWorkDeps, counts: Counts): Promise<OpenWork> {
  const reader = createConversationReader(deps)
  const unsure: PlatformUserId[] = []
  for (const [user, count] of counts) {
    // Known conversations are asked one by one also where the summary counts nothing: it is counted late, and whether it
    // counts what only rings is not told [could not be verified].
    for (const id of deps.tracker.openConversations(user).slice(0, REREADS_PER_USER_MAX)) await reader.read(id, [user])
    if (!agrees(deps, user, count)) unsure.push(user)
  }
  const searched = unsure.length === 0 || (await findAndRead(deps, unsure, reader))
  const isComplete = (user: PlatformUserId) => {
    const count = counts.get(user)
    // Without a count the search is the answer. With one, fewer than counted means that the search lags behind (seconds to
    // minutes [not verified]), and to tell the half of it would end work that is open.
    return !reader.failed(user) && (agrees(deps, user, count) || (searched && count === undefined))
  }
  const users = [...counts.keys()]
  return {
    of: new Map(users.map((user) => [user, isComplete(user) ? deps.tracker.openItems(user) : undefined])),
    disputed: searched ? users.filter((user) => !isComplete(user) && !reader.failed(user)) : [],
  }
}

// Nothing unknown is open where no medium counts more than is known of it. By medium, because a callback and the call made for
// it are one conversation and two items, and which of them is counted is not told. A medium that is not known here cannot be found.
function agrees(deps: OpenWorkDeps, user: PlatformUserId, counts: WorkCounts | undefined): boolean {
  if (!counts) return false
  const open = deps.tracker.openItems(user)
  return [...counts].every(([medium, count]) => {
    const channel = channelOfSummary(medium)
    if (!channel) deps.surprises.unknown('medium of the conversation summary', medium)
    return !channel || open.filter((item) => item.channel === channel).length >= count
  })
}

type ConversationReader = {
  read(id: string, users: readonly PlatformUserId[]): Promise<void>
  failed(user: PlatformUserId): boolean
}

function createConversationReader(deps: OpenWorkDeps): ConversationReader {
  const { client, clock, surprises, tracker } = deps
  const failed = new Set<PlatformUserId>()
  function tell(user: PlatformUserId, reports: readonly WorkReport[]): void {
    for (const report of reports) deps.onReport(user, report)
  }
  return {
    async read(id, users) {
      const askedAt = clock.now()
      const path = `/api/v2/conversations/${encodeURIComponent(id)}`
      const request = { operation: 'conversation.read', method: 'GET', path, kind: 'read' } as const
      const outcome = await client.call(request)
      const heard = { at: clock.now(), askedAt }
      if (outcome.kind === 'status' && (outcome.status === 404 || outcome.status === 410)) {
        for (const user of users) tell(user, tracker.gone(user, id, heard))
        return
      }
      const conversation = outcome.kind === 'ok' ? Conversation.safeParse(outcome.body) : undefined
      for (const user of users) {
        if (conversation?.success)
          tell(user, tracker.take(user, id, itemsOf(conversation.data, { user, surprises, now: heard.at }), heard))
        else failed.add(user)
      }
      if (outcome.kind === 'status' && outcome.status === 403) {
        surprises.once(
          'genesys.conversations_forbidden',
          'The OAuth client may not read conversations (conversation:communication:view); open work is unknown after gaps',
        )
      }
    },
    failed: (user) => failed.has(user),
  }
}

/** False where the platform does not let the client search. */
async function findAndRead(
  deps: OpenWorkDeps,
  users: readonly PlatformUserId[],
  reader: ConversationReader,
): Promise<boolean> {
  for (let at = 0; at < users.length; at += ANALYTICS_USERS_MAX) {
    const found = await findOpen(deps, users.slice(at, at + ANALYTICS_USERS_MAX))
    if (!found) return false
    for (const [id, ofUsers] of found) await reader.read(id, ofUsers)
  }
  return true
}

// Conversations without an end are open; whether they are open for this person, the conversation itself tells. The query
// needs analytics:conversationDetail:view.
async function findOpen(
  deps: OpenWorkDeps,
  users: readonly PlatformUserId[],
): Promise<ReadonlyMap<string, readonly PlatformUserId[]> | undefined> {
  const found = new Map<string, readonly PlatformUserId[]>()
  const now = deps.clock.now()
  for (let page = 1; page <= ANALYTICS_PAGES_MAX; page++) {
    const body = {
      interval: `${new Date(now - ANALYTICS_BACK_MS).toISOString()}/${new Date(now + 60_000).toISOString()}`,
      order: 'desc',
      orderBy: 'conversationStart',
      paging: { pageSize: ANALYTICS_PAGE, pageNumber: page },
      segmentFilters: [
        { type: 'or', predicates: users.map((value) => ({ dimension: 'userId', operator: 'matches', value })) },
      ],
      conversationFilters: [{ type: 'and', predicates: [{ dimension: 'conversationEnd', operator: 'notExists' }] }],
    }
    const path = '/api/v2/analytics/conversations/details/query'
    const request = { operation: 'analytics.open_work', method: 'POST', path, body, kind: 'read' } as const
    const answer = await readUnless(deps.client, request, AnalyticsAnswer, [403])
    if (!answer) {
      deps.surprises.once(
        'genesys.analytics_forbidden',
        'The OAuth client may not search conversations (analytics:conversationDetail:view); open work may be unknown after gaps',
      )
      return undefined
    }
    const conversations = answer.conversations ?? []
    for (const { conversationId, conversationEnd, participants } of conversations) {
      if (conversationEnd) continue
      const present = new Set((participants ?? []).map((participant) => participant.userId?.toLowerCase()))
      found.set(
        conversationId,
        users.filter((user) => present.has(user.toLowerCase())),
      )
    }
    if (conversations.length < ANALYTICS_PAGE) break
  }
  return found
}
