// What became of the work of a period: how much, how soon it was accepted, how long it took, by side and channel.

import type { LogRecord } from '../domain/record.ts'
import { type AgentId, SIDES, type Side } from '../domain/side.ts'
import { END_STATES, isOpen, OPEN_STATES, type WorkState } from '../domain/work.ts'
import { REPORT_KEYS_MAX } from './limits.ts'
import { createSpread, type Spread, type SpreadFigures } from './spread.ts'
import { decisionOn } from './statuses.ts'

export type WorkFigures = {
  readonly side: Side
  /** Null where the platform did not name one. */
  readonly channel: string | null
  readonly offered: number
  readonly accepted: number
  /** How they ended. */
  readonly ended: Readonly<Partial<Record<WorkState, number>>>
  /** By the platforms' own times, ms. */
  readonly speedToAccept: SpreadFigures | null
  /** From the acceptance until the end, with what was to be done afterwards. */
  readonly handleTime: SpreadFigures | null
}

type Item = { channel: string | null; offeredAt: number | null; acceptedAt: number | null }
type Count = {
  offered: number
  accepted: number
  ended: Partial<Record<WorkState, number>>
  speed: Spread
  handling: Spread
}

export type WorkCount = {
  take(record: LogRecord): void
  figures(): readonly WorkFigures[]
}

const STATES: ReadonlySet<string> = new Set([...OPEN_STATES, ...END_STATES])

export function createWorkCount(): WorkCount {
  /** Open ones; past the limit the oldest is not followed any more. */
  const items = new Map<string, Item>()
  const counts: Record<Side, Map<string | null, Count>> = { crm: new Map(), telephony: new Map() }

  function countOf(side: Side, channel: string | null): Count {
    const known = counts[side].get(channel) ?? newCount()
    counts[side].set(channel, known)
    return known
  }

  function itemOf(key: string, channel: string | null): Item {
    const item = items.get(key) ?? { channel: null, offeredAt: null, acceptedAt: null }
    item.channel = channel ?? item.channel
    items.set(key, item)
    const oldest = items.size > REPORT_KEYS_MAX ? items.keys().next().value : undefined
    if (oldest !== undefined) items.delete(oldest)
    return item
  }

  function moved(
    item: Item,
    { side, state, at }: { readonly side: Side; readonly state: WorkState; readonly at: number },
  ): void {
    const count = countOf(side, item.channel)
    const wasOpen = item.offeredAt !== null || item.acceptedAt !== null
    if (state === 'offered' && !wasOpen) {
      item.offeredAt = at
      count.offered += 1
    } else if (isOpen(state) && item.acceptedAt === null) {
      item.acceptedAt = at
      count.accepted += 1
      if (item.offeredAt !== null) count.speed.add(at - item.offeredAt)
    } else if (!isOpen(state)) {
      count.ended[state] = (count.ended[state] ?? 0) + 1
      if (item.acceptedAt !== null) count.handling.add(at - item.acceptedAt)
    }
  }

  return {
    take(record) {
      const news = newsOf(record)
      if (news === null) return
      const key = keyOf(record.agent, news)
      const item = items.has(key) || isOpen(news.state) ? itemOf(key, news.channel) : null
      if (item === null) return // its end only: it began before the period
      moved(item, news)
      if (!isOpen(news.state)) items.delete(key)
    },
    figures: () =>
      SIDES.flatMap((side) =>
        [...counts[side]]
          .map(([channel, { offered, accepted, ended, speed, handling }]) => ({
            ...{ side, channel, offered, accepted, ended },
            ...{ speedToAccept: speed.figures(), handleTime: handling.figures() },
          }))
          .sort((a, b) => b.accepted + b.offered - a.accepted - a.offered),
      ),
  }
}

type News = {
  readonly side: Side
  readonly item: string
  readonly channel: string | null
  readonly state: WorkState
  readonly at: number
}

function newsOf({ event, ...record }: LogRecord): News | null {
  const { kind, side, item, state, channel = null } = event
  if (kind !== 'work' || side === undefined || item === undefined || state === undefined || !STATES.has(state))
    return null
  const reason = decisionOn(record, side)?.reason
  if (reason === 'repeat' || reason === 'stale' || reason === 'unknown_agent') return null
  return { side, item, channel, state: state as WorkState, at: Date.parse(event.at) }
}

function keyOf(agent: AgentId, { side, item }: News): string {
  return `${agent} ${side} ${item}`
}

function newCount(): Count {
  return { offered: 0, accepted: 0, ended: {}, speed: createSpread(), handling: createSpread() }
}
