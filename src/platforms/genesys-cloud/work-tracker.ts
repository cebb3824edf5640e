// Remembers the items of each user as last heard, so that equal states are told once, a late event does not turn a
// connection back, and a snapshot knows which conversations to ask about.

import { ENDED_WORK_MAX, OPEN_WORK_MAX } from '../../domain/limits.ts'
import type { WorkReading, WorkReport } from '../../domain/report.ts'
import type { WorkState } from '../../domain/work.ts'
import { isOpen } from '../../domain/work.ts'
import type { DerivedItem } from './work.ts'

const ITEMS_MAX = OPEN_WORK_MAX + ENDED_WORK_MAX

type Known = DerivedItem & { readonly conversation: string; readonly stampAt: number; readonly heardAt: number }

/** When an event was heard, or a reading was answered; of a reading also when it was asked. ms since 1970. */
type Heard = { readonly at: number; readonly askedAt?: number }

export type OpenItem = Pick<Known, 'item' | 'conversation' | 'channel' | 'state' | 'heardAt'>

export type WorkTracker = {
  /** What is new in these items of one conversation; `heard.at` stands in where the platform gave no time. */
  take(user: string, conversation: string, items: readonly DerivedItem[], heard: Heard): readonly WorkReport[]
  /** A conversation that the platform does not have any more: its open items have ended. */
  gone(user: string, conversation: string, heard: Heard): readonly WorkReport[]
  /** The user's open items with the conversation of each, oldest first. */
  open(user: string): readonly OpenItem[]
  /** Whether anything was ever heard of this user in this conversation, also that it is over. */
  knows(user: string, conversation: string): boolean
  openItems(user: string): readonly WorkReading[]
}

export function createWorkTracker(): WorkTracker {
  const users = new Map<string, Map<string, Known>>()

  function ofUser(user: string): Map<string, Known> {
    const known = users.get(user) ?? new Map<string, Known>()
    users.set(user, known)
    return known
  }

  function accept(user: string, conversation: string, item: DerivedItem, heard: Heard): WorkReport | undefined {
    const items = ofUser(user)
    const before = items.get(item.item)
    if (before && isLate(before, item, heard)) return undefined
    const stampAt = stampOf(before, item, heard.at)
    // Newest last: what is dropped at the limit is what was silent longest.
    items.delete(item.item)
    items.set(item.item, { ...item, conversation, stampAt, heardAt: heard.at })
    if (items.size > ITEMS_MAX) dropOldest(items)
    if (before && !isNews(before.state, item.state)) return undefined
    return { kind: 'work', item: item.item, channel: item.channel, state: item.state, stamp: { at: stampAt } }
  }

  return {
    take(user, conversation, items, heard) {
      return items.flatMap((item) => accept(user, conversation, item, heard) ?? [])
    },
    gone(user, conversation, heard) {
      const open = [...ofUser(user).values()].filter((known) => known.conversation === conversation)
      return open.flatMap((known) => {
        if (!isOpen(known.state)) return []
        return accept(user, conversation, { ...known, state: 'closed', at: undefined }, heard) ?? []
      })
    },
    open: (user) => [...(users.get(user)?.values() ?? [])].filter((known) => isOpen(known.state)),
    knows: (user, conversation) =>
      [...(users.get(user)?.values() ?? [])].some((known) => known.conversation === conversation),
    openItems(user) {
      return [...(users.get(user)?.values() ?? [])]
        .filter((known) => isOpen(known.state))
        .map(({ item, channel, state, stampAt }) => ({ item, channel, state, stamp: { at: stampAt } }))
    },
  }
}

// `disconnected` and `terminated` come back to back, the second sometimes with less to tell; the first end stands.
function isNews(before: WorkState, after: WorkState): boolean {
  return before !== after && (isOpen(before) || isOpen(after))
}

// No order of events is promised, and a connection that only rings has no time of its own by which the engine could tell that
// it is late. A reading that was asked after the item was last heard of is the truth, whatever was heard before.
function isLate(before: Known, item: DerivedItem, heard: Heard): boolean {
  if (heard.askedAt !== undefined && heard.askedAt > before.heardAt) return false
  if (item.progress !== before.progress) return item.progress < before.progress
  return item.at !== undefined && before.at !== undefined && item.at < before.at
}

// What moves on is at least as new as what was told before: receive times of the bridge's clock and times of the platform's
// are mixed, and a small difference between the clocks must not make news look stale.
function stampOf(before: Known | undefined, item: DerivedItem, heardAt: number): number {
  return Math.max(item.at ?? heardAt, before?.stampAt ?? 0)
}

function dropOldest(items: Map<string, Known>): void {
  const ended = [...items.values()].find((known) => !isOpen(known.state))
  const oldest = ended?.item ?? items.keys().next().value
  if (oldest !== undefined) items.delete(oldest)
}
