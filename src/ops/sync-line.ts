// One decision as one line: as JSON for machines, as a sentence for people who watch.

import { styleText } from 'node:util'
import type { LogRecord, WriteRecord } from '../domain/record.ts'

/** Names and order are a contract; nothing else is in the line. */
export function jsonLine(record: LogRecord): string {
  const { time, agent, event, decisions, writes, overlaps, exposed, mapping, sentence } = record
  return `${JSON.stringify({ time, agent, event, decisions, writes, overlaps, exposed, mapping, sentence })}\n`
}

type Style = Parameters<typeof styleText>[0]

/** Shorter differences between the platform's time, hearing and deciding are not worth reading, ms. */
const NOTICEABLE_MS = 1_000

/** `clock`: a time as the reader's clock shows it; left out, this machine's. */
export type LineStyle = { readonly colour: boolean; readonly clock?: (iso: string) => string }

/** "10:32:07.412  jane@acme.example  mapped  Jane went …  → the status (confirmed, 143 ms)". */
export function readableLine(record: LogRecord, { colour, clock = localTime }: LineStyle): string {
  const paint = (style: Style, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const reasons = [...new Set(record.decisions.map(({ reason }) => reason))]
  const parts = [
    clock(record.time),
    paint('cyan', record.agent),
    paint('bold', reasons.join(' ') || '-'),
    record.sentence,
    ...record.writes.map((write) => paint(styleOf(write), writeText(write))),
    ...delays(record, clock).map((text) => paint('dim', text)),
  ]
  const line = parts.join('  ').replaceAll(/[\r\n]+/g, ' ')
  const nothingNew = reasons.every((reason) => reason === 'echo' || reason === 'repeat')
  return `${nothingNew ? paint('dim', line) : line}\n`
}

/** Where what happened, hearing of it and deciding were noticeably apart. */
function delays({ time, event }: LogRecord, clock: (iso: string) => string): readonly string[] {
  const received = event.received ?? time
  const isApart = (a: string, b: string) => Math.abs(Date.parse(a) - Date.parse(b)) >= NOTICEABLE_MS
  const parts = [
    ...(isApart(event.at, received) ? [`platform ${clock(event.at)}`] : []),
    ...(isApart(event.at, received) || isApart(received, time) ? [`heard ${clock(received)}`] : []),
    ...(isApart(received, time) ? [`decided ${clock(time)}`] : []),
  ]
  return parts.length === 0 ? [] : [`[${parts.join(', ')}]`]
}

function writeText({ side, status, outcome, ms, words, waited }: WriteRecord): string {
  const details = [
    outcome,
    ...(ms === undefined || outcome === 'waiting' ? [] : [`${ms} ms`]),
    ...(words === undefined ? [] : [words]),
    ...(waited === undefined ? [] : [`waited: ${waited}`]),
  ]
  return `→ ${side} ${status} (${details.join(', ')})`
}

function styleOf({ outcome }: WriteRecord): Style {
  if (outcome === 'failed' || outcome === 'refused' || outcome === 'ignored') return 'red'
  return outcome === 'confirmed' ? 'green' : 'yellow'
}

function localTime(iso: string): string {
  const time = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`
}
