// The sync log as it comes: what was, what comes, and further back on demand.

import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import type { JournalEntry } from '../domain/journal.ts'
import type { LogRecord } from '../domain/record.ts'
import { ask } from './api.ts'
import { type LineState, openLine } from './line.ts'
import { type Entries, merged, type Opened } from './log-model.ts'
import { isoOf } from './time.ts'

const FIRST = 200
const MORE = 500
/** What an agent shows was decided shortly before, where the bridge had a hand in it. */
const AROUND_MS = 120_000
const LATELY_MS = 24 * 3_600_000
/** What comes is shown at most so often, ms. */
const SHOW_MS = 200

export type LogData = {
  readonly entries: Entries
  readonly line: LineState['kind']
  readonly failure: string | null
  /** Nothing older is in the journal. */
  readonly whole: boolean
  readonly reading: boolean
  older(): void
}

/** What the bridge filters by; empty: all. */
export type LogAsk = { readonly agent: string; readonly reason: string }

export function useLog({ agent, reason }: LogAsk): LogData {
  const entries = useSignal<Entries>([])
  const line = useSignal<LineState['kind']>('connecting')
  const failure = useSignal<string | null>(null)
  const whole = useSignal(false)
  const reading = useSignal(false)
  const asked = useComputed(() => entries.value.at(-1))

  useEffect(() => {
    entries.value = []
    whole.value = false
    failure.value = null
    const gathered: JournalEntry[] = []
    let timer = 0
    const show = () => {
      timer = 0
      entries.value = merged(entries.peek(), gathered.splice(0))
    }
    const opened = openLine({
      url: () => `/api/log?${queryOf({ agent, reason }, { limit: String(FIRST), ...lately({ agent, reason }) })}`,
      silentMs: null,
      events: {
        message(data, id) {
          gathered.push({ seq: Number(id), record: JSON.parse(data) as LogRecord })
          if (timer === 0) timer = setTimeout(show, SHOW_MS)
        },
      },
    })
    const unsubscribe = opened.state.subscribe(({ kind }) => {
      line.value = kind
    })
    return () => {
      clearTimeout(timer)
      unsubscribe()
      opened.close()
    }
  }, [agent, reason])

  async function older(): Promise<void> {
    if (reading.value) return
    reading.value = true
    // Inclusive, because several may have one time; what is known is not shown twice.
    const to = isoOf(asked.value === undefined ? Date.now() : Date.parse(asked.value.record.time) + 1)
    const query = queryOf({ agent, reason }, { limit: String(MORE), numbered: 'true', to })
    const answer = await ask<Entries>(`/api/log?${query}`)
    reading.value = false
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    whole.value = answer.value.length < MORE
    entries.value = merged(entries.value, answer.value, true)
  }

  return {
    entries: entries.value,
    line: line.value,
    failure: failure.value,
    whole: whole.value,
    reading: reading.value,
    older: () => void older(),
  }
}

/** One decision by its number, looked for around its time. */
export function useDecision(agent: string, { seq, at }: Opened) {
  const [entry, setEntry] = useState<JournalEntry | null>(null)
  const [failure, setFailure] = useState<string | null>(null)

  async function read(): Promise<void> {
    const around = { from: isoOf(at - AROUND_MS), to: isoOf(at + AROUND_MS) }
    const query = queryOf({ agent, reason: '' }, { limit: String(MORE), numbered: 'true', ...around })
    const answer = await ask<Entries>(`/api/log?${query}`)
    const found = answer.ok ? answer.value.find((one) => one.seq === seq) : undefined
    setEntry(found ?? null)
    setFailure(
      found !== undefined ? null : answer.ok ? `Decision ${seq} is not in the journal any more.` : answer.error,
    )
  }
  useEffect(() => void read(), [agent, seq, at])
  return { entry, failure }
}

/** A reason that is rare would be looked for in the whole journal; further back only when somebody asks. */
function lately({ agent, reason }: LogAsk): { readonly from?: string } {
  return reason !== '' && agent === '' ? { from: isoOf(Date.now() - LATELY_MS) } : {}
}

function queryOf({ agent, reason }: LogAsk, more: Readonly<Record<string, string>>): string {
  const given = { ...(agent === '' ? {} : { agent }), ...(reason === '' ? {} : { reason }) }
  return new URLSearchParams({ ...given, ...more }).toString()
}
