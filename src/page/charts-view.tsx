// How fast and how safely: latency of writes, and how long agents were exposed, minute by minute.

import { useEffect, useState } from 'preact/hooks'
import type { MinuteFigures } from '../domain/history.ts'
import { ask } from './api.ts'
import { Empty, Failure } from './bits.tsx'
import { Chart } from './chart.tsx'
import { type ChartSpec, chartsOf, HOURS } from './charts-model.ts'
import { usePage } from './page.ts'
import { clockTime, isoOf } from './time.ts'

const HOUR_MS = 3_600_000
/** A minute is kept when it is over, so there is no hurry. */
const EVERY_MS = 20_000
const DEFAULT_HOURS = 4

type Read = { readonly figures: readonly MinuteFigures[]; readonly from: number; readonly to: number }

export function ChartsView() {
  const { router } = usePage()
  const hours = HOURS.find((each) => String(each) === router.route.value.query.hours) ?? DEFAULT_HOURS
  const [read, setRead] = useState<Read | null>(null)
  const [failure, setFailure] = useState<string | null>(null)

  async function refresh(): Promise<void> {
    const to = Date.now()
    const from = to - hours * HOUR_MS
    const answer = await ask<Read['figures']>(`/api/figures?from=${isoOf(from)}&to=${isoOf(to)}`)
    setFailure(answer.ok ? null : answer.error)
    if (answer.ok) setRead({ figures: answer.value, from, to })
  }
  useEffect(() => {
    void refresh()
    const timer = setInterval(() => void (document.hidden || refresh()), EVERY_MS)
    return () => clearInterval(timer)
  }, [hours])

  return (
    <div class="charts">
      <div class="tools">
        <h2>Charts</h2>
        <div class="buttons" role="group" aria-label="Shown time">
          {HOURS.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === hours}
              onClick={() => router.filter({ hours: String(each) })}
            >
              {each} h
            </button>
          ))}
        </div>
      </div>
      {failure === null ? null : <Failure words={failure} again={() => void refresh()} />}
      {read === null ? <Empty title="Reading …" /> : <Charts read={read} />}
    </div>
  )
}

function Charts({ read }: { readonly read: Read }) {
  const charts = chartsOf(read.figures, read)
  return (
    <>
      {read.figures.length === 0 ? (
        <Empty title="Nothing is kept of this time yet.">
          <p>Figures of a minute are kept when it is over.</p>
        </Empty>
      ) : null}
      {charts.map((chart) => (
        <section key={chart.title} class="panel" aria-label={chart.title}>
          <h3>{chart.title}</h3>
          <Chart spec={chart} />
          <ChartTable spec={chart} />
        </section>
      ))}
    </>
  )
}

function ChartTable({ spec: { title, unit, names, columns } }: { readonly spec: ChartSpec }) {
  const [open, setOpen] = useState(false)
  const { now } = usePage()
  const [times, ...series] = columns
  const rows = times.map((at, index) => ({ at: at * 1_000, values: series.map((values) => values[index] ?? null) }))
  const telling = rows.filter(({ values }) => values.some((value) => value !== null && value !== 0)).reverse()
  return (
    <details class="as-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>As a table</summary>
      {open ? (
        <div class="scroll" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Minute</th>
                {names.map((name) => (
                  <th key={name} scope="col">
                    {name}
                    {unit === '' ? '' : `, ${unit}`}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {telling.map(({ at, values }) => (
                <tr key={at}>
                  <th scope="row">{clockTime(at, now.value).slice(0, -3)}</th>
                  {names.map((name, index) => (
                    <td key={name}>{values[index]?.toLocaleString('en', { maximumFractionDigits: 1 }) ?? '–'}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </details>
  )
}
