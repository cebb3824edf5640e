// Which of two reports about the same thing is newer, by the platform's own account.

import { FUTURE_MAX_MS } from '../domain/limits.ts'
import type { Stamp } from '../domain/report.ts'

/**
 * What a platform says with a time that cannot be, or from far in the future, would make everything it says later stale: then the time of
 * hearing stands in. A version that is no number is none. The same object where there is nothing to mend.
 */
export function believable<T extends { readonly stamp: Stamp }>(told: T, now: number): T {
  const { at, version } = told.stamp
  const isTime = Number.isFinite(at) && at <= now + FUTURE_MAX_MS
  const isVersion = version === undefined || Number.isFinite(version)
  if (isTime && isVersion) return told
  const time = isTime ? at : now
  return { ...told, stamp: isVersion && version !== undefined ? { at: time, version } : { at: time } }
}

/** R16: not newer by the platform's version, or, where it has none, strictly older by its time. */
export function isStale(report: Stamp, seen: Stamp): boolean {
  if (report.version !== undefined && seen.version !== undefined) return report.version <= seen.version
  return report.at < seen.at
}

/** Strictly older by the same measure: such a report cannot be the echo of a write decided after `seen` was known. */
export function isOlder(report: Stamp, seen: Stamp): boolean {
  if (report.version !== undefined && seen.version !== undefined) return report.version < seen.version
  return report.at < seen.at
}

/** The newer of the two; a version once seen is not forgotten. */
export function newest(a: Stamp, b: Stamp): Stamp {
  const version =
    a.version === undefined ? b.version : b.version === undefined ? a.version : Math.max(a.version, b.version)
  const at = Math.max(a.at, b.at)
  return version === undefined ? { at } : { at, version }
}

/** Of a reading that contradicts what was seen: that is known to be late from here on, although the reading's own time is before it. */
export function overtaking(read: Stamp, seen: Stamp): Stamp {
  const stamp = newest(seen, read)
  return read.at < seen.at ? { ...stamp, at: stamp.at + 1 } : stamp
}
