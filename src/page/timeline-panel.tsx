// An agent's two lanes over time: which part is shown, and what lies behind each thing that is drawn.

import { useEffect, useMemo, useState } from 'preact/hooks'
import type { BySide } from '../domain/side.ts'
import type { Timeline } from '../domain/timeline.ts'
import type { BoardRow } from '../ops/board.ts'
import { ask } from './api.ts'
import { Failure, Time } from './bits.tsx'
import { Icon } from './icons.tsx'
import type { Opened } from './log-model.ts'
import { usePage } from './page.ts'
import { clockTime, dayOf, isoOf, sameDay } from './time.ts'
import { TimelineDrawing } from './timeline-drawing.tsx'
import { type Item, itemsOf } from './timeline-items.ts'
import { TimelineLegend } from './timeline-legend.tsx'
import { LONGEST_MS, PRESETS, type Range, shifted, spanOf, zoomed } from './timeline-scale.ts'
import { TimelineTable } from './timeline-table.tsx'

/** While the range is moved it is not asked for, ms. */
const SETTLE_MS = 180
/** Up to so long behind now it is taken for now, and goes on with it, ms. */
const NEAR_NOW_MS = 5_000
const DEFAULT_MS = 3_600_000

type Props = {
  readonly agent: string
  readonly available: BySide<readonly string[]>
  /** Another one: something happened. */
  readonly changed: BoardRow | undefined
  /** Shows a decision in the log. */
  readonly open: (decision: Opened) => void
}

export function TimelinePanel({ agent, available, changed, open }: Props) {
  const page = usePage()
  const { range, live, show } = useRange(changed)
  const [timeline, setTimeline] = useState<Timeline | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [picked, setPicked] = useState<Item | null>(null)

  async function read(): Promise<void> {
    const query = new URLSearchParams({ agent, from: isoOf(range.from), to: isoOf(range.to) })
    const answer = await ask<Timeline>(`/api/timeline?${query}`)
    setFailure(answer.ok ? null : answer.error)
    if (answer.ok) setTimeline(answer.value)
  }
  useEffect(() => {
    const timer = setTimeout(() => void read(), timeline === null ? 0 : SETTLE_MS)
    return () => clearTimeout(timer)
  }, [agent, range.from, range.to])

  const items = timeline === null ? [] : itemsOf(timeline, { now: Math.min(Date.now(), range.to), available })
  return (
    <section class="panel timeline" aria-label="Timeline">
      <div class="tools">
        <h3>Timeline</h3>
        <Presets range={range} live={live} />
        <div class="buttons" role="group" aria-label="Move">
          <Step label="Earlier" text="←" act={() => show(shifted(range, { share: -0.5, now: Date.now() }))} />
          <Step
            label="Later"
            text="→"
            disabled={live}
            act={() => show(shifted(range, { share: 0.5, now: Date.now() }))}
          />
          <Step
            label="Closer"
            text="+"
            act={() => show(zoomed(range, { factor: 0.5, at: middle(range), now: Date.now() }))}
          />
          <Step
            label="Wider"
            text="−"
            act={() => show(zoomed(range, { factor: 2, at: middle(range), now: Date.now() }))}
          />
        </div>
        <p class="shown">
          {clockTime(range.from, page.now.value)} – {live ? 'now' : clockTime(range.to, page.now.value)}
          {sameDay(range.from, Date.now()) ? '' : ` (${dayOf(range.from)})`}
        </p>
      </div>
      {failure === null ? null : <Failure words={failure} again={() => void read()} />}
      {timeline?.cut ? <p class="muted note">More happened than is drawn; look closer to see the beginning.</p> : null}
      <TimelineDrawing range={range} items={items} picked={picked} pick={setPicked} show={show} open={open} />
      <TimelineLegend />
      <Picked item={picked} open={open} />
      <TimelineTable items={items} />
    </section>
  )
}

function middle({ from, to }: Range): number {
  return (from + to) / 2
}

/** The range stands in the address: a length up to now, or both ends. What goes on with now does so with time and with what happens. */
function useRange(changed: BoardRow | undefined): { range: Range; live: boolean; show(range: Range): void } {
  const { router, now } = usePage()
  const { from, to, span } = router.route.value.query
  const given = { from: Number(from), to: Number(to) }
  const live = !(given.to > given.from)
  const end = useMemo(() => Date.now(), [now.value, changed, to, span])
  const show = (next: Range) => {
    const reachesNow = next.to >= Date.now() - NEAR_NOW_MS
    const ends = { from: String(Math.round(next.from)), to: String(Math.round(next.to)) }
    router.filter(reachesNow ? { from: '', to: '', span: String(Math.round(spanOf(next))) } : ends)
  }
  const range = live ? { from: end - lengthOf(span), to: end } : given
  return { range, live, show }
}

/** By the name of a preset, or in ms. */
function lengthOf(span: string | undefined): number {
  const preset = PRESETS.find(({ name }) => name === span)?.ms
  if (preset !== undefined) return preset
  return Number(span) > 0 ? Math.min(Number(span), LONGEST_MS) : DEFAULT_MS
}

function Presets({ range, live }: { readonly range: Range; readonly live: boolean }) {
  const { router } = usePage()
  return (
    <div class="buttons" role="group" aria-label="Shown time">
      {PRESETS.map(({ name, ms }) => (
        <button
          key={name}
          type="button"
          aria-pressed={live && Math.abs(spanOf(range) - ms) < 1}
          onClick={() => router.filter({ span: name, from: '', to: '' })}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

function Step(props: {
  readonly label: string
  readonly text: string
  readonly disabled?: boolean
  readonly act: () => void
}) {
  const { label, text, disabled = false, act } = props
  return (
    <button type="button" aria-label={label} title={label} disabled={disabled} onClick={act}>
      {text}
    </button>
  )
}

/** Of one height, whatever it says, so that nothing jumps under the pointer. */
function Picked({ item, open }: { readonly item: Item | null; readonly open: (decision: Opened) => void }) {
  const [first, ...more] = item?.words ?? []
  return (
    <div class="picked" aria-live="polite">
      {item === null ? (
        <p class="muted">Point at something, or walk through it with ← and →; drag to move in time.</p>
      ) : (
        <>
          <p>
            <b>{first}</b>{' '}
            <span class="muted">
              <Time at={item.from} exact />
              {item.to > item.from ? (
                <>
                  {' – '}
                  <Time at={item.to} exact />
                </>
              ) : null}
            </span>
          </p>
          <p>
            {more.join(' ')}{' '}
            {item.seq === null ? null : (
              <button type="button" class="link-button" onClick={() => open({ seq: item.seq ?? 0, at: item.from })}>
                Show the decision <Icon name="chevron" />
              </button>
            )}
          </p>
        </>
      )}
    </div>
  )
}
