// What is open for people. No single call tells it under client credentials: the user's conversation summary has counts only,
// conversations can be read by id, and the analytics query finds those that nothing was heard of. So each is used for what it can do,
// and as few calls are made as that needs: where what was heard and what is counted are the same, nothing is asked.

import type { Clock } from '../../domain/clock.ts'
import type { WorkReading, WorkReport } from '../../domain/report.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import type { Client } from './client.ts'
import type { Doubts } from './doubts.ts'
import { findOpen } from './open-search.ts'
import { ANALYTICS_USERS_MAX, BELIEVED_MS, REREADS_PER_USER_MAX } from './settings.ts'
import type { Surprises } from './surprises.ts'
import { Conversation, type WorkCounts } from './wire.ts'
import { channelOfSummary, itemsOf } from './work.ts'
import type { OpenItem, WorkTracker } from './work-tracker.ts'

export type OpenWorkDeps = {
  readonly client: Client
  readonly clock: Clock
  readonly surprises: Surprises
  readonly tracker: WorkTracker
  readonly doubts: Doubts
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
    for (const id of doubtful(deps, user, count).slice(0, REREADS_PER_USER_MAX)) await reader.read(id, [user])
    if (!agrees(deps, user, count)) unsure.push(user)
  }
  const searched = unsure.length === 0 || (await findAndRead(deps, { users: unsure, counts, reader }))
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

// Conversations to ask about, one by one: all of them where the counts differ from what is known. Where they are the same, those that
// only ring (whether the summary counts them is not told [could not be verified]), those not heard of since something may have been
// missed, and those not heard of for long: one that ended and one that began, both unheard, count the same.
function doubtful(deps: OpenWorkDeps, user: PlatformUserId, counts: WorkCounts | undefined): readonly string[] {
  const open = deps.tracker.open(user)
  const before = Math.max(deps.doubts.since(user), deps.clock.now() - BELIEVED_MS)
  const isDoubtful = (item: OpenItem) => item.state === 'offered' || item.heardAt <= before
  const asked = isCounted(open, counts) ? open.filter(isDoubtful) : open
  return [...new Set(asked.map(({ conversation }) => conversation))]
}

function isCounted(open: readonly OpenItem[], counts: WorkCounts | undefined): boolean {
  if (!counts) return false
  const taken = open.filter(({ state }) => state !== 'offered')
  const counted = [...counts].map(([medium, count]) => [channelOfSummary(medium), count] as const)
  const ofChannel = (channel: string) => taken.filter((item) => item.channel === channel).length
  const sum = counted.reduce((all, [channel, count]) => all + (channel ? count : 0), 0)
  return sum === taken.length && counted.every(([channel, count]) => !channel || ofChannel(channel) === count)
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
  tell(user: PlatformUserId, reports: readonly WorkReport[]): void
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
    tell,
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
  { users, counts, reader }: { users: readonly PlatformUserId[]; counts: Counts; reader: ConversationReader },
): Promise<boolean> {
  const { clock, tracker } = deps
  for (let at = 0; at < users.length; at += ANALYTICS_USERS_MAX) {
    const askedAt = clock.now()
    const found = await findOpen(deps, users.slice(at, at + ANALYTICS_USERS_MAX))
    if (!found) return false
    for (const { conversation, user, item } of found) {
      if (!item || tracker.knows(user, conversation)) continue
      reader.tell(user, tracker.take(user, conversation, [item], { at: clock.now(), askedAt }))
    }
    // Where all that is counted is known now, that is as good as having read each.
    const open = found.filter(({ user }) => !agrees(deps, user, counts.get(user)))
    const toRead = Map.groupBy(open, ({ conversation }) => conversation)
    for (const [id, ofUsers] of toRead)
      await reader.read(
        id,
        ofUsers.map(({ user }) => user),
      )
  }
  return true
}
