// A line to the bridge on which events come: opened again when it breaks or falls silent, and closed while nobody looks.

import { type ReadonlySignal, signal } from '@preact/signals'

/** The first wait before a line is opened again, ms; doubled up to the second. */
const AGAIN_MS = 1_000
const AGAIN_MAX_MS = 10_000
/** A page in the background keeps its line so long, ms: browsers have few lines for one server. */
const HIDDEN_MS = 15_000

export type LineState = {
  readonly kind: 'connecting' | 'open' | 'lost' | 'resting'
  /** When something was heard last, ms since 1970; null: never. */
  readonly heardAt: number | null
}

export type Line = { readonly state: ReadonlySignal<LineState>; close(): void }

export type LineDeps = {
  /** Asked each time, so that a line can go on where it was left. */
  readonly url: () => string
  /** By the event's name; unnamed ones are `message`. */
  readonly events: Readonly<Record<string, (data: string, id: string) => void>>
  /** A line that is silent for longer is taken for broken, ms; null: silence is no sign. */
  readonly silentMs: number | null
}

export function openLine({ url, events, silentMs }: LineDeps): Line {
  const state = signal<LineState>({ kind: 'connecting', heardAt: null })
  let source: EventSource | null = null
  let timer = 0
  let watchdog = 0
  let failures = 0
  let over = false

  function heard(): void {
    failures = 0
    state.value = { kind: 'open', heardAt: Date.now() }
    clearTimeout(watchdog)
    if (silentMs !== null) watchdog = setTimeout(broken, silentMs)
  }

  function shut(): void {
    clearTimeout(timer)
    clearTimeout(watchdog)
    source?.close()
    source = null
  }

  function broken(): void {
    shut()
    if (over) return
    state.value = { kind: 'lost', heardAt: state.peek().heardAt }
    const waitMs = Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** failures)
    failures += 1
    timer = setTimeout(open, waitMs)
  }

  function open(): void {
    shut()
    source = new EventSource(url())
    source.onopen = heard
    source.onerror = broken
    for (const [name, take] of Object.entries(events)) {
      source.addEventListener(name, (event) => {
        heard()
        take(String(event.data), event.lastEventId)
      })
    }
  }

  function seen(): void {
    clearTimeout(hiding)
    if (document.hidden) hiding = setTimeout(rest, HIDDEN_MS)
    else if (source === null) open()
  }
  let hiding = 0

  function rest(): void {
    shut()
    state.value = { kind: 'resting', heardAt: state.peek().heardAt }
  }

  document.addEventListener('visibilitychange', seen)
  window.addEventListener('online', seen)
  open()
  return {
    state,
    close() {
      over = true
      shut()
      clearTimeout(hiding)
      document.removeEventListener('visibilitychange', seen)
      window.removeEventListener('online', seen)
    },
  }
}
