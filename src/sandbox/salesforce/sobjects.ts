// Records of one custom object and their AgentWork, written over REST: create, composite create with references, update.
//
// NOT imitated, because nobody has seen it in a real org: whether an AgentWork may be created without a PendingServiceRouting; whether work that
// Omni-Channel did not assign itself takes capacity; what an agent sees of it. Further not imitated: record types, required fields, owners,
// sharing, triggers, deletion, partial success, all other objects, and references other than "@{name.id}".

import { z } from 'zod'
import type { FaultState } from './faults.ts'
import type { SalesforceModel } from './model.ts'
import { errors, type Reply } from './rest.ts'

/** Records that are kept; the oldest are forgotten. */
const RECORDS_MAX = 20_000

export type WorkObject = {
  readonly name: string
  readonly statusField: string
  /** The value at which its work is closed and its capacity freed. */
  readonly doneValue: string
  readonly autoAccept: boolean
}

export type Sobjects = {
  /** Null: nothing is there to be written. */
  write(request: {
    readonly method: 'POST' | 'PATCH'
    readonly path: string
    readonly text: string
    readonly authorization: string | undefined
  }): Reply | null
}

type SobjectsDeps = {
  readonly model: SalesforceModel
  readonly faults: FaultState
  readonly accepts: (authorization: string | undefined) => boolean
  readonly object: WorkObject | null
}

const fields = z.record(z.string(), z.unknown())
const compositeRequest = z.object({
  allOrNone: z.boolean().default(false),
  compositeRequest: z
    .array(z.object({ method: z.literal('POST'), url: z.string(), referenceId: z.string(), body: fields }))
    .max(25),
})
const agentWork = z.object({
  UserId: z.string(),
  WorkItemId: z.string(),
  ServiceChannelId: z.string(),
  CapacityPercentage: z.number().max(100),
  ShouldSkipCapacityCheck: z.boolean().optional(),
})

export function createSobjects({ model, faults, accepts, object }: SobjectsDeps): Sobjects {
  const records = new Map<string, Record<string, unknown>>()

  function write({ method, path, text, authorization }: Parameters<Sobjects['write']>[0]): Reply | null {
    const at = /^\/services\/data\/v\d+\.\d+\/(?:(composite)|sobjects\/(\w+)(?:\/(\w+))?)\/?$/.exec(path)
    if (!at || object === null) return null
    faults.calls.rest++
    if (faults.failures.count > 0) return injected()
    if (faults.refuseTokens || !accepts(authorization))
      return errors(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
    const body: unknown = JSON.parse(text)
    if (at[1] !== undefined) return composite(body)
    if (method === 'POST') return create(at[2] ?? '', fields.parse(body))
    return update(at[2] ?? '', at[3] ?? '', fields.parse(body))
  }

  function injected(): Reply {
    faults.failures.count--
    const { status } = faults.failures
    if (status === 403) return errors(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
    return errors(
      status,
      status === 401 ? 'INVALID_SESSION_ID' : 'SERVER_UNAVAILABLE',
      'The server could not do it now.',
    )
  }

  function create(name: string, body: Record<string, unknown>): Reply {
    if (name === 'AgentWork') return createWork(body)
    if (name !== object?.name) return errors(404, 'NOT_FOUND', 'The requested resource does not exist')
    const id = model.newRecordId()
    records.set(id, body)
    for (const oldest of records.keys()) {
      if (records.size <= RECORDS_MAX) break
      records.delete(oldest)
    }
    return created(id)
  }

  function createWork(body: Record<string, unknown>): Reply {
    const asked = agentWork.safeParse(body)
    if (!asked.success) return errors(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing')
    const { UserId: user, WorkItemId: item, ServiceChannelId: channel, CapacityPercentage: percentage } = asked.data
    if (!records.has(item)) return errors(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')
    if (model.presence(user) === 'Offline')
      return errors(400, 'INVALID_OPERATION', 'The user is not logged in to Omni-Channel')
    const id = model.work.assignItem({ channel, user, item, percentage })
    if (object?.autoAccept) model.work.accept(id)
    return created(id)
  }

  function update(name: string, id: string, body: Record<string, unknown>): Reply {
    const record = records.get(id)
    if (name !== object?.name || !record) return errors(404, 'NOT_FOUND', 'Provided external ID field does not exist')
    records.set(id, { ...record, ...body })
    if (body[object.statusField] === object.doneValue) model.work.endItem(id)
    return { status: 204, body: '' }
  }

  function composite(body: unknown): Reply {
    const { allOrNone, compositeRequest: parts } = compositeRequest.parse(body)
    const ids = new Map<string, string>()
    const before = new Set(records.keys())
    const replies = parts.map(({ url, referenceId, body: asked }) => {
      const filled = Object.fromEntries(Object.entries(asked).map(([key, value]) => [key, resolved(value, ids)]))
      const reply = create(/\/sobjects\/(\w+)$/.exec(url)?.[1] ?? '', filled)
      const id = createdId.safeParse(reply.body).data?.id
      if (id !== undefined) ids.set(referenceId, id)
      return { body: reply.body, httpHeaders: {}, httpStatusCode: reply.status, referenceId }
    })
    const failed = replies.some(({ httpStatusCode }) => httpStatusCode >= 300)
    if (!failed || !allOrNone) return { status: 200, body: { compositeResponse: replies } }
    for (const id of [...records.keys()]) if (!before.has(id)) records.delete(id)
    const halted = [
      {
        errorCode: 'PROCESSING_HALTED',
        message: 'The transaction was rolled back since another operation in the same transaction failed.',
      },
    ]
    const told = replies.map((reply) =>
      reply.httpStatusCode >= 300 ? reply : { ...reply, body: halted, httpStatusCode: 400 },
    )
    return { status: 200, body: { compositeResponse: told } }
  }

  return { write }
}

const createdId = z.object({ id: z.string() })

function created(id: string): Reply {
  return { status: 201, body: { id, success: true, errors: [] } }
}

function resolved(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  const reference = typeof value === 'string' ? /^@\{(\w+)\.id\}$/.exec(value)?.[1] : undefined
  return reference === undefined ? value : (ids.get(reference) ?? value)
}
