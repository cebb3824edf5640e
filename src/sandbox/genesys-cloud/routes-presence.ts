// REST: presence definitions, presences and routing statuses.

import type { Context, Hono } from 'hono'
import { notFound, problem } from './access.ts'
import type { FaultState } from './faults.ts'
import type { GenesysModel, PresenceAnswer } from './model.ts'
import { definitionBody, oldDefinitionBody, presenceBody, routingBody } from './render.ts'

/** The platform's limit of a bulk read. */
const BULK_MAX = 50

export function addPresenceRoutes(app: Hono, model: GenesysModel, faults: FaultState): void {
  app.get('/api/v2/presence/definitions', (context) => {
    const wanted = context.req.query('deactivated') ?? 'false'
    const entities = model.definitions.filter(({ deactivated }) => wanted === 'ALL' || String(deactivated) === wanted)
    return context.json({ total: entities.length, entities: entities.map(definitionBody) })
  })
  app.get('/api/v2/presencedefinitions', (context) => {
    const size = Number(context.req.query('pageSize') ?? 25)
    const page = Number(context.req.query('pageNumber') ?? 1)
    const all = model.definitions.filter(({ deactivated }) => !deactivated)
    const entities = all.slice((page - 1) * size, page * size).map(oldDefinitionBody)
    const paging = { pageSize: size, pageNumber: page, total: all.length, pageCount: Math.ceil(all.length / size) }
    return context.json({ entities, ...paging })
  })
  app.get('/api/v2/systempresences', (context) => {
    const system = model.definitions.filter(({ type }) => type === 'System')
    return context.json(system.map(({ id, label }) => ({ id, name: label })))
  })
  app.get('/api/v2/users/presences/:source/bulk', (context) => {
    const ids = (context.req.query('id') ?? '').split(',')
    if (ids.length > BULK_MAX) return problem(context, { status: 400, code: 'bad.request', message: 'too many ids' })
    const users = ids.flatMap((id) => model.user(id) ?? [])
    return context.json(users.map((user) => ({ ...presenceBody(user), userId: user.id })))
  })
  // How the platform answers for those whom it does not change is not documented; here they are left out of the answer.
  app.put('/api/v2/users/presences/bulk', async (context) => {
    const wanted = await wantedPresences(context)
    if (!wanted || wanted.length > BULK_MAX) {
      return problem(context, { status: 400, code: 'bad.request', message: 'not a list of at most 50 presences' })
    }
    const written = wanted.flatMap(({ id, definition }) => {
      const user = faults.refusing.has(id) ? undefined : model.user(id)
      if (!user) return []
      if (faults.ignoring.has(id)) return presenceBody(user)
      return model.setPresence(id, definition).kind === 'done' ? presenceBody(user) : []
    })
    return context.json(faults.silentBulk ? [] : written)
  })
  app.get('/api/v2/users/:id/presences/:source', (context) => {
    const user = model.user(context.req.param('id'))
    return user ? context.json(presenceBody(user)) : notFound(context, 'user')
  })
  app.patch('/api/v2/users/:id/presences/:source', async (context) => {
    const id = context.req.param('id')
    if (faults.refusing.has(id)) return forbidden(context)
    const definition = await wantedDefinition(context)
    if (!definition)
      return problem(context, { status: 400, code: 'invalid.presence', message: 'presenceDefinition is required' })
    const user = model.user(id)
    if (user && faults.ignoring.has(id)) return context.json(presenceBody(user))
    return answer(context, model.setPresence(id, definition), model)
  })
  app.get('/api/v2/users/:id/routingstatus', (context) => {
    const user = model.user(context.req.param('id'))
    return user ? context.json(routingBody(user)) : notFound(context, 'user')
  })
  app.put('/api/v2/users/:id/routingstatus', async (context) => {
    const id = context.req.param('id')
    const body: unknown = await context.req.json().catch(() => undefined)
    const status = typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined
    if (status !== 'IDLE') {
      return problem(context, {
        status: 400,
        code: 'bad.request',
        message: `routing status ${String(status)} cannot be set`,
      })
    }
    const done = model.setIdle(id)
    const user = model.user(id)
    return user && done.kind === 'done' ? context.json(routingBody(user)) : notFound(context, 'user')
  })
}

async function wantedPresences(
  context: Context,
): Promise<readonly { readonly id: string; readonly definition: string }[] | undefined> {
  const body: unknown = await context.req.json().catch(() => undefined)
  if (!Array.isArray(body)) return undefined
  return body.flatMap((one: unknown) => {
    const definition = definitionIn(one)
    if (definition === undefined || typeof one !== 'object' || one === null || !('id' in one)) return []
    return typeof one.id === 'string' ? [{ id: one.id, definition }] : []
  })
}

async function wantedDefinition(context: Context): Promise<string | undefined> {
  return definitionIn(await context.req.json().catch(() => undefined))
}

function definitionIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('presenceDefinition' in body)) return undefined
  const wanted = body.presenceDefinition
  if (typeof wanted !== 'object' || wanted === null || !('id' in wanted)) return undefined
  return typeof wanted.id === 'string' ? wanted.id : undefined
}

function answer(context: Context, done: PresenceAnswer, model: GenesysModel): Response {
  const user = model.user(context.req.param('id') ?? '')
  if (done.kind === 'no_such_user' || !user) return notFound(context, 'user')
  if (done.kind === 'no_such_definition') {
    const message = 'The presence definition does not exist or is deactivated'
    return problem(context, { status: 400, code: 'invalid.presence.definition', message })
  }
  return context.json(presenceBody(user))
}

function forbidden(context: Context): Response {
  const message =
    'Unable to perform the requested action. You are missing the following permission(s): presence:userPresence:edit'
  return problem(context, { status: 403, code: 'missing.any.permissions', message })
}
