// How often and how long people were blocked in a period, and what they made of it.

import type { Span } from '../domain/history.ts'
import type { LogRecord } from '../domain/record.ts'
import { type AgentId, type BySide, SIDES, type Side } from '../domain/side.ts'
import { type Blocks, createBlocks } from './blocks.ts'
import { createSpread, type Spread, type SpreadFigures } from './spread.ts'
import { decisionOn } from './statuses.ts'

export type BlockFigures = {
  /** Blocks that ended or still stand, with their length until then. */
  readonly length: SpreadFigures | null
  /** Of these, where nothing had to be written all the time. */
  readonly quiet: number
  /** The agent chose otherwise: written again, or given way. */
  readonly reasserted: number
  readonly overridden: number
  /** Stood for hours. */
  readonly stuck: number
  readonly released: number
  readonly totalMs: number
}

type Count = {
  length: Spread
  quiet: number
  reasserted: number
  overridden: number
  stuck: number
  released: number
  totalMs: number
}

export type BlockCount = {
  take(record: LogRecord): void
  figures(): BySide<BlockFigures>
}

export function createBlockCount({ from, to }: Required<Span>): BlockCount {
  const counts: BySide<Count> = { crm: newCount(), telephony: newCount() }
  const agents: BySide<Map<AgentId, Blocks>> = { crm: new Map(), telephony: new Map() }

  function over(side: Side, spells: ReturnType<Blocks['spells']>): void {
    const [first, last] = [spells[0], spells.at(-1)]
    if (first === undefined || last === undefined) return
    const end = last.to ?? to
    if (end <= from) return
    const ms = Date.parse(end) - Date.parse(first.from < from ? from : first.from)
    const count = counts[side]
    count.length.add(ms)
    count.totalMs += ms
    if (spells.every(({ phase }) => phase === 'quiet')) count.quiet += 1
  }

  function said(side: Side, record: LogRecord): void {
    const reason = decisionOn(record, side)?.reason
    const count = counts[side]
    if (reason === 'reasserted') count.reasserted += 1
    else if (reason === 'overridden') count.overridden += 1
    else if (reason === 'still_blocked' && record.event.kind === 'timer') count.stuck += 1
    else if (reason === 'released' && record.event.kind === 'admin') count.released += 1
  }

  return {
    take(record) {
      for (const side of SIDES) {
        const blocks = agents[side].get(record.agent) ?? createBlocks(side)
        blocks.take(record)
        if (record.time >= from) said(side, record)
        const last = blocks.spells().at(-1)
        if (last === undefined) continue
        if (last.to === null) agents[side].set(record.agent, blocks)
        else {
          over(side, blocks.spells())
          agents[side].delete(record.agent)
        }
      }
    },
    figures() {
      for (const side of SIDES) {
        for (const blocks of agents[side].values()) over(side, blocks.spells())
        agents[side].clear()
      }
      const figures = (side: Side) => ({ ...counts[side], length: counts[side].length.figures() })
      return { crm: figures('crm'), telephony: figures('telephony') }
    },
  }
}

function newCount(): Count {
  return { length: createSpread(), quiet: 0, reasserted: 0, overridden: 0, stuck: 0, released: 0, totalMs: 0 }
}
