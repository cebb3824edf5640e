// What is due when: a binary heap, because a simulated day has a hundred thousand alarms and most of them are called off.

export type Alarm = {
  readonly due: number
  /** Of two at one instant the one that was set first goes first. */
  readonly order: number
  readonly callback: () => void
  off: boolean
}

/** Called-off alarms are dropped when they come to the top, or all at once when they are the greater part. */
const SWEEP_MIN = 1_000

export class Alarms {
  #heap: Alarm[] = []
  #off = 0

  /** Those that were not called off. */
  get size(): number {
    return this.#heap.length - this.#off
  }

  add(alarm: Alarm): void {
    this.#heap.push(alarm)
    this.#rise(this.#heap.length - 1)
  }

  callOff(alarm: Alarm): void {
    if (alarm.off) return
    alarm.off = true
    this.#off += 1
    if (this.#off < SWEEP_MIN || this.#off * 2 < this.#heap.length) return
    this.#heap = this.#heap.filter((a) => !a.off).sort(byDue) // a sorted list is a heap
    this.#off = 0
  }

  /** Takes out the next one that is due at this instant or before; null: there is none. */
  take(instant: number): Alarm | null {
    for (let first = this.#heap[0]; first !== undefined && (first.off || first.due <= instant); first = this.#heap[0]) {
      this.#removeFirst()
      if (!first.off) {
        first.off = true // it has gone off; calling it off later changes nothing
        return first
      }
      this.#off -= 1
    }
    return null
  }

  #removeFirst(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink()
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const above = (at - 1) >> 1
      if (!this.#swapIfEarlier(at, above)) return
      at = above
    }
  }

  #sink(): void {
    const heap = this.#heap
    for (let at = 0; ; ) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
      if (left === undefined) return
      const below = right !== undefined && byDue(right, left) < 0 ? 2 * at + 2 : 2 * at + 1
      if (!this.#swapIfEarlier(below, at)) return
      at = below
    }
  }

  /** Puts the one below above the other where it is earlier. */
  #swapIfEarlier(below: number, above: number): boolean {
    const [child, parent] = [this.#heap[below], this.#heap[above]]
    if (child === undefined || parent === undefined || byDue(child, parent) >= 0) return false
    this.#heap[above] = child
    this.#heap[below] = parent
    return true
  }
}

function byDue(a: Alarm, b: Alarm): number {
  return a.due - b.due || a.order - b.order
}
