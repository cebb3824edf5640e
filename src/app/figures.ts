// What each minute had, for charts that reach back past a restart: counted as it happens, handed on when the minute is over.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { MinuteFigures } from '../domain/history.ts'
import type { OutcomeEntry } from '../domain/journal.ts'
import type { ExposureRecord, WriteOutcome } from '../domain/record.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'

const MINUTE_MS = 60_000
/** Latencies of one minute and side that are looked at: more change no percentile that anybody could see. */
const SAMPLES_MAX = 5_000

export type Figures = {
  start(): void
  decided(): void
  outcome(entry: Pick<OutcomeEntry, 'side' | 'outcome' | 'ms'>): void
  exposed(exposure: Pick<ExposureRecord, 'side'> & { readonly ms: number }): void
  /** Hands on what the minute has had so far. */
  stop(): void
}

type Minute = {
  decisions: number
  readonly writes: Partial<Record<WriteOutcome, number>>
  readonly latencies: BySide<number[]>
  readonly exposedMs: { [S in Side]: number }
}

export function createFigures(deps: {
  readonly clock: Clock
  /** At the end of each minute: the moment to tell of what goes on. */
  readonly minute: () => void
  /** Of a minute in which something happened. */
  readonly keep: (figures: MinuteFigures) => void
}): Figures {
  const { clock } = deps
  let begin = 0
  let minute = newMinute()
  let timer: Cancel | null = null

  function handOn(): void {
    deps.minute()
    const figures = figuresOf(begin, minute)
    minute = newMinute()
    if (figures !== null) deps.keep(figures)
  }

  /** The first one begins in the middle of a minute. */
  function plan(): void {
    begin = clock.now()
    timer = clock.after(MINUTE_MS - (begin % MINUTE_MS), () => {
      handOn()
      plan()
    })
  }

  return {
    start: plan,
    decided() {
      minute.decisions += 1
    },
    outcome({ side, outcome, ms }) {
      minute.writes[outcome] = (minute.writes[outcome] ?? 0) + 1
      const samples = minute.latencies[side]
      if (outcome === 'confirmed' && samples.length < SAMPLES_MAX) samples.push(ms)
    },
    exposed({ side, ms }) {
      minute.exposedMs[side] += ms
    },
    stop() {
      timer?.()
      handOn()
    },
  }
}

function newMinute(): Minute {
  return { decisions: 0, writes: {}, latencies: { crm: [], telephony: [] }, exposedMs: { crm: 0, telephony: 0 } }
}

/** Null: nothing happened. */
function figuresOf(minute: number, { decisions, writes, latencies, exposedMs }: Minute): MinuteFigures | null {
  if (decisions === 0 && Object.keys(writes).length === 0 && SIDES.every((side) => exposedMs[side] === 0)) return null
  const latency = { crm: latencyOf(latencies.crm), telephony: latencyOf(latencies.telephony) }
  return { minute, decisions, writes, latency, exposedMs }
}

function latencyOf(samples: number[]): MinuteFigures['latency'][Side] {
  if (samples.length === 0) return null
  const sorted = samples.sort((a, b) => a - b)
  const rank = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), max: rank(1) }
}
