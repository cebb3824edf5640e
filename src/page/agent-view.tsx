// One agent's page: where they stand and why, what waits, what can be done, what happened.

import { useEffect, useState } from 'preact/hooks'
import type { AgentDetail } from '../ops/status.ts'
import { AgentActions } from './agent-actions.tsx'
import { ask } from './api.ts'
import { Badge, Empty, Failure, Time } from './bits.tsx'
import { standing } from './board-line.tsx'
import { Icon } from './icons.tsx'
import type { Opened } from './log-model.ts'
import { LogPanel } from './log-panel.tsx'
import { usePage } from './page.ts'
import { TimelinePanel } from './timeline-panel.tsx'
import { CAUSE_WORDS, SIDE_TITLES, TROUBLE_WORDS } from './words.ts'

/** Changes that come close together are asked for once, ms. */
const GATHER_MS = 150

export function AgentView({ name }: { readonly name: string }) {
  const { board, router } = usePage()
  const { detail, failure, refresh } = useDetail(name)
  const [opened, setOpened] = useState<Opened | null>(null)
  const back = (
    <a class="back" href={router.board.value}>
      <Icon name="back" /> Agents
    </a>
  )
  if (failure !== null && detail === null) {
    return (
      <div class="agent">
        {back}
        <Failure words={failure} again={refresh} />
      </div>
    )
  }
  if (detail === null) {
    return (
      <div class="agent">
        {back}
        <Empty title="Reading …" />
      </div>
    )
  }
  const known = board.version.value >= 0 ? board.row(detail.agent) : undefined
  return (
    <div class="agent">
      <div class="agent-head">
        {back}
        <h2>{detail.name}</h2>
        <span class="muted">
          {detail.agent}
          {detail.profile === null ? '' : ` · ${detail.profile}`}
        </span>
        {known?.row.troubles?.map((trouble) => (
          <Badge key={trouble} tone={TROUBLE_WORDS[trouble].tone} icon="alert" title={TROUBLE_WORDS[trouble].meaning}>
            {TROUBLE_WORDS[trouble].label}
          </Badge>
        ))}
        <AgentActions detail={detail} paused={known?.row.paused} />
      </div>
      <p class="sentence">{detail.sentence}</p>
      <div class="cards">
        {known === undefined ? null : <SideCards detail={detail} />}
        <Next detail={detail} />
      </div>
      <TimelinePanel agent={detail.agent} available={detail.available} changed={known?.row} open={setOpened} />
      <section class="panel" aria-label="Sync log of this agent">
        <LogPanel agent={detail.agent} opened={opened} />
      </section>
    </div>
  )
}

function useDetail(name: string) {
  const { board } = usePage()
  const [detail, setDetail] = useState<AgentDetail | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const row = board.version.value >= 0 ? board.row(detail?.agent ?? name)?.row : undefined
  const line = board.line.value.kind

  async function refresh(): Promise<void> {
    const answer = await ask<AgentDetail>(`/api/agents/${encodeURIComponent(name)}`)
    setFailure(answer.ok ? null : answer.error)
    if (answer.ok) setDetail(answer.value)
  }

  // The row is a new one with every change of the agent.
  useEffect(() => {
    const timer = setTimeout(() => void refresh(), detail === null ? 0 : GATHER_MS)
    return () => clearTimeout(timer)
  }, [name, row, line])
  return { detail, failure, refresh: () => void refresh() }
}

function SideCards({ detail }: { readonly detail: AgentDetail }) {
  const { board, now } = usePage()
  const row = board.row(detail.agent)?.row
  if (row === undefined) return null
  return (
    <>
      {detail.causes.map(({ side, reason, rule, quote, words }) => {
        const of = row[side]
        return (
          <section class="card" key={side} aria-label={SIDE_TITLES[side]}>
            <h3>{SIDE_TITLES[side]}</h3>
            <p class="big">{standing({ side, of, now: now.value })}</p>
            {of.exposed === undefined ? null : <p class="bad">Could be offered work: {CAUSE_WORDS[of.exposed]}.</p>}
            {words === null ? null : <p class="bad">{words}</p>}
            <dl>
              <dt>should be</dt>
              <dd>{detail[side].target}</dd>
              {detail[side].base === detail[side].target ? null : (
                <>
                  <dt>after the block</dt>
                  <dd>{detail[side].base}</dd>
                </>
              )}
              <dt>because</dt>
              <dd>
                <code>{reason}</code>
                {rule === null ? null : <span class="muted"> {rule}</span>}
              </dd>
            </dl>
            {quote === null ? null : <pre class="quote">{quote}</pre>}
          </section>
        )
      })}
    </>
  )
}

function Next({ detail }: { readonly detail: AgentDetail }) {
  const { writes, next } = detail
  return (
    <section class="card" aria-label="What waits and what happens next">
      <h3>What waits</h3>
      {writes.length === 0 ? <p class="muted">Nothing has to be written.</p> : null}
      <ul>
        {writes.map(({ side, status, state, words }) => (
          <li key={side}>
            {SIDE_TITLES[side]} to <b>{status}</b>: {STATE_WORDS[state] ?? state}
            {words === null ? '' : ` (${words})`}
          </li>
        ))}
      </ul>
      <h3>What happens next</h3>
      {next.length === 0 ? <p class="muted">Nothing by itself.</p> : null}
      <ul>
        {next.map(({ at, what }) => (
          <li key={at + what}>
            <Time at={Date.parse(at)} /> {what}
          </li>
        ))}
      </ul>
    </section>
  )
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  queued: 'in line',
  flight: 'being written',
  backing_off: 'tried again soon',
  unreachable: 'waits until somebody can carry it out',
  behind: 'after the one under way',
}
