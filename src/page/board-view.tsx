// The board of agents: what is looked for, what is wrong with how many, and the rows.

import { useComputed } from '@preact/signals'
import { Empty } from './bits.tsx'
import { BoardGrid } from './board-grid.tsx'
import { type BoardFilter, chosen, type Listed, MARKS, type Mark, SORTS, type Sort } from './board-model.ts'
import { Icon } from './icons.tsx'
import { AdminMenu } from './order-menu.tsx'
import { type Page, usePage } from './page.ts'
import type { Route } from './route.ts'
import { counted, type Tone, TROUBLE_WORDS } from './words.ts'

export function BoardView() {
  const page = usePage()
  const { board, router } = page
  const rows = useComputed<readonly Listed[]>(() => {
    board.version.value
    const { query } = router.route.value
    return chosen(board.all(), { filter: filterOf(query), sort: sortOf(query) })
  })
  const { query } = router.route.value
  const { total } = board.figures.value
  return (
    <div class="board">
      <h2 class="spoken">Agents</h2>
      <BoardTools shown={rows.value.length} />
      <Marks />
      {rows.value.length === 0 ? (
        <NoRows page={page} total={total} />
      ) : (
        <BoardGrid rows={rows.value} find={filterOf(query).text.trim().toLowerCase()} sort={sortOf(query)} />
      )}
    </div>
  )
}

function filterOf({ q = '', profile = '', reason = '', mark = '' }: Route['query']): BoardFilter {
  return { text: q, profile, reason, mark }
}

function sortOf({ sort }: Route['query']): Sort {
  return SORTS.find((name) => name === sort) ?? 'attention'
}

function BoardTools({ shown }: { readonly shown: number }) {
  const { board, router } = usePage()
  const { total, profiles, reasons } = board.figures.value
  const { query } = router.route.value
  return (
    <div class="tools">
      <label class="search">
        <Icon name="search" />
        <span class="spoken">Find agents</span>
        <input
          type="search"
          placeholder="Find a name, profile or status"
          autocomplete="off"
          value={query.q ?? ''}
          onInput={(event) => router.filter({ q: event.currentTarget.value })}
          onKeyDown={leaveSearch}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <Choice name="profile" title="Profile" all="All profiles" options={profiles} />
      <Choice name="reason" title="Reason of the last decision" all="Any last decision" options={reasons} />
      <p class="shown" role="status">
        {shown === total ? counted(total, 'agent') : `${shown.toLocaleString('en')} of ${counted(total, 'agent')}`}
      </p>
      <AdminMenu />
    </div>
  )
}

/** Escape empties, then leaves; the arrow goes down into the rows. */
function leaveSearch(event: KeyboardEvent & { readonly currentTarget: HTMLInputElement }): void {
  const { currentTarget: input } = event
  const grid = document.querySelector<HTMLElement>('[role=grid]')
  if (event.key === 'ArrowDown' || event.key === 'Enter') {
    event.preventDefault()
    grid?.focus()
  } else if (event.key === 'Escape' && input.value === '') grid?.focus()
}

type ChoiceProps = {
  readonly name: 'profile' | 'reason'
  readonly title: string
  readonly all: string
  readonly options: readonly string[]
}

function Choice({ name, title, all, options }: ChoiceProps) {
  const { router } = usePage()
  const value = router.route.value.query[name] ?? ''
  const known = value === '' || options.includes(value) ? options : [value, ...options]
  return (
    <select aria-label={title} value={value} onChange={(event) => router.filter({ [name]: event.currentTarget.value })}>
      <option value="">{all}</option>
      {known.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  )
}

const STATE_WORDS: Readonly<Record<string, { readonly label: string; readonly tone: Tone; readonly meaning: string }>> =
  {
    working: { label: 'Working', tone: 'info', meaning: 'with open work on a side' },
    blocked: { label: 'Blocked', tone: 'info', meaning: 'kept out of work on a side' },
    pending: { label: 'Being written', tone: 'info', meaning: 'with a change under way' },
  }

function Marks() {
  const { board, router } = usePage()
  const { marks } = board.figures.value
  const active = router.route.value.query.mark ?? ''
  const shown = MARKS.filter((mark) => marks.has(mark) || mark === active)
  return (
    <fieldset class="marks">
      <legend class="spoken">Only those who are</legend>
      {shown.map((mark) => (
        <MarkButton key={mark} mark={mark} count={marks.get(mark) ?? 0} active={mark === active} />
      ))}
    </fieldset>
  )
}

function MarkButton({
  mark,
  count,
  active,
}: {
  readonly mark: Mark
  readonly count: number
  readonly active: boolean
}) {
  const { router } = usePage()
  const words = STATE_WORDS[mark] ?? TROUBLE_WORDS[mark as keyof typeof TROUBLE_WORDS]
  return (
    <button
      type="button"
      class={`mark ${words.tone}`}
      aria-pressed={active}
      title={words.meaning}
      onClick={() => router.filter({ mark: active ? '' : mark })}
    >
      {words.label} <b>{count.toLocaleString('en')}</b>
    </button>
  )
}

function NoRows({ page, total }: { readonly page: Page; readonly total: number }) {
  const { board, router } = page
  if (total > 0) {
    return (
      <Empty title="Nobody fits.">
        <button type="button" onClick={() => router.go({ view: 'agents' })}>
          Show all {counted(total, 'agent')}
        </button>
      </Empty>
    )
  }
  if (board.line.value.kind === 'lost') return <Empty title="The bridge does not answer; it is tried again." />
  if (!board.complete.value) return <Empty title="Reading the board …" />
  return (
    <Empty title="Nobody is kept in step yet.">
      <p>The bridge shows people as soon as it has read who they are on both sides; Health says what it waits for.</p>
    </Empty>
  )
}
