// A chart of lines over time, in the colours of the page.

import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { ChartSpec } from './charts-model.ts'
import { usePage } from './page.ts'

const HEIGHT_PX = 220
/** The second of each pair is dashed: colour is not the only sign. */
const DASH = [6, 4]

export function Chart({ spec }: { readonly spec: ChartSpec }) {
  const { session } = usePage()
  const place = useRef<HTMLDivElement>(null)
  const theme = session.theme.value
  useEffect(() => {
    const element = place.current
    if (element === null) return
    let chart = draw(element, spec)
    // The system's own change of colours changes ours.
    const media = matchMedia('(prefers-color-scheme: dark)')
    const again = () => {
      chart.destroy()
      chart = draw(element, spec)
    }
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }))
    observer.observe(element)
    media.addEventListener('change', again)
    return () => {
      observer.disconnect()
      media.removeEventListener('change', again)
      chart.destroy()
    }
  }, [spec, theme])
  return <div class="chart" ref={place} role="img" aria-label={`${spec.title}; the same as a table below`} />
}

function draw(element: HTMLElement, { names, unit, columns, colours, spanned }: ChartSpec): uPlot {
  const colour = (name: string) => resolved(element, name)
  const axis = {
    stroke: colour('--plot-text'),
    grid: { stroke: colour('--plot-line'), width: 1 },
    ticks: { show: false },
  }
  const figure = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : `${value.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT_PX,
    series: [
      { value: '{HH}:{mm}' },
      ...names.map((label, index) => ({
        label,
        stroke: colour(colours[index] ?? '--series-1'),
        width: 1.5,
        spanGaps: false,
        ...(spanned ? { points: { show: false } } : {}),
        ...(index % 2 === 1 ? { dash: DASH } : {}),
        value: (_: uPlot, value: number | null) => figure(value),
      })),
    ],
    axes: [
      { ...axis, size: 30, values: HOUR_TICKS },
      { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => figure(tick)) },
    ],
    scales: { y: { range: (_, least, most) => [Math.min(0, least ?? 0), Math.max(1, (most ?? 1) * 1.1)] } },
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
  }
  return new uPlot(options, columns.map((column) => [...column]) as uPlot.AlignedData, element)
}

/** A property may say different things in light and dark; an element's colour is what it comes to. */
function resolved(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`
  const { color } = getComputedStyle(element)
  element.style.color = ''
  return color
}

/** In 24 hours, as everywhere on the page. */
const HOUR_TICKS = (_: uPlot, ticks: readonly number[]) =>
  ticks.map((at) => new Date(at * 1_000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }))
