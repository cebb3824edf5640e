// When calls went out, for a budget that counts those of the last minute.

/** Instants of calls, oldest first, ms since 1970. */
export type CallLog = {
  add(at: number): void
  /** Calls up to this instant do not count any more. */
  forget(upTo: number): void
  /** Calls after this instant. */
  countSince(instant: number): number
  /** The instant of the last call but so many; 1 is the last one. */
  fromLast(place: number): number | undefined
}

/** Forgotten instants are cut off only when they are most of the list: every call costs the same, however large the budget is. */
export function createCallLog(): CallLog {
  let instants: number[] = []
  let first = 0

  /** The place of the first call after this instant, by halves. */
  function placeAfter(instant: number): number {
    let [low, high] = [first, instants.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((instants[middle] ?? 0) > instant) high = middle
      else low = middle + 1
    }
    return low
  }

  return {
    add: (at) => void instants.push(at),
    forget(upTo) {
      for (let at = instants[first]; at !== undefined && at <= upTo; at = instants[first]) first += 1
      if (first * 2 <= instants.length) return
      instants = instants.slice(first)
      first = 0
    },
    countSince: (instant) => instants.length - placeAfter(instant),
    fromLast(place) {
      const at = instants.length - place
      return at < first ? undefined : instants[at]
    },
  }
}
