// One decision: a line to skim, and everything that is known about it when it is opened.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { JournalEntry } from '../domain/journal.ts'
import { Badge, marked, Time } from './bits.tsx'
import { LogDetails } from './log-details.tsx'
import { isQuiet, type Opened } from './log-model.ts'
import { hashOf } from './route.ts'
import { OUTCOME_TONES, SIDE_TITLES } from './words.ts'

type LineProps = {
  readonly entry: JournalEntry
  /** Says whom it is about. */
  readonly named: boolean
  /** Shows everything, and comes into sight. */
  readonly opened: Opened | null
  readonly find: string
}

export function LogLine({ entry, named, opened, find }: LineProps) {
  const { record, seq } = entry
  const [open, setOpen] = useState(opened !== null)
  const line = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (opened === null) return
    setOpen(true)
    line.current?.scrollIntoView({ block: 'center' })
    line.current?.querySelector('summary')?.focus({ preventScroll: true })
  }, [opened])
  return (
    <li class={isQuiet(record) ? 'quiet' : ''} data-seq={seq}>
      <details ref={line} open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <Time at={Date.parse(record.time)} />
          <code class="reasons">
            {[...new Set(record.decisions.map(({ reason }) => reason))].join(' ') || record.event.kind}
          </code>
          <span class="log-sentence">{marked(record.sentence, find)}</span>
          <span class="log-writes">
            {record.exposed?.some(({ cause }) => cause !== 'under_way') ? (
              <Badge tone="bad" icon="alert">
                exposed
              </Badge>
            ) : null}
            {record.writes.map(({ side, status, outcome }) => (
              <Badge key={side} tone={OUTCOME_TONES[outcome]}>
                {SIDE_TITLES[side]} → {status}: {outcome}
              </Badge>
            ))}
          </span>
        </summary>
        {open ? (
          <div class="log-details">
            {named ? <a href={hashOf({ view: 'agents', agent: record.agent })}>{record.agent}</a> : null}
            <LogDetails entry={entry} />
          </div>
        ) : null}
      </details>
    </li>
  )
}
