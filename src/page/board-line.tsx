// One agent's row on the board. Its parts are plain functions: of components each costs something at every step of scrolling.

import type { ComponentChildren } from 'preact'
import type { Side } from '../domain/side.ts'
import type { BoardRow, BoardSide } from '../ops/board.ts'
import { Badge, marked, Spoken } from './bits.tsx'
import type { Listed } from './board-model.ts'
import { memo } from './memo.ts'
import { hashOf } from './route.ts'
import { clockTime, isoOf, lasting } from './time.ts'
import { CAUSE_WORDS, SIDE_TITLES, TROUBLE_WORDS } from './words.ts'

type LineProps = {
  readonly index: number
  /** From the top of the rows, px. */
  readonly top: number
  readonly listed: Listed
  readonly find: string
  readonly active: boolean
  readonly now: number
  readonly open: (agent: string) => void
}

export function rowId(index: number): string {
  return `row-${index}`
}

export const BoardLine = memo(function BoardLine({ index, top, listed, find, active, now, open }: LineProps) {
  const { row } = listed
  const [trouble] = row.troubles ?? []
  const calm = trouble === undefined
  return (
    <div
      id={rowId(index)}
      class={active ? 'row active' : 'row'}
      data-tone={trouble === undefined ? undefined : TROUBLE_WORDS[trouble].tone}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => open(row.agent)}
    >
      <div class="cell who" role="rowheader" aria-colindex={1}>
        <a href={hashOf({ view: 'agents', agent: row.agent })} tabIndex={-1}>
          {marked(row.name, find)}
        </a>
        <small>
          {marked(row.agent, find)}
          {row.profile === undefined ? null : ' · '}
          {row.profile === undefined ? null : marked(row.profile, find)}
        </small>
      </div>
      {cell(2, 'status-crm', standing({ side: 'crm', of: row.crm, find, now, calm }))}
      {cell(3, 'work-crm', work('crm', row.crm))}
      {cell(4, 'status-telephony', standing({ side: 'telephony', of: row.telephony, find, now, calm }))}
      {cell(5, 'work-telephony', work('telephony', row.telephony))}
      {cell(6, 'attention', attention(row))}
      {cell(7, 'decided', decided(row, now))}
    </div>
  )
})

function cell(index: number, name: string, children: ComponentChildren) {
  return (
    <div class={`cell ${name}`} role="gridcell" aria-colindex={index}>
      {children}
    </div>
  )
}

type StandingProps = {
  readonly side: Side
  readonly of: BoardSide
  readonly find?: string
  readonly now: number
  /** A difference is as it should be: shadow mode. */
  readonly calm?: boolean
}

/** The status, and below it what it should be, what is being written, or how long it has been. */
export function standing({ side, of, find = '', now, calm = false }: StandingProps) {
  return (
    <>
      <span class="status">
        <i class={`dot ${of.takesWork ? 'takes' : ''}`} title={of.takesWork ? 'takes work' : 'takes no work'} />
        <span class="side-name">{SIDE_TITLES[side]} </span>
        {marked(of.status, find)}
        {of.takesWork ? <Spoken>, takes work</Spoken> : null}
      </span>
      <small>{below(of, { now, calm })}</small>
    </>
  )
}

function below(of: BoardSide, { now, calm }: { readonly now: number; readonly calm: boolean }) {
  if (of.pending !== undefined) return <span class="info">→ {of.pending}</span>
  if (of.target !== undefined) return <span class={calm ? 'muted' : 'bad'}>should be {of.target}</span>
  if (of.since === undefined) return null
  return (
    <time dateTime={isoOf(of.since)} title={`since ${isoOf(of.since)}`}>
      {lasting(now - of.since)}
    </time>
  )
}

const STATE_WORDS: Readonly<Record<string, string>> = { offered: 'offered', accepted: 'accepted', wrap_up: 'wrap-up' }

function work(side: Side, { work: items = [], block }: BoardSide) {
  const [first] = items
  return (
    <>
      {first === undefined ? null : (
        <span class={`work ${first[1]}`}>
          <i class="bar" />
          {items.length === 1 ? `${first[0] ?? 'work'} ${STATE_WORDS[first[1]] ?? first[1]}` : worksOf(items)}
        </span>
      )}
      {block === undefined ? null : (
        <Badge tone="quiet" icon="lock" title={BLOCK_WORDS[block]}>
          blocked<Spoken> in {SIDE_TITLES[side]}</Spoken>
        </Badge>
      )}
    </>
  )
}

const BLOCK_WORDS = {
  standing: 'kept out of work by work on the other side',
  quiet: 'work on the other side; this one takes none anyway',
  holding: 'the work is over; the block is held for a moment',
} as const

function worksOf(work: NonNullable<BoardSide['work']>): string {
  const channels = new Map<string, number>()
  for (const [channel] of work) channels.set(channel ?? 'work', (channels.get(channel ?? 'work') ?? 0) + 1)
  return [...channels].map(([channel, count]) => `${count} × ${channel}`).join(', ')
}

function attention(row: BoardRow) {
  const badges = (row.troubles ?? []).map((trouble) => {
    const { label, tone, meaning } = TROUBLE_WORDS[trouble]
    const more = trouble === 'exposed' ? exposedWords(row) : trouble === 'paused' ? row.paused : stuckWords(row)
    const icon = tone === 'quiet' ? 'pause' : 'alert'
    return (
      <Badge key={trouble} tone={tone} icon={icon} title={more === undefined ? meaning : `${meaning}: ${more}`}>
        {label}
      </Badge>
    )
  })
  const isCalled = row.troubles?.includes('exposed') || [row.crm.exposed, row.telephony.exposed].includes('under_way')
  const chosen = isCalled ? undefined : exposedWords(row)
  if (chosen === undefined) return badges
  return [
    ...badges,
    <Badge key="chosen" tone="quiet" title={`could be offered work while working ${chosen}`}>
      Open to work
    </Badge>,
  ]
}

function exposedWords({ crm, telephony }: BoardRow): string | undefined {
  const cause = crm.exposed ?? telephony.exposed
  return cause === undefined ? undefined : `in ${crm.exposed ? 'the CRM' : 'telephony'}, ${CAUSE_WORDS[cause]}`
}

function stuckWords({ crm, telephony }: BoardRow): string | undefined {
  return crm.stuck ?? telephony.stuck
}

function decided({ decidedAt, reason }: BoardRow, now: number) {
  if (decidedAt === undefined) return <span class="muted">–</span>
  return (
    <>
      <code>{reason ?? 'restored'}</code>
      <small>
        <time dateTime={isoOf(decidedAt)} title={isoOf(decidedAt)}>
          {clockTime(decidedAt, now)}
        </time>
      </small>
    </>
  )
}
