// When and how one side was blocked, from the reasons of the decisions about it (R11–R14).

import type { DecisionRecord, LogRecord } from '../domain/record.ts'
import { otherSide, type Side } from '../domain/side.ts'
import type { BlockSpell } from '../domain/timeline.ts'
import { isOpen, type WorkState } from '../domain/work.ts'
import { createSpells, type Spell } from './spells.ts'
import { decisionOn } from './statuses.ts'

type Phase = BlockSpell['phase']
type Draft = { phase: Phase; rule: BlockSpell['rule'] }

export type Blocks = {
  take(record: LogRecord): void
  spells(): readonly BlockSpell[]
}

export function createBlocks(side: Side): Blocks {
  const spells = createSpells<Draft>()
  /** What the side shows while the block stands, once that is known. */
  let status: string | null = null
  /** The hold that ended because work came, as far as can be told; should it run out, none came that counts. */
  let doubted: (Draft & Spell) | null = null

  function become(phase: Phase, record: LogRecord, rule?: string): void {
    const open = spells.open()
    if (open?.phase === phase) return
    spells.begin({ phase, rule: rule ?? open?.rule ?? null }, record.time)
  }

  function end(record: LogRecord): void {
    spells.end(record.time)
    status = null
    doubted = null
  }

  function decided({ reason, to, rule }: DecisionRecord, record: LogRecord): void {
    const phase = spells.open()?.phase ?? null
    const { kind } = record.event
    switch (reason) {
      case 'blocked':
        status = to
        if (phase !== 'holding' || kind === 'work') become('standing', record, rule)
        return
      case 'reasserted':
        status = to
        if (phase !== 'holding') become('standing', record, rule)
        return
      case 'blocked_quiet':
        become('quiet', record, rule)
        return
      case 'still_blocked':
        if (phase === null) become('standing', record, rule)
        else if (phase === 'holding' && opensWork(record, side)) {
          doubted = spells.open()
          become('standing', record, rule)
        }
        return
      case 'holding':
        doubted = null
        become('holding', record, rule)
        return
      case 'overridden':
        if (phase === 'holding' || (doubted !== null && !hasGivenWay(record, side))) end(record)
        else become('gave_way', record, rule)
        return
      case 'released':
        released(phase, record)
        return
      case 'not_counted': // there is none, whatever was not heard of
        end(record)
        return
      default:
        // A status that is written for another reason is the agent's own, also where it is the same as the block's.
        if (phase === 'standing' && status !== null && (to !== status || writesTo(record, side)))
          become('quiet', record)
    }
  }

  /** An admin's release leaves the work in place: the block gives way to it until it is over. */
  function released(phase: Phase | null, record: LogRecord): void {
    if (phase === null) return
    if (isOrdered(record) && phase !== 'holding') {
      become('gave_way', record)
      return
    }
    if (doubted !== null && record.event.kind === 'timer') spells.reopen(doubted)
    end(record)
  }

  return {
    take(record) {
      const decision = decisionOn(record, side)
      if (decision !== undefined) decided(decision, record)
      else if (leaves(record, side, status) && spells.open()?.phase === 'standing') become('quiet', record)
      if (spells.open() === null && isFrozen(record, side)) become('standing', record, decision?.rule)
    },
    spells: () => spells.all(),
  }
}

/** "released by Anna (stuck)", as the record of an order begins. Other orders are a look at the agent, in which new rules may end a block. */
function isOrdered({ event }: LogRecord): boolean {
  return event.kind === 'admin' && /^released?\b/i.test(event.what ?? '')
}

/** A block may begin in the decision that stops writing (R19): that work can come because of that says so. */
function isFrozen({ exposed = [] }: LogRecord, side: Side): boolean {
  return exposed.some((e) => e.side === side && e.cause === 'frozen')
}

/** Work is open that would block, and does not: so the hold had ended indeed. */
function hasGivenWay({ exposed = [] }: LogRecord, side: Side): boolean {
  return exposed.some((e) => e.side === side && e.cause === 'gave_way')
}

function opensWork({ event }: LogRecord, blocked: Side): boolean {
  return event.kind === 'work' && event.side === otherSide(blocked) && isOpen((event.state ?? 'closed') as WorkState)
}

function writesTo({ writes }: LogRecord, side: Side): boolean {
  return writes.some((w) => w.side === side)
}

/** Somebody chose another status than the one that keeps work away. */
function leaves({ event }: LogRecord, side: Side, status: string | null): boolean {
  return event.kind === 'status' && event.side === side && status !== null && event.to !== status
}
