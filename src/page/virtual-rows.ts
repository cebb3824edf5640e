// Only the rows in sight are in the document, however many there are.

import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useLayoutEffect, useMemo, useReducer } from 'preact/hooks'

/** Rows beyond each edge, so that scrolling does not show gaps. */
const OVERSCAN = 8

export type VirtualRows = Virtualizer<HTMLElement, HTMLElement>

export function useVirtualRows(args: {
  readonly count: number
  readonly rowPx: number
  /** The height of what stays on top. */
  readonly headPx: number
  readonly scroller: RefObject<HTMLElement | null>
  /** Where to begin, px. */
  readonly top: number
}): VirtualRows {
  const { count, rowPx, headPx, scroller, top } = args
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0)
  const options = {
    count,
    overscan: OVERSCAN,
    scrollMargin: headPx,
    scrollPaddingStart: headPx,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    initialOffset: top,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(),
  }
  const rows = useMemo(() => new Virtualizer<HTMLElement, HTMLElement>(options), [])
  rows.setOptions(options)
  useLayoutEffect(() => rows._didMount(), [rows])
  useLayoutEffect(() => rows._willUpdate())
  useLayoutEffect(() => rows.measure(), [rows, rowPx, headPx])
  return rows
}
