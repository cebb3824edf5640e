// One alarm an agent: for the earliest of the timers in its state.

import type { Clock } from '../domain/clock.ts'
import { wakeAt } from '../engine/state.ts'
import type { AgentEntry } from './agents.ts'

export function planWake(entry: AgentEntry, clock: Clock, wake: () => void): void {
  const due = wakeAt(entry.state)
  if (entry.wake?.due === due) return
  entry.wake?.cancel()
  entry.wake = null
  if (due === null) return
  const cancel = clock.after(Math.max(0, due - clock.now()), () => {
    entry.wake = null
    wake()
  })
  entry.wake = { due, cancel }
}
