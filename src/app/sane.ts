// What a platform says is believed within bounds: a name of a megabyte is no name, and would be kept, logged and compared for ever.

import { TEXT_MAX } from '../domain/limits.ts'
import type { Reading, Report } from '../domain/report.ts'

/** Null: no platform means this. */
export function saneReport(report: Report): Report | null {
  const texts = report.kind === 'status' ? [report.status] : [report.item, report.channel ?? '']
  if (!texts.every(isSane)) return null
  return report.id === undefined || isSane(report.id) ? report : { ...report, id: report.id.slice(0, TEXT_MAX) }
}

/** Without those that no platform means. */
export function saneReadings<User>(readings: ReadonlyMap<User, Reading>): ReadonlyMap<User, Reading> {
  const sane = new Map<User, Reading>()
  for (const [user, told] of readings) {
    const reading = saneReading(told)
    if (reading !== null) sane.set(user, reading)
  }
  return sane
}

/** Of the work what is sane stays. */
function saneReading(reading: Reading): Reading | null {
  if (!isSane(reading.status)) return null
  if (reading.work === undefined) return reading
  const work = reading.work.filter(({ item, channel }) => isSane(item) && isSane(channel ?? ''))
  return work.length === reading.work.length ? reading : { ...reading, work }
}

function isSane(text: string): boolean {
  return text.length <= TEXT_MAX
}
