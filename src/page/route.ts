// Where the reader is, as the address after "#" says it: every view with its filters can be sent to somebody else.

export const VIEWS = ['agents', 'log', 'charts', 'health', 'mapping'] as const
export type ViewName = (typeof VIEWS)[number]

export const VIEW_TITLES: Readonly<Record<ViewName, string>> = {
  agents: 'Agents',
  log: 'Sync log',
  charts: 'Charts',
  health: 'Health',
  mapping: 'Mapping',
}

export type Route = {
  readonly view: ViewName
  /** Of the view `agents`: whose page; null: the board. */
  readonly agent: string | null
  /** Filters, by name; none is empty. */
  readonly query: Readonly<Record<string, string>>
}

/** What is not understood leads to the board. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2)
  const [first = '', second = ''] = path.split('/')
  const view = VIEWS.find((name) => name === first) ?? 'agents'
  const agent = view === 'agents' && second !== '' ? decoded(second) : null
  return { view, agent, query: Object.fromEntries([...new URLSearchParams(query)].filter(([, value]) => value !== '')) }
}

export function hashOf({ view, agent, query }: Partial<Route> & Pick<Route, 'view'>): string {
  const path = agent === undefined || agent === null ? view : `${view}/${encodeURIComponent(agent)}`
  const filters = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== '')).toString()
  return `#/${path}${filters === '' ? '' : `?${filters}`}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
