// How long to wait before the next connection. Full jitter, so that consoles that lost the bridge together do not come back together.

import { BACKOFF_BASE_MS, BACKOFF_CAP_MS, BACKOFF_MIN_MS, LONG_BACKOFF_MS } from './limits'

/** `failures`: connections that failed in a row, from 0. `random`: from 0 to 1. */
export function backoffMs(failures, random) {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 20))
  return Math.max(BACKOFF_MIN_MS, Math.round(random() * ceiling))
}

/** Never less than half of it. */
export function longBackoffMs(random) {
  return Math.round(LONG_BACKOFF_MS * (0.5 + random() / 2))
}
