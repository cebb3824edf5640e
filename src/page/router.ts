// The address bar as a signal.

import { type ReadonlySignal, signal } from '@preact/signals'
import { hashOf, parseRoute, type Route } from './route.ts'

export type Router = {
  readonly route: ReadonlySignal<Route>
  go(route: Partial<Route> & Pick<Route, 'view'>): void
  /** Changes filters without a step in the browser's history; an empty value takes one away. */
  filter(query: Readonly<Record<string, string>>): void
  /** Where "back" leads to within the page: the board as it was left. */
  readonly board: ReadonlySignal<string>
}

export function createRouter(): Router {
  const route = signal(parseRoute(location.hash))
  const board = signal('#/agents')
  const look = () => {
    route.value = parseRoute(location.hash)
    if (route.value.view === 'agents' && route.value.agent === null) board.value = hashOf(route.value)
  }
  window.addEventListener('hashchange', look)
  look()
  return {
    route,
    board,
    go(to) {
      location.hash = hashOf(to)
    },
    filter(query) {
      const { view, agent, query: before } = route.peek()
      history.replaceState(null, '', hashOf({ view, agent, query: { ...before, ...query } }))
      look()
    },
  }
}
