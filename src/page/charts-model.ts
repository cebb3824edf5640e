// Figures of minutes as rows of a chart: gaps where nothing happened, so that a line does not pretend. Pure.

import type { MinuteFigures } from '../domain/history.ts'
import type { Side } from '../domain/side.ts'

const MINUTE_MS = 60_000

/** Seconds since 1970, as the chart wants them, then a column for each series; null: nothing to tell. */
type Columns = readonly [times: readonly number[], ...series: (readonly (number | null)[])[]]

export const HOURS = [1, 4, 12, 24] as const

export type ChartSpec = {
  readonly title: string
  readonly unit: 'ms' | 's' | ''
  readonly names: readonly string[]
  /** A property of the style sheet for each. */
  readonly colours: readonly string[]
  /** Every minute has a figure. */
  readonly spanned: boolean
  readonly columns: Columns
}

const PAIRS = ['--series-1', '--series-2', '--series-3', '--series-4']
const SIDES_COLOURS = ['--series-1', '--series-3']

type View = { readonly from: number; readonly to: number }

export function chartsOf(figures: readonly MinuteFigures[], view: View): readonly ChartSpec[] {
  const minutes = minutesOf(figures, view)
  const latency = (side: Side, part: 'p50' | 'p95') => minutes.map(({ of }) => of?.latency[side]?.[part] ?? null)
  const exposed = (side: Side) => minutes.map(({ of }) => (of === undefined ? 0 : of.exposedMs[side] / 1_000))
  const times = minutes.map(({ at }) => at / 1_000)
  return [
    {
      title: 'From the event to the confirmed write',
      unit: 'ms',
      colours: PAIRS,
      spanned: false,
      names: ['CRM, half of them', 'CRM, 95 %', 'Telephony, half of them', 'Telephony, 95 %'],
      columns: [
        times,
        latency('crm', 'p50'),
        latency('crm', 'p95'),
        latency('telephony', 'p50'),
        latency('telephony', 'p95'),
      ],
    },
    {
      title: 'Agents could be offered work while working',
      unit: 's',
      colours: SIDES_COLOURS,
      spanned: true,
      names: ['in the CRM', 'in telephony'],
      columns: [times, exposed('crm'), exposed('telephony')],
    },
    {
      title: 'Decisions and writes a minute',
      unit: '',
      colours: SIDES_COLOURS,
      spanned: true,
      names: ['decisions', 'writes confirmed'],
      columns: [times, minutes.map(({ of }) => of?.decisions ?? 0), minutes.map(({ of }) => of?.writes.confirmed ?? 0)],
    },
  ]
}

/** Every minute of the view, with its figures where there are any. */
function minutesOf(figures: readonly MinuteFigures[], { from, to }: View) {
  const known = new Map(figures.map((one) => [Math.floor(one.minute / MINUTE_MS), one]))
  const first = Math.ceil(from / MINUTE_MS)
  const last = Math.floor(to / MINUTE_MS)
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => ({
    at: (first + index) * MINUTE_MS,
    of: known.get(first + index),
  }))
}
