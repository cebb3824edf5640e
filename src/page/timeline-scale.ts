// The range of time that a timeline shows: how it moves, where its ticks are, where a moment stands on it. Pure.

export type Range = { readonly from: number; readonly to: number }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const PRESETS = [
  { name: '15m', ms: 15 * MINUTE },
  { name: '1h', ms: HOUR },
  { name: '4h', ms: 4 * HOUR },
  { name: '12h', ms: 12 * HOUR },
  { name: '24h', ms: DAY },
  { name: '7d', ms: 7 * DAY },
] as const

const SHORTEST_MS = 10_000
/** The bridge shows no more than 31 days at once. */
export const LONGEST_MS = 30 * DAY
const TICKS_MS = [
  1_000,
  5_000,
  15_000,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
] as const

export function spanOf({ from, to }: Range): number {
  return to - from
}

/** By a share of what is shown; never past now. */
export function shifted(range: Range, { share, now }: { readonly share: number; readonly now: number }): Range {
  const by = Math.min(spanOf(range) * share, now - range.to)
  return { from: range.from + by, to: range.to + by }
}

/** `factor` below 1: closer. `at`: what stays where it is. */
export function zoomed(
  range: Range,
  { factor, at, now }: { readonly factor: number; readonly at: number; readonly now: number },
): Range {
  const span = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, spanOf(range) * factor))
  const share = (at - range.from) / spanOf(range)
  const to = Math.min(now, at + span * (1 - share))
  return { from: to - span, to }
}

/** Where a moment stands, from 0 to `width`; what lies outside stands at the edge. */
export function xOf({ from, to }: Range, { at, width }: { readonly at: number; readonly width: number }): number {
  return Math.max(0, Math.min(width, ((at - from) / (to - from)) * width))
}

/** At full hours, minutes, seconds of the reader's zone (`offsetMs`: how far it is ahead of UTC), at least `gapPx` apart. */
export function ticksOf(
  range: Range,
  { width, gapPx, offsetMs }: { readonly width: number; readonly gapPx: number; readonly offsetMs: number },
): readonly number[] {
  const least = (spanOf(range) * gapPx) / Math.max(1, width)
  const step = TICKS_MS.find((ms) => ms >= least) ?? 7 * DAY
  const ticks: number[] = []
  for (let at = Math.ceil((range.from + offsetMs) / step) * step - offsetMs; at <= range.to; at += step) ticks.push(at)
  return ticks
}
