// The board from the running bridge: rows are made when somebody asks for them, and who changed is told only while somebody watches.

import type { Clock } from '../domain/clock.ts'
import type { Rules } from '../domain/rules.ts'
import type { AgentId } from '../domain/side.ts'
import type { Board } from '../ops/board.ts'
import type { Agents } from './agents.ts'
import { boardRowOf } from './board-row.ts'

export type WatchedBoard = Board & {
  /** Null: everybody. */
  touched(agent: AgentId | null): void
}

export function createBoard(deps: {
  readonly clock: Pick<Clock, 'now'>
  /** Of the whole bridge. */
  readonly shadow: boolean
  /** Null until it is known who is kept in step. */
  readonly agents: () => { readonly agents: Agents; readonly bridge: { readonly rules: Rules } } | null
}): WatchedBoard {
  const { clock, shadow } = deps
  const listeners = new Set<(agent: AgentId | null) => void>()
  return {
    agents: () => deps.agents()?.agents.all.map(({ member }) => member.agent) ?? [],
    row(agent) {
      const running = deps.agents()
      const entry = running?.agents.byName(agent)
      if (running === null || entry === undefined) return null
      return boardRowOf(entry, { rules: running.bridge.rules, shadow, now: clock.now() })
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    touched(agent) {
      for (const listener of listeners) listener(agent)
    },
  }
}
