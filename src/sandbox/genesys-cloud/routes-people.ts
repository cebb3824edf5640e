// REST: the directory, log-out, conversations by id, and the analytics query of open conversations.

import type { Hono } from 'hono'
import { notFound, problem } from './access.ts'
import type { FaultState } from './faults.ts'
import type { GenesysModel } from './model.ts'
import type { SandboxUser } from './model-types.ts'
import { inWrapUp } from './participants.ts'
import { analyticsBody, conversationBody, presenceBody, routingBody, summaryBody, userBody } from './render.ts'

/** The platform's limits. */
const PAGE_MAX = 500
const IDS_MAX = 100

export function addPeopleRoutes(app: Hono, model: GenesysModel, faults: FaultState): void {
  function expanded(user: SandboxUser, expand: readonly string[]): object {
    const body = userBody(user)
    const wants = (member: string) => expand.includes(member) && !faults.leftOut.has(member)
    if (wants('presence')) body.presence = presenceBody(user)
    if (wants('routingStatus')) body.routingStatus = routingBody(user)
    if (wants('conversationSummary')) body.conversationSummary = summaryBody(user.id, model.conversations())
    return body
  }

  app.get('/api/v2/users', (context) => {
    const size = Number(context.req.query('pageSize') ?? 25)
    const page = Number(context.req.query('pageNumber') ?? 1)
    const ids = context.req.query('id')?.split(',')
    if (size > PAGE_MAX || (ids && ids.length > IDS_MAX)) {
      return problem(context, { status: 400, code: 'bad.request', message: 'too many at once' })
    }
    const expand = (context.req.query('expand') ?? '').split(',')
    const all = ids ? ids.flatMap((id) => model.user(id) ?? []) : model.users()
    const entities = all.slice((page - 1) * size, page * size).map((user) => expanded(user, expand))
    return context.json({
      entities,
      pageSize: size,
      pageNumber: page,
      total: all.length,
      pageCount: Math.max(1, Math.ceil(all.length / size)),
    })
  })
  app.post('/api/v2/users/search', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined)
    const values = JSON.stringify(body ?? {}).toLowerCase()
    const results = model.users().filter((user) => values.includes(`"${user.email.toLowerCase()}"`))
    const paging = { total: results.length, pageCount: 1, pageSize: 25, pageNumber: 1 }
    return context.json({ ...paging, ...(results.length > 0 && { results: results.map(userBody) }) })
  })
  app.get('/api/v2/users/:id', (context) => {
    const user = model.user(context.req.param('id'))
    const expand = (context.req.query('expand') ?? '').split(',')
    return user ? context.json(expanded(user, expand)) : notFound(context, 'user')
  })
  app.delete('/api/v2/tokens/:id', (context) => {
    const done = model.logOut(context.req.param('id'))
    return done.kind === 'done' ? context.body(null, 200) : notFound(context, 'user')
  })
  app.get('/api/v2/conversations/:id', (context) => {
    const conversation = model.conversation(context.req.param('id'))
    return conversation ? context.json(conversationBody(conversation)) : notFound(context, 'conversation')
  })
  app.post('/api/v2/analytics/conversations/details/query', async (context) => {
    // Of the filters only these are understood: any of the users named, and no end.
    const filters = JSON.stringify(await context.req.json().catch(() => ({})))
    const open = model.conversations().filter(({ endedAt, participants }) => {
      const mentioned = participants.some(({ userId }) => userId !== null && filters.includes(userId))
      return mentioned && (endedAt === null || participants.some(inWrapUp))
    })
    return context.json({ conversations: open.map(analyticsBody), totalHits: open.length })
  })
}
