// One thing in the drawing: can be pointed at, focused and named.

import type { Side } from '../domain/side.ts'
import { OPEN_STATES } from '../domain/work.ts'
import { timeOfDay } from './time.ts'
import type { Item, Stage } from './timeline-items.ts'
import { bandOf, type LaneBox } from './timeline-places.ts'
import { type Range, xOf } from './timeline-scale.ts'

/** Narrower than this it cannot be pointed at. */
const LEAST_PX = 3
/** A letter of a label, about. */
const LETTER_PX = 6.6

type MarkProps = {
  readonly item: Item
  readonly boxes: Readonly<Record<Side, LaneBox>>
  readonly place: { readonly range: Range; readonly width: number; readonly height: number }
  readonly focusable: boolean
  readonly picked: boolean
  readonly pick: (item: Item) => void
}

export function Mark({ item, boxes, place, focusable, picked, pick }: MarkProps) {
  const { range, width, height } = place
  const band = bandOf(item, { boxes, height })
  const x = xOf(range, { at: item.from, width })
  const wide = Math.max(LEAST_PX, xOf(range, { at: item.to, width }) - x)
  const choose = () => pick(item)
  return (
    <g
      class={`mark-${item.kind} ${item.tone} ${item.takesWork ? 'takes' : ''} ${picked ? 'picked' : ''} ${item.label === 'Offline' ? 'offline' : ''}`}
      data-key={item.key}
      role="button"
      tabIndex={focusable ? 0 : -1}
      aria-label={`${timeOfDay(item.from)}: ${item.words.join('. ')}`}
      onFocus={choose}
      onPointerEnter={choose}
      onClick={choose}
    >
      {item.kind === 'write' ? (
        <path d={`M${x} ${band.y} l5 5 l-5 5 l-5 -5 Z`} />
      ) : item.kind === 'work' ? (
        <WorkBar item={item} place={place} y={band.y} height={band.height} />
      ) : (
        <rect x={x} y={band.y} width={wide} height={band.height} rx={item.kind === 'status' ? 3 : 1} />
      )}
    </g>
  )
}

/** Offered is hatched, accepted full, wrap-up pale. */
function WorkBar(props: {
  readonly item: Item
  readonly place: MarkProps['place']
  readonly y: number
  readonly height: number
}) {
  const { item, y, height } = props
  const { range, width } = props.place
  return (
    <>
      {openStages(item).map(({ state, from, to }) => {
        const x = xOf(range, { at: from, width })
        const wide = Math.max(LEAST_PX, xOf(range, { at: to, width }) - x)
        return <rect key={`${state} ${from}`} class={`stage ${state}`} x={x} y={y} width={wide} height={height} />
      })}
    </>
  )
}

/** The end has no length. */
function openStages({ stages = [] }: Item): readonly Stage[] {
  return stages.filter(({ state }) => OPEN_STATES.some((open) => open === state))
}

/** In a layer of its own: what is cut off must not be taken for the name of what can be pressed. */
export function MarkLabel({ item, boxes, place }: Pick<MarkProps, 'item' | 'boxes' | 'place'>) {
  if (item.kind !== 'status' && item.kind !== 'work') return null
  const { range, width, height } = place
  const band = bandOf(item, { boxes, height })
  // Behind the hatching of an offer nothing can be read.
  const begin = openStages(item).find(({ state }) => state !== 'offered')?.from ?? item.from
  const x = xOf(range, { at: begin, width })
  const letters = Math.floor((xOf(range, { at: item.to, width }) - x - 12) / LETTER_PX)
  if (letters < 2) return null
  const text = item.label.length <= letters ? item.label : `${item.label.slice(0, Math.max(1, letters - 1))}…`
  return (
    <text class={`label-${item.kind} ${item.takesWork ? 'takes' : ''}`} x={x + 6} y={band.y + band.height / 2 + 4}>
      {text}
    </text>
  )
}
