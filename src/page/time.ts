// Times as people read them: in the reader's own zone, exact where they look closer.

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "12 s", "4 m", "3 h 20 m", "2 d 4 h": never more than two units. */
export function lasting(ms: number): string {
  const span = Math.max(0, ms)
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`
  if (span < HOUR) return `${Math.floor(span / MINUTE)} m`
  if (span < DAY) return two(Math.floor(span / HOUR), 'h', Math.floor((span % HOUR) / MINUTE), 'm')
  return two(Math.floor(span / DAY), 'd', Math.floor((span % DAY) / HOUR), 'h')
}

function two(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

/** "143 ms", "2.1 s": how long a write took. */
export function took(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`
  return ms < MINUTE ? `${(ms / SECOND).toFixed(1)} s` : lasting(ms)
}

const pad = (value: number, width = 2) => String(value).padStart(width, '0')

/** "10:32:07", with the day before it where it is not today. */
export function clockTime(at: number, now: number): string {
  const time = timeOfDay(at)
  return sameDay(at, now) ? time : `${dayOf(at)} ${time}`
}

export function timeOfDay(at: number): string {
  const date = new Date(at)
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
}

/** "10:32:07.412" */
export function exactTime(at: number): string {
  return `${timeOfDay(at)}.${pad(new Date(at).getMilliseconds(), 3)}`
}

/** "21 Nov" */
export function dayOf(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
}

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}

export function isoOf(at: number): string {
  return new Date(at).toISOString()
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  let value = count
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit += 1
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
