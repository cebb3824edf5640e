// R17: waits for the echo of each write that a platform took. One timer for all writes that are given the same time.

import type { Cancel, Clock } from '../domain/clock.ts'

type Expected<T> = { readonly what: T; readonly due: number }

export type EchoWatch<T> = {
  /** `late(what)` is called after this time; it is for the caller to know whether the echo came meanwhile. */
  expect(what: T, withinMs: number): void
  stop(): void
}

export function createEchoWatch<T>(deps: { readonly clock: Clock; readonly late: (what: T) => void }): EchoWatch<T> {
  const { clock } = deps
  /** By the time given, so that each queue is in the order of its dues. */
  const queues = new Map<number, { waiting: Expected<T>[]; cancel: Cancel | null }>()

  function wake(withinMs: number): void {
    const queue = queues.get(withinMs)
    if (queue === undefined) return
    const now = clock.now()
    const firstLater = queue.waiting.findIndex((e) => e.due > now)
    const late = queue.waiting.splice(0, firstLater < 0 ? queue.waiting.length : firstLater)
    const next = queue.waiting[0]
    queue.cancel = next === undefined ? null : clock.after(next.due - now, () => wake(withinMs))
    for (const { what } of late) deps.late(what)
  }

  return {
    expect(what, withinMs) {
      const queue = queues.get(withinMs) ?? { waiting: [], cancel: null }
      queues.set(withinMs, queue)
      queue.waiting.push({ what, due: clock.now() + withinMs })
      queue.cancel ??= clock.after(withinMs, () => wake(withinMs))
    },
    stop() {
      for (const { cancel } of queues.values()) cancel?.()
      queues.clear()
    },
  }
}
