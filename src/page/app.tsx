// The frame of the page: head, the view that the address names, dialogs, and the keys that work everywhere.

import { useEffect, useRef } from 'preact/hooks'
import { AgentView } from './agent-view.tsx'
import { Banners } from './banners.tsx'
import { BoardView } from './board-view.tsx'
import { ChartsView } from './charts-view.tsx'
import { Header } from './header.tsx'
import { HealthView } from './health-view.tsx'
import { HelpDialog } from './help.tsx'
import { LogView } from './log-view.tsx'
import { MappingView } from './mapping-view.tsx'
import { OrderDialog } from './order-dialog.tsx'
import { type Page, usePage } from './page.ts'
import { VIEW_TITLES, VIEWS, type ViewName } from './route.ts'

export function App() {
  const page = usePage()
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => anywhere(page, event)
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [page])
  return (
    <>
      <button type="button" class="skip" onClick={toMain}>
        Skip to the content
      </button>
      <Header />
      <Banners />
      <main id="main" tabIndex={-1}>
        <View />
      </main>
      <OrderDialog />
      <HelpDialog />
      <Told />
    </>
  )
}

function View() {
  const { view, agent } = usePage().router.route.value
  useArrival(view, agent)
  switch (view) {
    case 'agents':
      return agent === null ? <BoardView /> : <AgentView key={agent} name={agent} />
    case 'log':
      return <LogView />
    case 'health':
      return <HealthView />
    case 'mapping':
      return <MappingView />
    case 'charts':
      return <ChartsView />
  }
}

/** The window is named after what it shows, and who goes on with the keyboard or listens begins where the view does. */
function useArrival(view: ViewName, agent: string | null): void {
  const { bridge } = usePage()
  const name = bridge.status.value?.name ?? 'presence-bridge'
  useEffect(() => {
    document.title = `${agent ?? VIEW_TITLES[view]} – ${name}`
  }, [view, agent, name])
  const arrived = useRef(false)
  useEffect(() => {
    // The board takes the focus itself where somebody comes back to it.
    if (arrived.current && (view !== 'agents' || agent !== null)) toMain()
    document.getElementById('main')?.scrollTo({ top: 0 })
    arrived.current = true
  }, [view, agent])
}

function Told() {
  const { told } = usePage().admin
  return (
    <div class="told-place" role="status">
      {told.value === null ? null : <p class={`told ${told.value.tone}`}>{told.value.words}</p>}
    </div>
  )
}

/** No link, because the address after "#" is the view's. */
function toMain(): void {
  document.getElementById('main')?.focus({ preventScroll: true })
}

function anywhere({ help, router }: Page, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
  const view = VIEWS[Number(event.key) - 1]
  if (event.key === '?') help.value = true
  else if (view !== undefined) router.go({ view })
  else if (event.key === 'Escape' && router.route.peek().agent !== null) location.hash = router.board.peek()
  else if (event.key === '/') {
    const search = document.querySelector<HTMLInputElement>('input[type=search]')
    if (search === null) return
    search.focus()
    search.select()
  } else return
  event.preventDefault()
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null
}
