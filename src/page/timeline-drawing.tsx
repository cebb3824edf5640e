// The drawing: per side a band of statuses with its blocks, writes and exposures, and the work below it.

import { useEffect, useRef, useState } from 'preact/hooks'
import { SIDES, type Side } from '../domain/side.ts'
import type { Opened } from './log-model.ts'
import { dayOf, timeOfDay } from './time.ts'
import { type Item, WORK_ROWS_MAX, walked } from './timeline-items.ts'
import { Mark, MarkLabel } from './timeline-mark.tsx'
import { AXIS_PX, type LaneBox, laneBox, laneHeight } from './timeline-places.ts'
import { type Range, shifted, spanOf, ticksOf, xOf, zoomed } from './timeline-scale.ts'
import { SIDE_TITLES } from './words.ts'

const TICK_GAP_PX = 90
const WHEEL_FACTOR = 1.2

type Props = {
  readonly range: Range
  readonly items: readonly Item[]
  readonly picked: Item | null
  readonly pick: (item: Item | null) => void
  readonly show: (range: Range) => void
  readonly open: (decision: Opened) => void
}

export function TimelineDrawing({ range, items, picked, pick, show, open }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const drag = useDrag({ range, width, show })
  useZoom(frame, { range, width, show })
  const visible = walked(items.filter(({ from, to }) => to >= range.from && from <= range.to))
  const boxes = lanesOf(visible)
  const height = boxes.telephony.top + laneHeight(boxes.telephony.workRows)
  const current = visible.findIndex(({ key }) => key === picked?.key)

  function pressed(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (event.key === 'Enter' && picked !== null && picked.seq !== null) open({ seq: picked.seq, at: picked.from })
    else if (event.key === 'Escape') pick(null)
    else if (step !== undefined) {
      const next = visible[Math.max(0, Math.min(visible.length - 1, current + step))]
      if (next !== undefined) {
        pick(next)
        frame.current?.querySelector<SVGElement>(`[data-key="${next.key}"]`)?.focus()
      }
    } else return
    event.preventDefault()
  }

  return (
    <div class="drawing" ref={frame} onKeyDown={pressed} {...drag}>
      <svg width={width} height={height} role="group" aria-label="Both sides over time">
        <defs>
          <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="hatch" width="2.5" height="6" />
          </pattern>
          <pattern id="dense" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="dense" width="1.8" height="4" />
          </pattern>
        </defs>
        <Axis range={range} width={width} height={height} />
        {SIDES.map((side) => (
          <text key={side} class="lane-name" x={4} y={boxes[side].top + 12}>
            {SIDE_TITLES[side]}
          </text>
        ))}
        {visible.map((item, index) => (
          <Mark
            key={item.key}
            item={item}
            boxes={boxes}
            place={{ range, width, height }}
            focusable={current < 0 ? index === 0 : index === current}
            picked={index === current}
            pick={pick}
          />
        ))}
        <g aria-hidden="true">
          {visible.map((item) => (
            <MarkLabel key={item.key} item={item} boxes={boxes} place={{ range, width, height }} />
          ))}
        </g>
      </svg>
    </div>
  )
}

function lanesOf(items: readonly Item[]): Readonly<Record<Side, LaneBox>> {
  const rows = (side: Side) =>
    Math.min(
      WORK_ROWS_MAX,
      Math.max(1, ...items.filter((i) => i.kind === 'work' && i.side === side).map((i) => i.row + 1)),
    )
  const crm = laneBox(AXIS_PX, rows('crm'))
  return { crm, telephony: laneBox(AXIS_PX + laneHeight(crm.workRows), rows('telephony')) }
}

function Axis({ range, width, height }: { readonly range: Range; readonly width: number; readonly height: number }) {
  const offsetMs = -new Date(range.to).getTimezoneOffset() * 60_000
  const short = spanOf(range) < 20 * 60_000
  return (
    <g class="axis" aria-hidden="true">
      {ticksOf(range, { width, gapPx: TICK_GAP_PX, offsetMs }).map((at) => {
        const x = xOf(range, { at, width })
        const time = timeOfDay(at)
        const text = time === '00:00:00' ? dayOf(at) : short ? time : time.slice(0, 5)
        return (
          <g key={at}>
            <line x1={x} x2={x} y1={AXIS_PX - 6} y2={height} />
            <text x={x + 4} y={AXIS_PX - 8}>
              {text}
            </text>
          </g>
        )
      })}
    </g>
  )
}

function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800)
  useEffect(() => {
    if (frame.current === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.floor(entry?.contentRect.width ?? 0))))
    observer.observe(frame.current)
    return () => observer.disconnect()
  }, [])
  return width
}

type Moves = { readonly range: Range; readonly width: number; readonly show: (range: Range) => void }

/** Dragging moves in time; a click stays a click. */
function useDrag({ range, width, show }: Moves) {
  const began = useRef<{ readonly x: number; readonly range: Range } | null>(null)
  const end = () => {
    began.current = null
  }
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button === 0) began.current = { x: event.clientX, range }
    },
    onPointerMove(event: PointerEvent) {
      if (began.current === null || Math.abs(event.clientX - began.current.x) < 4) return
      const share = (began.current.x - event.clientX) / width
      show(shifted(began.current.range, { share, now: Date.now() }))
    },
    onPointerUp: end,
    onPointerLeave: end,
  }
}

/** With Ctrl or ⌘, as on maps: the wheel alone scrolls the page. Not as a property, because it must be able to hold the browser's own zoom back. */
function useZoom(frame: { readonly current: HTMLElement | null }, { range, width, show }: Moves): void {
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const turned = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      const share = (event.clientX - element.getBoundingClientRect().left) / width
      const factor = event.deltaY > 0 ? WHEEL_FACTOR : 1 / WHEEL_FACTOR
      show(zoomed(range, { factor, at: range.from + share * spanOf(range), now: Date.now() }))
    }
    element.addEventListener('wheel', turned, { passive: false })
    return () => element.removeEventListener('wheel', turned)
  }, [range.from, range.to, width])
}
