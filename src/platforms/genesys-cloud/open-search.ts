// Finds conversations that are open for people without anything having been heard of them.

import type { Clock } from '../../domain/clock.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import { itemOf } from './analytics-work.ts'
import type { Client } from './client.ts'
import { readUnless } from './reads.ts'
import { ANALYTICS_BACK_MS, ANALYTICS_PAGE, ANALYTICS_PAGES_MAX } from './settings.ts'
import type { Surprises } from './surprises.ts'
import { AnalyticsAnswer } from './wire.ts'
import type { DerivedItem } from './work.ts'

export type SearchDeps = { readonly client: Client; readonly clock: Clock; readonly surprises: Surprises }

export type Found = {
  readonly conversation: string
  readonly user: PlatformUserId
  /** What the search itself tells of it; undefined where it must be read. */
  readonly item: DerivedItem | undefined
}

/**
 * Conversations without an end in which these people are, or were. Needs analytics:conversationDetail:view; undefined without.
 * Whether one in which only after-call work is left counts as ended is not told [could not be verified].
 */
export async function findOpen(
  deps: SearchDeps,
  users: readonly PlatformUserId[],
): Promise<readonly Found[] | undefined> {
  const found: Found[] = []
  for (let page = 1; page <= ANALYTICS_PAGES_MAX; page++) {
    const path = '/api/v2/analytics/conversations/details/query'
    const body = query({ users, page, now: deps.clock.now() })
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
    for (const one of conversations) {
      if (one.conversationEnd) continue
      const present = new Set((one.participants ?? []).map(({ userId }) => userId?.toLowerCase()))
      for (const user of users) {
        if (!present.has(user.toLowerCase())) continue
        found.push({ conversation: one.conversationId, user, item: itemOf(one, user) })
      }
    }
    if (conversations.length < ANALYTICS_PAGE) break
  }
  return found
}

type Query = { readonly users: readonly PlatformUserId[]; readonly page: number; readonly now: number }

function query({ users, page, now }: Query): object {
  return {
    interval: `${new Date(now - ANALYTICS_BACK_MS).toISOString()}/${new Date(now + 60_000).toISOString()}`,
    order: 'desc',
    orderBy: 'conversationStart',
    paging: { pageSize: ANALYTICS_PAGE, pageNumber: page },
    segmentFilters: [
      { type: 'or', predicates: users.map((value) => ({ dimension: 'userId', operator: 'matches', value })) },
    ],
    conversationFilters: [{ type: 'and', predicates: [{ dimension: 'conversationEnd', operator: 'notExists' }] }],
  }
}
