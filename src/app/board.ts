// The board from the running bridge: rows are made when somebody asks for them, and who changed is told only while somebody watches.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { Rules } from '../domain/rules.ts'
import type { AgentId } from '../domain/side.ts'
import type { Board } from '../ops/board.ts'
import type { Agents } from './agents.ts'
import { boardRowOf, EXPOSED_MOMENT_MS } from './board-row.ts'

export type WatchedBoard = Board & {
  /** Null: everybody. */
  touched(agent: AgentId | null): void
}

export function createBoard(deps: {
  readonly clock: Pick<Clock, 'now' | 'after'>
  /** Of the whole bridge. */
  readonly shadow: boolean
  /** Null until it is known who is kept in step. */
  readonly agents: () => { readonly agents: Agents; readonly bridge: { readonly rules: Rules } } | null
}): WatchedBoard {
  const { clock, shadow } = deps
  const listeners = new Set<(agent: AgentId | null) => void>()
  /** Whose row will say something else although nothing happens; no more than there are agents. */
  const later = new Map<AgentId, Cancel>()

  function touched(agent: AgentId | null): void {
    for (const listener of listeners) listener(agent)
  }

  function lookAgain(agent: AgentId): void {
    if (later.has(agent) || listeners.size === 0) return
    const look = () => {
      later.delete(agent)
      touched(agent)
    }
    later.set(agent, clock.after(EXPOSED_MOMENT_MS, look))
  }

  return {
    agents: () => deps.agents()?.agents.all.map(({ member }) => member.agent) ?? [],
    row(agent) {
      const running = deps.agents()
      const entry = running?.agents.byName(agent)
      if (running === null || entry === undefined) return null
      const row = boardRowOf(entry, { rules: running.bridge.rules, shadow, now: clock.now() })
      const isYoung = [row.crm.exposed, row.telephony.exposed].includes('under_way')
      if (isYoung && row.troubles?.includes('exposed') !== true) lookAgain(agent)
      return row
    },
    watch(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        for (const cancel of later.values()) cancel()
        later.clear()
      }
    },
    touched,
  }
}
