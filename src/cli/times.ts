// Times as people write and read them: in the reader's zone, or in UTC.

const MINUTE_MS = 60_000
const DAY_MS = 24 * 3_600_000
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE_MS, min: MINUTE_MS, h: 3_600_000, d: DAY_MS }

/** What a command knows of time. */
export type When = {
  readonly now: () => number
  /** IANA name, or UTC. */
  readonly zone: string
}

export function whenOf({ utc = false }: { readonly utc?: boolean | undefined }): When {
  return { now: () => Date.now(), zone: utc ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone }
}

/** For error messages. */
export const TIME_EXAMPLES = '10:32, "yesterday 10:32", 2h, 2026-11-21, "2026-11-21 10:32" or 2026-11-21T10:32:00Z'

/** ms since 1970; null where it is no time. A time of the day without a date is the last such time. */
export function parseTime(text: string, when: When): number | null {
  const wanted = text.trim().toLowerCase()
  const now = when.now()
  if (wanted === 'now') return now
  return agoOf(wanted, now) ?? dayTimeOf(wanted, when) ?? dateTimeOf(wanted, when)
}

/** "2h", "90 min ago", "1h30m". */
function agoOf(text: string, now: number): number | null {
  const found = /^((?:\d+(?:\.\d+)?\s*(?:min|s|m|h|d)\s*)+)(?:ago)?$/.exec(text)
  if (found === null) return null
  let ms = 0
  for (const [, amount, unit] of (found[1] ?? '').matchAll(/(\d+(?:\.\d+)?)\s*(min|s|m|h|d)/g))
    ms += Number(amount) * (UNITS[unit ?? ''] ?? 0)
  return now - ms
}

/** "10:32", "yesterday 10:32", "today". */
function dayTimeOf(text: string, { now, zone }: When): number | null {
  const found = /^(?:(today|yesterday)\s*)?(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/.exec(text)
  if (found === null || text === '') return null
  const [, day, h = '0', mi = '0', s = '0', ms = '0'] = found
  if (Number(h) > 23 || Number(mi) > 59 || Number(s) > 59) return null
  const today = partsOf(now(), zone)
  const clock = { h: Number(h), mi: Number(mi), s: Number(s), ms: Number(ms.padEnd(3, '0')) }
  const back = day === 'yesterday' ? 1 : 0
  const at = instantOf({ ...today, d: today.d - back, ...clock }, zone)
  return day === undefined && at > now() ? instantOf({ ...today, d: today.d - 1, ...clock }, zone) : at
}

function dateTimeOf(text: string, { zone }: When): number | null {
  const found =
    /^(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?\s*(z|[+-]\d{2}:?\d{2})?)?$/.exec(
      text,
    )
  if (found === null) return null
  const [, y, mo, d, h = '0', mi = '0', s = '0', ms = '0', offset] = found
  const local = { y: Number(y), mo: Number(mo), d: Number(d), h: Number(h), mi: Number(mi), s: Number(s) }
  const parts = { ...local, ms: Number(ms.padEnd(3, '0')) }
  const utc = utcOf(parts)
  const back = new Date(utc)
  const exists = back.getUTCMonth() + 1 === parts.mo && back.getUTCDate() === parts.d && parts.h < 24 && parts.mi < 60
  if (!exists || parts.s > 59) return null
  return offset === undefined ? instantOf(parts, zone) : utc - offsetMs(offset)
}

/** "+02:00" in ms. */
function offsetMs(text: string): number {
  if (text === 'z') return 0
  const [, sign, h, mi] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(h) * 60 + Number(mi)) * MINUTE_MS
}

type Parts = {
  readonly y: number
  readonly mo: number
  readonly d: number
  readonly h: number
  readonly mi: number
  readonly s: number
  readonly ms: number
}

function utcOf({ y, mo, d, h, mi, s, ms }: Parts): number {
  return Date.UTC(y, mo - 1, d, h, mi, s, ms)
}

