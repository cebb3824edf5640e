// One decision as one line: as JSON for machines, as a sentence for people who watch.

import { styleText } from 'node:util'
import type { LogRecord, WriteRecord } from '../domain/record.ts'

/** Names and order are a contract; nothing else is in the line. */
export function jsonLine({ time, agent, event, decisions, writes, overlaps, mapping, sentence }: LogRecord): string {
  return `${JSON.stringify({ time, agent, event, decisions, writes, overlaps, mapping, sentence })}\n`
}

type Style = Parameters<typeof styleText>[0]

/** "10:32:07.412  jane@acme.example  mapped  Jane went …  → the status (confirmed, 143 ms)". */
export function readableLine(record: LogRecord, colour: boolean): string {
  const paint = (style: Style, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const reasons = [...new Set(record.decisions.map(({ reason }) => reason))]
  const parts = [
    localTime(record.time),
    paint('cyan', record.agent),
    paint('bold', reasons.join(' ') || '-'),
    record.sentence,
    ...record.writes.map((write) => paint(styleOf(write), writeText(write))),
  ]
  const line = parts.join('  ').replaceAll(/[\r\n]+/g, ' ')
  const nothingNew = reasons.every((reason) => reason === 'echo' || reason === 'repeat')
  return `${nothingNew ? paint('dim', line) : line}\n`
}

function writeText({ side, status, outcome, ms, words }: WriteRecord): string {
  const details = [outcome, ms === undefined ? null : `${ms} ms`, words ?? null].filter((detail) => detail !== null)
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
