// The board as it changes (server-sent events): first everybody, then only those who changed, gathered for a moment.
// Who is slow gets the newest of each agent and nothing in between, so nobody is behind by more than everybody once.

import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { Cancel, Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { AgentId } from '../domain/side.ts'
import type { Board, BoardEvents } from './board.ts'
import { BOARD_BEAT_MS, BOARD_CHUNK, BOARD_GATHER_MS, BOARD_STALL_MS, BOARD_WATCHERS_MAX } from './limits.ts'

export type BoardStream = {
  add(context: Context): Response
  /** Ends all. */
  stop(): void
}

type Watcher = {
  readonly changed: Set<AgentId>
  /** Also those who are not in `changed`. */
  everybody: boolean
  over: boolean
  wake: () => void
}

export function createBoardStream(deps: { board: Board; clock: Clock; log: Log }): BoardStream {
  const { board, clock, log } = deps
  const all = new Set<Watcher>()

  function end(watcher: Watcher): void {
    watcher.over = true
    watcher.wake()
  }

  function note(watcher: Watcher, agent: AgentId | null): void {
    if (agent === null) watcher.everybody = true
    else watcher.changed.add(agent)
    watcher.wake()
  }

  return {
    add(context) {
      if (all.size >= BOARD_WATCHERS_MAX)
        return context.json({ ok: false, error: 'Too many are watching the board; try again later.' }, 503)
      const watcher: Watcher = { changed: new Set(), everybody: true, over: false, wake: () => {} }
      all.add(watcher)
      const unwatch = board.watch((agent) => note(watcher, agent))
      return streamSSE(context, async (stream) => {
        stream.onAbort(() => end(watcher))
        const stalled = () => {
          log.warn({ code: 'watcher_cut_off', ms: BOARD_STALL_MS }, 'A watcher of the board took nothing for too long.')
          end(watcher)
          stream.abort()
        }
        try {
          await pass(watcher, board, createSender({ stream, clock, stalled }))
        } finally {
          unwatch()
          all.delete(watcher)
        }
      })
    },
    stop() {
      for (const watcher of all) end(watcher)
    },
  }
}

type Sender = {
  send<E extends keyof BoardEvents>(event: E, data: BoardEvents[E]): Promise<void>
  /** Resolves after so long, or earlier at the call of what `begun` is given. */
  wait(ms: number, begun: (wake: () => void) => void): Promise<void>
  now(): number
}

function createSender(deps: { stream: SSEStreamingApi; clock: Clock; stalled: () => void }): Sender {
  const { stream, clock } = deps
  return {
    async send(event, data) {
      const cancel = clock.after(BOARD_STALL_MS, deps.stalled)
      await stream.writeSSE({ event, data: JSON.stringify(data) })
      cancel()
    },
    async wait(ms, begun) {
      let cancel: Cancel = () => {}
      await new Promise<void>((resolve) => {
        cancel = clock.after(ms, resolve)
        begun(resolve)
      })
      cancel()
    },
    now: () => clock.now(),
  }
}

async function pass(watcher: Watcher, board: Board, sender: Sender): Promise<void> {
  while (!watcher.over) {
    if (watcher.everybody) await passEverybody(watcher, board, sender)
    else if (watcher.changed.size > 0) await passChanged(watcher, board, sender)
    else {
      await sender.wait(BOARD_BEAT_MS, (wake) => setWake(watcher, wake))
      setWake(watcher, () => {})
      if (!watcher.over && watcher.changed.size === 0 && !watcher.everybody)
        await sender.send('beat', { now: sender.now() })
      // Others who change at the same time come along.
      else if (!watcher.over) await sender.wait(BOARD_GATHER_MS, () => {})
    }
  }
}

function setWake(watcher: Watcher, wake: () => void): void {
  watcher.wake = wake
}

async function passEverybody(watcher: Watcher, board: Board, sender: Sender): Promise<void> {
  watcher.everybody = false
  watcher.changed.clear()
  const agents = board.agents()
  await sender.send('head', { total: agents.length })
  await passRows(watcher, agents, { board, sender })
  if (!watcher.over) await sender.send('ready', { total: agents.length })
}

async function passChanged(watcher: Watcher, board: Board, sender: Sender): Promise<void> {
  const agents = [...watcher.changed]
  watcher.changed.clear()
  await passRows(watcher, agents, { board, sender })
}

/** Each row as it is at the moment of sending, so that no older one overtakes it. */
async function passRows(
  watcher: Watcher,
  agents: readonly AgentId[],
  { board, sender }: { board: Board; sender: Sender },
): Promise<void> {
  for (let from = 0; from < agents.length && !watcher.over; from += BOARD_CHUNK) {
    const rows = agents.slice(from, from + BOARD_CHUNK).flatMap((agent) => board.row(agent) ?? [])
    if (rows.length > 0) await sender.send('rows', rows)
  }
}
