// The sync log with its filters: of everybody, or of one agent. It can be stopped to be read.

import { useEffect, useRef, useState } from 'preact/hooks'
import { REASONS } from '../domain/reason.ts'
import { SIDES } from '../domain/side.ts'
import { Empty, Failure } from './bits.tsx'
import { Icon } from './icons.tsx'
import { type LogAsk, useDecision, useLog } from './log-data.ts'
import { LogLine } from './log-line.tsx'
import { type Entries, type LogFilter, type Opened, WRITE_CHOICES, wanted } from './log-model.ts'
import { usePage } from './page.ts'
import { counted, SIDE_TITLES } from './words.ts'

/** Lines in the document at first, and so many more each time. */
const LINES = 150
/** A name is asked for when it was not changed for so long, ms. */
const TYPING_MS = 350

/** `agent` null: everybody's, with a filter for one. `opened`: the decision to show. */
export function LogPanel({ agent, opened }: { readonly agent: string | null; readonly opened: Opened | null }) {
  const { router } = usePage()
  const { query } = router.route.value
  const asked: LogAsk = { agent: agent ?? query.agent ?? '', reason: query.reason ?? '' }
  const log = useLog(asked)
  const [held, setHeld] = useState<Entries | null>(null)
  const [lines, setLines] = useState(LINES)
  const filter: LogFilter = { text: (query.q ?? '').toLowerCase(), side: query.side ?? '', writes: query.writes ?? '' }
  const found = wanted(held ?? log.entries, filter)
  const news = held === null ? 0 : log.entries.filter(({ seq }) => seq > (held[0]?.seq ?? 0)).length
  const index = opened === null ? -1 : found.findIndex(({ seq }) => seq === opened.seq)
  const shown = found.slice(0, Math.max(lines, index + 1))
  // Not before the log itself had its chance.
  const isRead = log.entries.length > 0 || asked.reason !== ''
  const apart = index < 0 && isRead ? opened : null
  return (
    <>
      <div class="tools">
        {agent === null ? <AgentField value={asked.agent} /> : <h3>Sync log</h3>}
        <LogFilters />
        <button type="button" aria-pressed={held !== null} onClick={() => setHeld(held === null ? log.entries : null)}>
          <Icon name={held === null ? 'pause' : 'play'} />
          {held === null ? 'Pause' : news === 0 ? 'Continue' : `Continue (${news} new)`}
        </button>
        <p class="shown" role="status">
          {log.line === 'lost' ? 'Connection lost; it is tried again' : held === null ? 'Live' : 'Paused'}
        </p>
      </div>
      {log.failure === null ? null : <Failure words={log.failure} again={log.older} />}
      {apart === null ? null : <Apart agent={asked.agent} opened={apart} />}
      {shown.length === 0 ? <NoLines connecting={log.line === 'connecting'} filtered={log.entries.length > 0} /> : null}
      <ol class="log">
        {shown.map((entry) => (
          <LogLine
            key={entry.seq}
            entry={entry}
            named={agent === null}
            opened={entry.seq === opened?.seq ? opened : null}
            find={filter.text}
          />
        ))}
      </ol>
      <div class="log-end">
        {found.length > shown.length ? (
          <button type="button" onClick={() => setLines(lines + LINES)}>
            Show {Math.min(LINES, found.length - shown.length)} more
          </button>
        ) : log.whole || log.line === 'connecting' ? null : (
          <button type="button" disabled={log.reading} onClick={log.older}>
            {log.reading ? 'Reading …' : 'Look further back'}
          </button>
        )}
        <span class="muted">
          {counted(found.length, 'decision')}
          {found.length === log.entries.length ? '' : ` of ${log.entries.length.toLocaleString('en')} that were read`}
        </span>
      </div>
    </>
  )
}

/** A decision from further back than what was read, or one that the filters leave out. */
function Apart({ agent, opened }: { readonly agent: string; readonly opened: Opened }) {
  const { entry, failure } = useDecision(agent, opened)
  if (failure !== null) return <Failure words={failure} />
  if (entry === null) return null
  return (
    <ol class="log apart">
      <LogLine entry={entry} named={agent === ''} opened={opened} find="" />
    </ol>
  )
}

function NoLines({ connecting, filtered }: { readonly connecting: boolean; readonly filtered: boolean }) {
  if (connecting) return <Empty title="Reading the log …" />
  return filtered ? (
    <Empty title="Nothing that was read so far fits.">
      <p>Look further back, or widen the filters.</p>
    </Empty>
  ) : (
    <Empty title="Nothing was decided yet." />
  )
}

/** The bridge is asked anew for another name, so not with every letter. */
function AgentField({ value }: { readonly value: string }) {
  const { router } = usePage()
  const timer = useRef(0)
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <label class="agent-field">
      <span class="spoken">Agent</span>
      <input
        placeholder="Agent: name or e-mail"
        autocomplete="off"
        spellcheck={false}
        defaultValue={value}
        onInput={({ currentTarget }) => {
          clearTimeout(timer.current)
          timer.current = setTimeout(() => router.filter({ agent: currentTarget.value.trim() }), TYPING_MS)
        }}
      />
    </label>
  )
}

function LogFilters() {
  const { router } = usePage()
  const { query } = router.route.value
  return (
    <>
      <label class="search">
        <Icon name="search" />
        <span class="spoken">Find in the log</span>
        <input
          type="search"
          placeholder="Find in sentences"
          autocomplete="off"
          value={query.q ?? ''}
          onInput={(event) => router.filter({ q: event.currentTarget.value })}
        />
      </label>
      <Choice name="reason" title="Reason" all="Any reason" options={Object.keys(REASONS)} />
      <Choice name="side" title="Side" all="Both sides" options={SIDES} words={SIDE_TITLES} />
      <Choice name="writes" title="Writes" all="All decisions" options={WRITE_CHOICES} words={WRITE_WORDS} />
    </>
  )
}

const WRITE_WORDS = { news: 'without echoes and repeats', any: 'only writes' }

function Choice(props: {
  readonly name: 'reason' | 'side' | 'writes'
  readonly title: string
  readonly all: string
  readonly options: readonly string[]
  readonly words?: Readonly<Record<string, string>>
}) {
  const { router } = usePage()
  const { name, title, all, options, words = {} } = props
  return (
    <select
      aria-label={title}
      value={router.route.value.query[name] ?? ''}
      onChange={(event) => router.filter({ [name]: event.currentTarget.value })}
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {words[option] ?? option}
        </option>
      ))}
    </select>
  )
}
