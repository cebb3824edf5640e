// The pieces of work of one side, each from when it was heard of until it ended.

import type { LogRecord } from '../domain/record.ts'
import type { Side } from '../domain/side.ts'
import type { WorkSpell } from '../domain/timeline.ts'
import { END_STATES, isOpen, OPEN_STATES, type WorkState } from '../domain/work.ts'
import { ALWAYS } from './spells.ts'
import { decisionOn } from './statuses.ts'

type Draft = {
  from: string
  to: string | null
  readonly item: string
  channel: string | null
  states: { readonly state: WorkState; readonly at: string }[]
}

export type WorkItems = {
  take(record: LogRecord): void
  spells(): readonly WorkSpell[]
}

const STATES: ReadonlySet<string> = new Set([...OPEN_STATES, ...END_STATES])

export function createWorkItems(side: Side): WorkItems {
  const spells: Draft[] = []
  const open = new Map<string, Draft>()
  /** Their end is known, so a second end is not that of something that was open when the records begin. */
  const ended = new Set<string>()
  /** The first decision of all takes people as they are, whatever they are at work on. */
  let known = ALWAYS

  function draft(item: string, from: string): Draft {
    const fresh: Draft = { from, to: null, item, channel: null, states: [] }
    spells.push(fresh)
    open.set(item, fresh)
    return fresh
  }

  return {
    take(record) {
      const { event, time } = record
      if (event.kind === 'start') known = time
      const state = stateOf(record, side)
      if (state === null || event.item === undefined) return
      const { item } = event
      const reason = decisionOn(record, side)?.reason
      if (reason === 'stale') return
      const wasOpen = reason === 'repeat' ? isOpen(state) : !ended.has(item) && !isOpen(state)
      if (!isOpen(state)) ended.add(item)
      const found =
        open.get(item) ?? (wasOpen ? draft(item, known) : null) ?? (isOpen(state) ? draft(item, time) : null)
      if (found === null) return
      found.channel = event.channel ?? found.channel
      if (reason !== 'repeat' || found.states.length === 0) found.states.push({ state, at: event.at })
      if (isOpen(state)) return
      found.to = time
      open.delete(item)
    },
    spells: () => spells,
  }
}

function stateOf({ event }: LogRecord, side: Side): WorkState | null {
  if (event.kind !== 'work' || event.side !== side || event.state === undefined) return null
  return STATES.has(event.state) ? (event.state as WorkState) : null
}
