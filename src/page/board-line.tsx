// One agent's row on the board.

import type { Side } from '../domain/side.ts'
import type { BoardRow, BoardSide } from '../ops/board.ts'
import { Age, Badge, Marked, Spoken, Time } from './bits.tsx'
import type { Listed } from './board-model.ts'
import { hashOf } from './route.ts'
import { CAUSE_WORDS, SIDE_TITLES, TROUBLE_WORDS } from './words.ts'

type LineProps = {
  readonly id: string
  readonly rowIndex: number
  readonly top: number
  readonly listed: Listed
  readonly find: string
  readonly active: boolean
  readonly open: () => void
}

export function BoardLine({ id, rowIndex, top, listed, find, active, open }: LineProps) {
  const { row } = listed
  const [trouble] = row.troubles ?? []
  const tone = trouble === undefined ? '' : TROUBLE_WORDS[trouble].tone
  return (
    <div
      id={id}
      class={`row ${tone} ${active ? 'active' : ''}`}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={active}
      style={{ transform: `translateY(${top}px)` }}
      onClick={open}
    >
      <div class="cell who" role="rowheader" aria-colindex={1}>
        <a href={hashOf({ view: 'agents', agent: row.agent })} tabIndex={-1}>
          <Marked text={row.name} find={find} />
        </a>
        <small>
          <Marked text={row.agent} find={find} />
          {row.profile === undefined ? null : (
            <>
              {' · '}
              <Marked text={row.profile} find={find} />
            </>
          )}
        </small>
      </div>
      <Cell index={2} name="status-crm">
        <Standing side="crm" of={row.crm} find={find} />
      </Cell>
      <Cell index={3} name="work-crm">
        <Work side="crm" of={row.crm} />
      </Cell>
      <Cell index={4} name="status-telephony">
        <Standing side="telephony" of={row.telephony} find={find} />
      </Cell>
      <Cell index={5} name="work-telephony">
        <Work side="telephony" of={row.telephony} />
      </Cell>
      <Cell index={6} name="attention">
        <Attention row={row} />
      </Cell>
      <Cell index={7} name="decided">
        <Decided row={row} />
      </Cell>
    </div>
  )
}

function Cell(props: { readonly index: number; readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div class={`cell ${props.name}`} role="gridcell" aria-colindex={props.index}>
      {props.children}
    </div>
  )
}

/** The status, and below it what it should be, what is being written, or how long it has been. */
export function Standing({
  side,
  of,
  find = '',
}: {
  readonly side: Side
  readonly of: BoardSide
  readonly find?: string
}) {
  return (
    <>
      <span class="status">
        <i class={`dot ${of.takesWork ? 'takes' : ''}`} title={of.takesWork ? 'takes work' : 'takes no work'} />
        <span class="side-name">{SIDE_TITLES[side]} </span>
        <Marked text={of.status} find={find} />
        {of.takesWork ? <Spoken>, takes work</Spoken> : null}
      </span>
      <small>
        <Below of={of} />
      </small>
    </>
  )
}

function Below({ of }: { readonly of: BoardSide }) {
  if (of.pending !== undefined) return <span class="info">→ {of.pending}</span>
  if (of.target !== undefined) return <span class="bad">should be {of.target}</span>
  return of.since === undefined ? null : <Age at={of.since} />
}

const STATE_WORDS: Readonly<Record<string, string>> = { offered: 'offered', accepted: 'accepted', wrap_up: 'wrap-up' }

function Work({ side, of }: { readonly side: Side; readonly of: BoardSide }) {
  const { work = [], block } = of
  const [first] = work
  return (
    <>
      {first === undefined ? null : (
        <span class={`work ${first[1]}`}>
          <i class="bar" />
          {work.length === 1 ? `${first[0] ?? 'work'} ${STATE_WORDS[first[1]] ?? first[1]}` : worksOf(work)}
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

function Attention({ row }: { readonly row: BoardRow }) {
  return (
    <>
      {row.troubles?.map((trouble) => {
        const { label, tone, meaning } = TROUBLE_WORDS[trouble]
        const more = trouble === 'exposed' ? exposedWords(row) : trouble === 'paused' ? row.paused : stuckWords(row)
        const icon = tone === 'quiet' ? 'pause' : 'alert'
        return (
          <Badge key={trouble} tone={tone} icon={icon} title={more === undefined ? meaning : `${meaning}: ${more}`}>
            {label}
          </Badge>
        )
      })}
    </>
  )
}

function exposedWords({ crm, telephony }: BoardRow): string | undefined {
  const cause = crm.exposed ?? telephony.exposed
  return cause === undefined ? undefined : `in ${crm.exposed ? 'the CRM' : 'telephony'}, ${CAUSE_WORDS[cause]}`
}

function stuckWords({ crm, telephony }: BoardRow): string | undefined {
  return crm.stuck ?? telephony.stuck
}

function Decided({ row }: { readonly row: BoardRow }) {
  if (row.decidedAt === undefined) return <span class="muted">–</span>
  return (
    <>
      <code>{row.reason ?? 'restored'}</code>
      <small>
        <Time at={row.decidedAt} />
      </small>
    </>
  )
}
