// Time that passes only when told to. Everything due at one instant happens before the next instant comes.

import type { Cancel, Clock } from '../domain/clock.ts'

type Alarm = { readonly due: number; readonly order: number; readonly callback: () => void }

export type VirtualClock = Clock & {
  /** Lets time pass up to this instant (inclusive), ms since 1970. */
  advanceTo(instant: number): Promise<void>
  /** Runs until nothing is left to do at this instant. */
  settle(): Promise<void>
}

/** More rounds than this at one instant is a loop that will not end. */
const ROUNDS_MAX = 10_000

export function createVirtualClock(startMs: number): VirtualClock {
  let now = startMs
  let order = 0
  let soon: (() => void)[] = []
  const alarms = new Set<Alarm>()

  function next(instant: number): Alarm | null {
    let first: Alarm | null = null
    for (const alarm of alarms) {
      if (alarm.due > instant) continue
      if (first === null || alarm.due < first.due || (alarm.due === first.due && alarm.order < first.order))
        first = alarm
    }
    return first
  }

  async function settle(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      await promisesDone()
      if (soon.length === 0) return
      const tasks = soon
      soon = []
      for (const task of tasks) task()
    }
    throw new Error('The bridge does not come to rest')
  }

  return {
    now: () => now,
    after(delayMs, callback): Cancel {
      order += 1
      const alarm: Alarm = { due: now + Math.max(0, delayMs), order, callback }
      alarms.add(alarm)
      return () => alarms.delete(alarm)
    },
    soon(callback) {
      soon.push(callback)
    },
    settle,
    async advanceTo(instant) {
      await settle()
      for (let alarm = next(instant); alarm !== null; alarm = next(instant)) {
        now = Math.max(now, alarm.due)
        alarms.delete(alarm)
        alarm.callback()
        await settle()
      }
      now = Math.max(now, instant)
    },
  }
}

/** All promises that can be resolved now are, with everything that hangs on them. */
function promisesDone(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
