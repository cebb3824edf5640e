// How often to commit. A commit waits for the disk, and while it does nothing else runs: under load fewer and larger ones leave more time for
// everything else, while at ordinary load each event is committed at once.

/** Over how long the share of time that commits take is looked at, ms. */
const WINDOW_MS = 250
/** Up to this share commits follow each other as events come. */
const SHARE_MAX = 0.2
/** Past it, a commit is followed by a gap of so many times its own length, at most this long. */
const GAP_FACTOR = 9
const GAP_MAX_MS = 20

export type CommitPace = {
  /** A commit took this long and ended at `nowMs`; any clock that does not jump. Returns the gap before the next one, ms. */
  ended(nowMs: number, tookMs: number): number
}

export function createCommitPace(): CommitPace {
  let load = 0
  let last = 0
  return {
    ended(nowMs, tookMs) {
      load = load * Math.exp(-(nowMs - last) / WINDOW_MS) + tookMs
      last = nowMs
      return load / WINDOW_MS > SHARE_MAX ? Math.min(GAP_MAX_MS, tookMs * GAP_FACTOR) : 0
    },
  }
}

/** For virtual time, in which nothing takes any. */
export const NO_PACE: CommitPace = { ended: () => 0 }
