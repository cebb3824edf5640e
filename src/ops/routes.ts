// What the ops server answers. It shows and passes on; whoever runs the bridge decides.

import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Assets } from './assets.ts'
import { createBoardStream } from './board-stream.ts'
import { createFollowers, type Followers } from './follow.ts'
import {
  checkHost,
  IMMUTABLE,
  mayRead,
  requireOwnPage,
  requireToChange,
  requireToRead,
  secureHeaders,
} from './guard.ts'
import { BODY_MAX_BYTES } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { pageMissing, pageShell } from './page-shell.ts'
import { type Parsed, parseForget, parseLogQuery, parseOrder, parseView, parseWorkOrder } from './requests.ts'
import { ADMIN_ACTIONS, type AdminAnswer, type ForgetAnswer, type ForgetOrder, type OpsStatus } from './status.ts'

export type RouteDeps = {
  readonly listenHost: string
  /** null: nothing can be changed over HTTP. */
  readonly token: string | null
  readonly status: OpsStatus
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  /** Rejects with an Error of one plain sentence where there is no page. */
  readonly assets: () => Promise<Assets>
  readonly clock: Clock
  readonly log: Log
}

export type Routes = { fetch(request: Request): Response | Promise<Response>; stop(): void }

export function createRoutes(deps: RouteDeps): Routes {
  const { status, log } = deps
  const followers = createFollowers(deps)
  const board = createBoardStream({ ...deps, board: status.board })
  const app = new Hono()
  app.use(secureHeaders(), compress(), checkHost(deps))
  app.notFound((context) => context.json({ ok: false, error: `There is nothing at ${context.req.path}.` }, 404))
  app.onError((error, context) => {
    log.error({ code: 'ops_failed', path: context.req.path, why: String(error) }, 'A request failed.')
    return context.json({ ok: false, error: 'The bridge could not answer; its service log says why.' }, 500)
  })
  addProbes(app, deps)
  app.get('*', requireToRead(deps))
  addPage(app, deps)
  app.get('/metrics', async (context) => {
    const text = await deps.metrics.text()
    return context.body(text, 200, { 'content-type': deps.metrics.contentType })
  })
  app.get('/api/status', (context) =>
    context.json({
      ...status.about(),
      ...readiness(deps),
      links: status.links(),
      load: status.load(),
      changes: deps.token !== null,
    }),
  )
  app.get('/api/board', (context) => board.add(context))
  addAgents(app, status)
  addLog(app, { status, followers })
  addHistory(app, status)
  addOrders(app, deps)
  const stop = () => {
    followers.stop()
    board.stop()
  }
  return { fetch: (request) => app.fetch(request), stop }
}

/** Open to everybody, because probes have no token; only who may read hears the reasons. */
function addProbes(app: Hono, deps: RouteDeps): void {
  app.get('/livez', (context) => {
    const live = deps.status.live()
    return context.json({ live }, live ? 200 : 503)
  })
  app.get('/readyz', (context) => {
    const { ready, checks } = readiness(deps)
    const told = mayRead(deps, context.req.header('authorization'))
      ? checks
      : checks.map((check) => ({ ...check, why: '' }))
    return context.json({ ready, checks: told }, ready ? 200 : 503)
  })
}

function readiness({ status }: RouteDeps) {
  const checks = status.checks().map(({ name, ok, why }) => ({ name, ok, why }))
  return { ready: checks.every(({ ok }) => ok), checks }
}

function addPage(app: Hono, { status, assets, log }: RouteDeps): void {
  app.get('/', async (context) => {
    try {
      return context.html(pageShell({ name: status.about().name, assets: await assets() }))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      log.error({ code: 'page_missing', why, cause: causeOf(error) }, 'The page cannot be shown.')
      return context.html(pageMissing(why), 500)
    }
  })
  const file = async (context: Context) => {
    const { path } = context.req
    const found = (await assets()).files.get(path)
    if (found === undefined) return context.notFound()
    const kept = /-[0-9a-f]{12}\./.test(path) ? { 'cache-control': IMMUTABLE } : {}
    return context.body(found.body, 200, { 'content-type': found.type, ...kept })
  }
  app.get('/assets/:name', file)
  app.get('/favicon.svg', file)
}

