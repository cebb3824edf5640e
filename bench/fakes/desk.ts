// Where every agent of the benchmark stands on both sides, and which change of theirs still waits for its write.
// The only clock of the end-to-end times: a change is noted when its event leaves, a write when it arrives, both in this process.

import type { Side } from '../../src/domain/side.ts'
import { MOVED_AMONG } from '../world.ts'

type Change = {
  /** The side that was moved; the write comes to the other one. */
  readonly side: Side
  /** Index of the status. */
  readonly status: number
  readonly sentAt: number
}

export type Desk = {
  readonly agents: number
  status(side: Side, agent: number): number
  put(side: Side, agent: number, status: number): void
  /** Whether a change of the agent waits for its write. */
  waits(agent: number): boolean
  /** The agent goes on to the next status; gives its index. The event leaves right after this. */
  begin(side: Side, agent: number): number
  /** A write arrived. */
  arrived(side: Side, agent: number, status: number): void
  /** Begins counting anew. */
  reset(): void
  /** Gives up on the changes that wait still; how many. */
  forgetWaiting(): number
  readonly latencies: readonly number[]
  unasked(): number
  waiting(): number
}

export function createDesk(agents: number): Desk {
  const shown = { crm: new Uint8Array(agents), telephony: new Uint8Array(agents) }
  const changes: (Change | null)[] = Array.from({ length: agents }, () => null)
  let latencies: number[] = []
  let unasked = 0
  let waiting = 0

  function clear(agent: number): void {
    if (changes[agent]) waiting -= 1
    changes[agent] = null
  }

  return {
    agents,
    status: (side, agent) => shown[side][agent] ?? 0,
    put(side, agent, status) {
      shown[side][agent] = status
    },
    waits: (agent) => changes[agent] !== null,
    begin(side, agent) {
      const status = ((shown[side][agent] ?? 0) + 1) % MOVED_AMONG
      shown[side][agent] = status
      changes[agent] = { side, status, sentAt: performance.now() }
      waiting += 1
      return status
    },
    arrived(side, agent, status) {
      const at = performance.now()
      const change = changes[agent]
      if (!change || change.side === side || change.status !== status) {
        unasked += 1
        return
      }
      latencies.push(at - change.sentAt)
      clear(agent)
    },
    reset() {
      latencies = []
      unasked = 0
    },
    forgetWaiting() {
      const lost = waiting
      for (let agent = 0; agent < agents; agent++) clear(agent)
      return lost
    },
    get latencies() {
      return latencies
    },
    unasked: () => unasked,
    waiting: () => waiting,
  }
}