/** What a clock in the zone shows; where clocks are set forward over it, what they would have shown. */
function instantOf(parts: Parts, zone: string): number {
  const shown = utcOf(parts)
  const first = shown - (utcOf(partsOf(shown, zone)) - shown)
  return first - (utcOf(partsOf(first, zone)) - shown)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...numeric, ...clock })
  formats.set(zone, made)
  return made
}

function partsOf(at: number, zone: string): Parts {
  const local = new Date(at + aheadOf(at, zone))
  return {
    ...{ y: local.getUTCFullYear(), mo: local.getUTCMonth() + 1, d: local.getUTCDate() },
    ...{ h: local.getUTCHours(), mi: local.getUTCMinutes(), s: local.getUTCSeconds(), ms: local.getUTCMilliseconds() },
  }
}

/** Clocks are set at whole quarters of an hour: within one the answer is the same, and asking is slow. */
const QUARTER_MS = 15 * MINUTE_MS
/** Remembered quarters, of all zones: a month of them. */
const QUARTERS_MAX = 3_000
const quarters = new Map<string, number>()

/** How far clocks in the zone are ahead of UTC, ms. */
function aheadOf(at: number, zone: string): number {
  const quarter = Math.floor(at / QUARTER_MS)
  const key = `${quarter} ${zone}`
  const known = quarters.get(key)
  if (known !== undefined) return known
  if (quarters.size >= QUARTERS_MAX) quarters.clear()
  const begin = quarter * QUARTER_MS
  const ahead = utcOf(shownIn(begin, zone)) - begin
  quarters.set(key, ahead)
  return ahead
}

function shownIn(at: number, zone: string): Parts {
  const of = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year: y = 0, month: mo = 0, day: d = 0, hour: h = 0, minute: mi = 0, second: s = 0 } = of
  return { y, mo, d, h, mi, s, ms: 0 }
}

const two = (value: number) => String(value).padStart(2, '0')

/** Times of one zone, as they are shown. */
export type Face = {
  readonly zone: string
  /** "10:32:07.412" */
  exact(iso: string | number): string
  /** "10:32:07" */
  clock(iso: string | number): string
  /** "10:32", with the date where it is not the day of `beside`. */
  short(iso: string | number, beside: string | number): string
  isSameDay(a: string | number, b: string | number): boolean
  /** "Saturday 21 November 2026" */
  day(iso: string | number): string
  /** "2026-11-21 10:32" */
  full(iso: string | number): string
}

export function faceOf(zone: string): Face {
  const msOf = (time: string | number) => (typeof time === 'number' ? time : Date.parse(time))
  const days = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
  const clock = (time: string | number) => {
    const { h, mi, s } = partsOf(msOf(time), zone)
    return `${two(h)}:${two(mi)}:${two(s)}`
  }
  const day = (time: string | number) => days.format(msOf(time)).replace(',', '')
  const isSameDay = (a: string | number, b: string | number) => {
    const [one, other] = [partsOf(msOf(a), zone), partsOf(msOf(b), zone)]
    return one.d === other.d && one.mo === other.mo && one.y === other.y
  }
  const full = (time: string | number) => {
    const { y, mo, d, h, mi } = partsOf(msOf(time), zone)
    return `${y}-${two(mo)}-${two(d)} ${two(h)}:${two(mi)}`
  }
  return {
    zone,
    clock,
    day,
    full,
    exact: (time) => `${clock(time)}.${String(partsOf(msOf(time), zone).ms).padStart(3, '0')}`,
    short: (time, beside) => (isSameDay(time, beside) ? clock(time) : full(time)),
    isSameDay,
  }
}

/** "340 ms", "12 s", "3 min 20 s", "4 h 5 min", "3 d 2 h". */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const s = Math.round(ms / 1_000)
  if (s < 60) return ms < 10_000 && ms % 1_000 !== 0 ? `${(ms / 1_000).toFixed(1)} s` : `${s} s`
  const [min, h, d] = [Math.floor(s / 60), Math.floor(s / 3_600), Math.floor(s / 86_400)]
  if (h === 0) return pair(min, 'min', s % 60, 's')
  return d === 0 ? pair(h, 'h', min % 60, 'min') : pair(d, 'd', h % 24, 'h')
}

function pair(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`
}
