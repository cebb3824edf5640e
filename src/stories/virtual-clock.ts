// Time that passes only when told to. Everything due at one instant happens before the next instant comes.

import type { Cancel, Clock } from '../domain/clock.ts'
import { type Alarm, Alarms } from './alarms.ts'

export type VirtualClock = Clock & {
  /** Lets time pass up to this instant (inclusive), ms since 1970. */
  advanceTo(instant: number): Promise<void>
  /** Runs until nothing is left to do at this instant. */
  settle(): Promise<void>
  /** Alarms that have not gone off. */
  pending(): number
}

/** More rounds than this at one instant is a loop that will not end. */
const ROUNDS_MAX = 10_000

export function createVirtualClock(startMs: number): VirtualClock {
  let now = startMs
  let order = 0
  let soon: (() => void)[] = []
  const alarms = new Alarms()

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
      const alarm: Alarm = { due: now + Math.max(0, delayMs), order, callback, off: false }
      alarms.add(alarm)
      return () => alarms.callOff(alarm)
    },
    soon(callback) {
      soon.push(callback)
    },
    settle,
    async advanceTo(instant) {
      await settle()
      for (let alarm = alarms.take(instant); alarm !== null; alarm = alarms.take(instant)) {
        now = Math.max(now, alarm.due)
        alarm.callback()
        await settle()
      }
      now = Math.max(now, instant)
    },
    pending: () => alarms.size,
  }
}

/** All promises that can be resolved now are, with everything that hangs on them. */
function promisesDone(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
