// The board as it comes from the bridge: everybody once, then those who changed.

import { computed, type ReadonlySignal, signal } from '@preact/signals'
import type { AgentId } from '../domain/side.ts'
import type { BoardEvents } from '../ops/board.ts'
import { type BoardFigures, figuresOf, type Listed, listed } from './board-model.ts'
import { type LineState, openLine } from './line.ts'

/** Rows are shown at most so often, ms: the list is put in order anew each time. */
const SHOW_MS = 250
/** The bridge says at least every 10 s that the line stands. */
const SILENT_MS = 25_000

export type BoardData = {
  readonly line: ReadonlySignal<LineState>
  /** Grows with every change that is to be shown. */
  readonly version: ReadonlySignal<number>
  readonly figures: ReadonlySignal<BoardFigures>
  /** Everybody was heard of. */
  readonly complete: ReadonlySignal<boolean>
  all(): Iterable<Listed>
  row(agent: string): Listed | undefined
}

export function createBoardData(): BoardData {
  const rows = new Map<AgentId, Listed>()
  const version = signal(0)
  const complete = signal(false)
  /** Heard of since the last `head`. */
  let fresh = new Set<AgentId>()
  let shownAt = 0
  let timer = 0

  function changed(): void {
    if (timer !== 0) return
    timer = setTimeout(show, Math.max(0, shownAt + SHOW_MS - performance.now()))
  }

  function show(): void {
    timer = 0
    shownAt = performance.now()
    version.value += 1
  }

  const line = openLine({
    url: () => '/api/board',
    silentMs: SILENT_MS,
    events: {
      head() {
        fresh = new Set()
      },
      rows(data) {
        for (const row of JSON.parse(data) as BoardEvents['rows']) {
          fresh.add(row.agent)
          rows.set(row.agent, listed(row))
        }
        changed()
      },
      ready() {
        for (const agent of rows.keys()) if (!fresh.has(agent)) rows.delete(agent)
        complete.value = true
        changed()
      },
      beat() {},
    },
  })
  return {
    line: line.state,
    version,
    complete,
    figures: computed(() => {
      version.value
      return figuresOf(rows)
    }),
    all: () => rows.values(),
    row: (agent) => rows.get(agent as AgentId),
  }
}
