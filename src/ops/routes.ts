// What the ops server answers. It shows and passes on; whoever runs the bridge decides.

import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { createFollowers } from './follow.ts'
import { checkHost, mayRead, requireToChange, requireToRead, secureHeaders } from './guard.ts'
import { BODY_MAX_BYTES, PAGE_AGENTS_MAX, PAGE_LOG_LINES } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { renderPage } from './page.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { PAGE_STYLE } from './page-style.ts'
import { pickAgents } from './pick.ts'
import { type Parsed, parseLogQuery, parseOrder, parseWorkOrder } from './requests.ts'
import { ADMIN_ACTIONS, type AdminAnswer, type OpsStatus } from './status.ts'

export type RouteDeps = {
  readonly listenHost: string
  /** null: nothing can be changed over HTTP. */
  readonly token: string | null
  readonly status: OpsStatus
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  readonly clock: Clock
  readonly log: Log
}

export type Routes = { fetch(request: Request): Response | Promise<Response>; stop(): void }

export function createRoutes(deps: RouteDeps): Routes {
  const { status, log } = deps
  const followers = createFollowers(deps)
  const app = new Hono()
  app.use(secureHeaders(), checkHost(deps))
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
  app.get('/api/status', (context) => context.json({ ...status.about(), ...readiness(deps), links: status.links() }))
  addAgents(app, status)
  app.get('/api/log', (context) => {
    const parsed = parseLogQuery(context.req.query(), (name) => status.agent(name)?.agent ?? null)
    if (!parsed.ok) return context.json({ ok: false, error: parsed.error }, 400)
    const follows = (context.req.header('accept') ?? '').includes('text/event-stream')
    if (!follows) return context.json(status.log(parsed.value).map(({ record }) => record))
    // Who follows asks for what comes; what was before only where a number of lines is named.
    return followers.add(
      context,
      context.req.query('limit') === undefined ? { ...parsed.value, limit: 0 } : parsed.value,
    )
  })
  addOrders(app, deps)
  return { fetch: (request) => app.fetch(request), stop: () => followers.stop() }
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

function addPage(app: Hono, { status }: RouteDeps): void {
  app.get('/', (context) => {
    const all = status.agents()
    const agents = pickAgents(all, { find: '', limit: PAGE_AGENTS_MAX })
    const log = status.log({ limit: PAGE_LOG_LINES })
    const page = renderPage({
      about: status.about(),
      checks: status.checks(),
      links: status.links(),
      agents,
      total: all.length,
      log,
    })
    return context.html(page)
  })
  app.get('/page.js', (context) => context.body(PAGE_SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
  app.get('/page.css', (context) => context.body(PAGE_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }))
}

function addAgents(app: Hono, status: OpsStatus): void {
  // All of them in their order, or with `find` and `limit` those whom the page shows.
  app.get('/api/agents', (context) => {
    const { find = '', limit } = context.req.query()
    const all = status.agents()
    context.header('x-total-count', String(all.length))
    if (limit === undefined && find === '') return context.json(all)
    if (limit !== undefined && !/^\d{1,6}$/.test(limit))
      return context.json({ ok: false, error: '"limit" is a number.' }, 400)
    return context.json(pickAgents(all, { find, limit: limit === undefined ? all.length : Number(limit) }))
  })
  app.get('/api/agents/:agent', (context) => {
    const name = context.req.param('agent')
    const detail = status.agent(name)
    if (detail !== null) return context.json(detail)
    return context.json({ ok: false, error: `Nobody of the name "${name}" is kept in step.` }, 404)
  })
}

function addOrders(app: Hono, deps: RouteDeps): void {
  const { admin } = deps.status
  for (const action of ADMIN_ACTIONS) {
    const parse = (text: string) => parseOrder(text, { needsTarget: action !== 'reload' })
    addOrder(app, deps, { name: action, parse, act: admin[action] })
  }
  addOrder(app, deps, { name: 'work', parse: parseWorkOrder, act: (order) => deps.status.work(order) })
}

type OrderRoute<T extends object> = {
  readonly name: string
  readonly parse: (text: string) => Parsed<T>
  readonly act: (order: T) => AdminAnswer | Promise<AdminAnswer>
}

function addOrder<T extends object>(app: Hono, deps: RouteDeps, { name, parse, act }: OrderRoute<T>): void {
  const tooLarge = (context: Context) => context.json({ ok: false, error: 'The body is too large.' }, 400)
  const limit = bodyLimit({ maxSize: BODY_MAX_BYTES, onError: tooLarge })
  app.post(`/api/${name}`, requireToChange(deps), limit, async (context) => {
    const order = parse(await context.req.text())
    if (!order.ok) return context.json({ ok: false, error: order.error }, 400)
    const answer = await act(order.value)
    deps.log.info({ code: 'admin', action: name, ...order.value, ok: answer.ok }, 'An order was given over HTTP.')
    if (answer.ok) return context.json({ ok: true, agents: answer.agents })
    return context.json({ ok: false, error: answer.error }, answer.status)
  })
}
