// Which of two reports about the same thing is newer, by the platform's own account.

import type { Stamp } from '../domain/report.ts'

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
