// The rows of the board as a grid that can be walked with the keyboard; only those in sight are in the document.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { BoardLine, rowId } from './board-line.tsx'
import type { Listed, Sort } from './board-model.ts'
import { Icon } from './icons.tsx'
import { usePage } from './page.ts'
import { useVirtualRows } from './virtual-rows.ts'

const NARROW = '(max-width: 760px)'
const WIDE_ROW_PX = 46
const NARROW_ROW_PX = 92
const HEAD_PX = 34

type Column = { readonly title: string; readonly sort?: Sort }

const COLUMNS: readonly Column[] = [
  { title: 'Agent', sort: 'name' },
  { title: 'CRM' },
  { title: 'CRM work' },
  { title: 'Telephony' },
  { title: 'Telephony work' },
  { title: 'Attention', sort: 'attention' },
  { title: 'Last decision', sort: 'recent' },
]

export function BoardGrid(props: { readonly rows: readonly Listed[]; readonly find: string; readonly sort: Sort }) {
  const { rows, find, sort } = props
  const page = usePage()
  const scroller = useRef<HTMLDivElement>(null)
  const narrow = useNarrow()
  const rowPx = narrow ? NARROW_ROW_PX : WIDE_ROW_PX
  const headPx = narrow ? 0 : HEAD_PX
  const { place } = page
  const virtual = useVirtualRows({ count: rows.length, rowPx, headPx, scroller, top: place.top })
  /** Whom the keyboard is at: kept by name, so that it stays there when the order changes. */
  const [at, setAt] = useState<string | null>(place.agent)
  const index = at === null ? -1 : rows.findIndex(({ row }) => row.agent === at)

  const open = useCallback(
    (agent: string) => {
      place.agent = agent
      page.router.go({ view: 'agents', agent })
    },
    [page],
  )
  // Who comes back is where they were, also with the keyboard.
  useEffect(() => {
    if (place.agent !== null) scroller.current?.focus({ preventScroll: true })
    place.agent = null
  }, [])

  function move(to: number): void {
    const next = Math.max(0, Math.min(rows.length - 1, to))
    const row = rows[next]
    if (row === undefined) return
    setAt(row.row.agent)
    virtual.scrollToIndex(next, { align: 'auto' })
  }

  function pressed(event: KeyboardEvent): void {
    // The buttons of the head have keys of their own.
    if (event.target !== scroller.current) return
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 2)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      j: index + 1,
      k: index - 1,
      PageDown: index + pageRows,
      PageUp: index - pageRows,
      Home: 0,
      End: rows.length - 1,
    }
    const step = steps[event.key]
    if (step !== undefined) move(step)
    else if (event.key === 'Enter' && at !== null) open(at)
    else if (event.key === 'Escape') {
      setAt(null)
      page.router.filter({ q: '', profile: '', reason: '', mark: '' })
    } else return
    event.preventDefault()
  }

  return (
    <div
      class="grid"
      ref={scroller}
      role="grid"
      aria-label="Agents"
      aria-rowcount={rows.length + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={index >= 0 ? rowId(index) : undefined}
      tabIndex={0}
      onKeyDown={pressed}
      onScroll={({ currentTarget }) => {
        place.top = currentTarget.scrollTop
      }}
      onFocus={() => index < 0 && move(Math.max(0, virtual.range?.startIndex ?? 0))}
    >
      <GridHead sort={sort} />
      <div class="grid-rows" role="rowgroup" style={{ height: `${virtual.getTotalSize()}px` }}>
        {virtual.getVirtualItems().map((item) => {
          const one = rows[item.index]
          return one === undefined ? null : (
            <BoardLine
              key={one.row.agent}
              index={item.index}
              top={item.start - headPx}
              listed={one}
              find={find}
              active={item.index === index}
              now={page.now.value}
              open={open}
            />
          )
        })}
      </div>
    </div>
  )
}

function GridHead({ sort }: { readonly sort: Sort }) {
  const { router } = usePage()
  return (
    <div class="grid-head" role="rowgroup">
      <div class="row columns" role="row" aria-rowindex={1}>
        {COLUMNS.map((column, index) => (
          <div
            key={column.title}
            role="columnheader"
            aria-colindex={index + 1}
            aria-sort={column.sort === sort ? (sort === 'name' ? 'ascending' : 'descending') : undefined}
          >
            {column.sort === undefined ? (
              column.title
            ) : (
              <button
                type="button"
                class="sort"
                onClick={() => router.filter({ sort: column.sort === 'attention' ? '' : (column.sort ?? '') })}
              >
                {column.title}
                {column.sort === sort ? <Icon name="chevron" /> : null}
              </button>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches)
  useEffect(() => {
    const media = matchMedia(NARROW)
    const changed = () => setNarrow(media.matches)
    media.addEventListener('change', changed)
    return () => media.removeEventListener('change', changed)
  }, [])
  return narrow
}
