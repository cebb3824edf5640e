// Everything that is known about one decision.

import type { ComponentChildren } from 'preact'
import type { JournalEntry } from '../domain/journal.ts'
import { REASONS } from '../domain/reason.ts'
import type { EventRecord, LogRecord } from '../domain/record.ts'
import { Time } from './bits.tsx'
import { took } from './time.ts'
import { ACTOR_WORDS, CAUSE_WORDS, SIDE_TITLES } from './words.ts'

export function LogDetails({ entry: { seq, record } }: { readonly entry: JournalEntry }) {
  const { event, decisions, writes, exposed = [], overlaps = [] } = record
  return (
    <dl class="facts">
      <Fact name="what happened">{eventWords(event)}</Fact>
      <Times record={record} />
      {decisions.map(({ side, reason, from, to, rule }) => (
        <Fact key={side} name={`decided for ${SIDE_TITLES[side]}`}>
          <code>{reason}</code> {from === to ? `stays ${to}` : `${from} → ${to}`}
          <span class="muted">
            {' '}
            {rule === undefined ? '' : `${rule} · `}
            {REASONS[reason]}
          </span>
        </Fact>
      ))}
      {writes.map(({ side, status, outcome, ms, words }) => (
        <Fact key={side} name={`written in ${SIDE_TITLES[side]}`}>
          {status}: {outcome}
          {ms === undefined ? '' : ` after ${took(ms)}`}
          {words === undefined ? '' : ` (${words})`}
        </Fact>
      ))}
      {exposed.map(({ side, cause }) => (
        <Fact key={side} name={`exposed in ${SIDE_TITLES[side]}`}>
          {CAUSE_WORDS[cause]}
        </Fact>
      ))}
      {overlaps.map(({ side, item, ms }) => (
        <Fact key={item} name={`overlap in ${SIDE_TITLES[side]}`}>
          {item} for {took(ms)}
        </Fact>
      ))}
      <Fact name="ids">
        <code>
          decision {seq}
          {event.item === undefined ? '' : ` · item ${event.item}`}
          {event.id === undefined ? '' : ` · report ${event.id}`} · mapping {record.mapping.slice(0, 19)}
        </code>
      </Fact>
    </dl>
  )
}

function Times({ record: { time, event } }: { readonly record: LogRecord }) {
  const times = [
    { name: 'by the platform', iso: event.at },
    ...(event.received === undefined ? [] : [{ name: 'received', iso: event.received }]),
    { name: 'decided', iso: time },
  ]
  return (
    <Fact name="when">
      {times.map(({ name, iso }) => (
        <span key={name} class="time-fact">
          {name} <Time at={Date.parse(iso)} exact />
        </span>
      ))}
    </Fact>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function eventWords(event: EventRecord): string {
  const where = event.side === undefined ? '' : ` in ${SIDE_TITLES[event.side]}`
  switch (event.kind) {
    case 'status': {
      const by = event.by === undefined ? '' : ` by ${ACTOR_WORDS[event.by]}`
      return `status${where} ${event.from === undefined ? '' : `${event.from} `}→ ${event.to ?? '?'}${by}`
    }
    case 'work':
      return `${event.channel ?? 'work'}${where} ${event.state ?? ''}`
    default:
      return `${event.kind}${where}${event.what === undefined ? '' : `: ${event.what}`}`
  }
}