function causeOf(error: unknown): string | undefined {
  return error instanceof Error && error.cause !== undefined ? String(error.cause) : undefined
}

function addAgents(app: Hono, status: OpsStatus): void {
  app.get('/api/agents', (context) => context.json(status.agents()))
  app.get('/api/agents/:agent', (context) => {
    const name = context.req.param('agent')
    const detail = status.agent(name)
    if (detail !== null) return context.json(detail)
    return context.json({ ok: false, error: `Nobody of the name "${name}" is kept in step.` }, 404)
  })
}

function addLog(app: Hono, { status, followers }: { status: OpsStatus; followers: Followers }): void {
  app.get('/api/log', (context) => {
    const query = context.req.query()
    const parsed = parseLogQuery(query, (name) => status.agent(name)?.agent ?? null)
    if (!parsed.ok) return context.json({ ok: false, error: parsed.error }, 400)
    const follows = (context.req.header('accept') ?? '').includes('text/event-stream')
    if (!follows) {
      const entries = status.log(parsed.value)
      return context.json(query.numbered === undefined ? entries.map(({ record }) => record) : entries)
    }
    // Who follows asks for what comes; what was before only where a number of lines is named.
    return followers.add(context, query.limit === undefined ? { ...parsed.value, limit: 0 } : parsed.value)
  })
}

function addHistory(app: Hono, status: OpsStatus): void {
  app.get('/api/timeline', (context) => {
    const view = parseView(context.req.query())
    if (!view.ok) return context.json({ ok: false, error: view.error }, 400)
    const { agent } = view.value
    if (agent === undefined) return context.json({ ok: false, error: 'Name whose timeline: "agent".' }, 400)
    const timeline = status.timeline(agent, view.value)
    if (timeline !== null) return context.json(timeline)
    return context.json({ ok: false, error: `There is no history of anybody of the name "${agent}".` }, 404)
  })
  app.get('/api/figures', (context) => {
    const view = parseView(context.req.query())
    return view.ok ? context.json(status.figures(view.value)) : context.json({ ok: false, error: view.error }, 400)
  })
  app.get('/api/mapping', (context) => {
    const mapping = status.mapping()
    if (mapping !== null) return context.json(mapping)
    return context.json({ ok: false, error: 'No rules are in force yet: see /readyz' }, 409)
  })
}

function addOrders(app: Hono, deps: RouteDeps): void {
  const { admin } = deps.status
  for (const action of ADMIN_ACTIONS) {
    const parse = (text: string) => parseOrder(text, { needsTarget: action !== 'reload' })
    addOrder(app, deps, { name: action, parse, act: admin[action] })
  }
  addOrder(app, deps, { name: 'work', parse: parseWorkOrder, act: (order) => deps.status.work(order) })
  const forget = (order: ForgetOrder) => deps.status.forget(order)
  // Whoever is forgotten is not named in the log of it.
  addOrder(app, deps, { name: 'forget', parse: parseForget, act: forget, logged: ({ by }) => ({ by }) })
}

type OrderRoute<T extends object> = {
  readonly name: string
  readonly parse: (text: string) => Parsed<T>
  readonly act: (order: T) => AdminAnswer | Promise<AdminAnswer | ForgetAnswer>
  /** What of it stands in the log; all of it where left out. */
  readonly logged?: (order: T) => object
}

function addOrder<T extends object>(app: Hono, deps: RouteDeps, { name, parse, act, logged }: OrderRoute<T>): void {
  const tooLarge = (context: Context) => context.json({ ok: false, error: 'The body is too large.' }, 400)
  const limit = bodyLimit({ maxSize: BODY_MAX_BYTES, onError: tooLarge })
  app.post(`/api/${name}`, requireOwnPage(), requireToChange(deps), limit, async (context) => {
    const order = parse(await context.req.text())
    if (!order.ok) return context.json({ ok: false, error: order.error }, 400)
    const answer = await act(order.value)
    deps.log.info(
      { code: 'admin', action: name, ...(logged?.(order.value) ?? order.value), ok: answer.ok },
      'An order was given over HTTP.',
    )
    if (answer.ok)
      return context.json({ ok: true, agents: answer.agents, ...('removed' in answer && { removed: answer.removed }) })
    return context.json({ ok: false, error: answer.error }, answer.status)
  })
}
