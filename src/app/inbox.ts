// What waits to be decided, in the order in which it came. Closed until both sides were read; bounded, because platforms may be faster than the disk.

import type { Clock } from '../domain/clock.ts'
import { INBOX_MAX } from '../domain/limits.ts'

export type Inbox<Item> = {
  /** From here on what waits is taken. */
  open(): void
  push(item: Item): void
  depth(): number
  /** Takes what waits now, as far as there is room. */
  drain(): void
  /** Resolves when nothing waits any more and everything is on the disk. */
  settle(): Promise<void>
  /** Nothing is taken in or decided any more. */
  stop(): void
}

export function createInbox<Item>(deps: {
  readonly clock: Clock
  readonly take: (item: Item) => void
  /** After each round: what was taken is to be sent on. */
  readonly taken: () => void
  /** Nothing more is to be taken until a commit has ended. */
  readonly full: () => boolean
  /** Resolves when a commit of what was taken, or of everything, has ended. */
  readonly durable: (everything: boolean) => Promise<void>
  /** Something was dropped. */
  readonly overflow: () => void
}): Inbox<Item> {
  const waiting: Item[] = []
  let isOpen = false
  let planned = false

  function schedule(): void {
    if (planned || !isOpen) return
    planned = true
    deps.clock.soon(() => drain())
  }

  function drain(): void {
    planned = false
    if (!isOpen) return
    let next = 0
    while (next < waiting.length && !deps.full()) {
      const item = waiting[next]
      next += 1
      if (item !== undefined) deps.take(item)
    }
    waiting.splice(0, next)
    deps.taken()
    if (waiting.length === 0) return
    planned = true
    void deps.durable(false).then(drain)
  }

  return {
    open() {
      isOpen = true
      schedule()
    },
    push(item) {
      if (waiting.length >= INBOX_MAX) {
        deps.overflow()
        return
      }
      waiting.push(item)
      schedule()
    },
    depth: () => waiting.length,
    drain,
    async settle() {
      do {
        drain()
        await deps.durable(true)
      } while (waiting.length > 0 && isOpen)
    },
    stop() {
      isOpen = false
    },
  }
}
