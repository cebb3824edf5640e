// What a count of the last 24 hours comes to when things go on as they did.

export const DAY_MS = 86_400_000
/** What was seen for a shorter time says nothing about a day. */
const SEEN_AT_LEAST_MS = 600_000

/**
 * `used`: the count now, over 24 rolling hours; `grown`: by how much while it was watched, which was `watchedMs`.
 * What was counted before the watch began counts on: only others can tell how much of it falls out of the 24 hours.
 */
export function forecast(seen: {
  readonly used: number
  readonly grown: number
  readonly watchedMs: number
}): number | null {
  if (seen.watchedMs < SEEN_AT_LEAST_MS) return null
  const leftMs = Math.max(0, DAY_MS - seen.watchedMs)
  return Math.round(seen.used + (Math.max(0, seen.grown) / seen.watchedMs) * leftMs)
}
