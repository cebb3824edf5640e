// The calls of the capacity writer: create a record and have it assigned, and end one. Each is one attempt, classified; the outbox retries.
// That an AgentWork may be created with ShouldSkipCapacityCheck is in the Object Reference; the whole way was never tried in a real org.

import { z } from 'zod'
import type { PlatformUserId } from '../../../domain/side.ts'
import type { LoggedInClient, Sent, WriteLimits } from '../client.ts'
import { codeOf, problemOf, type WriteFailure, writeFailure } from '../failures.ts'
import { longId } from '../record-id.ts'
import type { CapacitySettings, SalesforceSettings } from '../settings.ts'

type Failed = Pick<Extract<Sent, { ok: false }>, 'ok' | 'failure' | 'doubtful'>
type Created = { readonly ok: true; readonly work: string; readonly record: string } | Failed
type Ended = { readonly ok: true } | Failed

export type CapacityCalls = {
  create(about: { readonly user: PlatformUserId; readonly channelId: string } & WriteLimits): Promise<Created>
  end(record: string, limits: WriteLimits): Promise<Ended>
}

type CapacityCallsDeps = {
  readonly settings: Pick<SalesforceSettings, 'apiVersion'>
  readonly capacity: CapacitySettings
  readonly client: Pick<LoggedInClient, 'send'>
}

const created = z.object({ id: z.string().transform(longId) })
const composite = z.object({
  compositeResponse: z.array(z.object({ referenceId: z.string(), httpStatusCode: z.number(), body: z.unknown() })),
})

export function createCapacityCalls(deps: CapacityCallsDeps): CapacityCalls {
  const { settings, capacity, client } = deps
  const base = `/services/data/v${settings.apiVersion}`

  async function create({ user, channelId, ...limits }: Parameters<CapacityCalls['create']>[0]): Promise<Created> {
    const body = {
      // Both or neither: a record that nobody is assigned to would only be litter.
      allOrNone: true,
      compositeRequest: [
        {
          method: 'POST',
          url: `${base}/sobjects/${capacity.object}`,
          referenceId: 'block',
          body: { [capacity.statusField]: capacity.openValue },
        },
        {
          method: 'POST',
          url: `${base}/sobjects/AgentWork`,
          referenceId: 'work',
          body: {
            UserId: user,
            WorkItemId: '@{block.id}',
            ServiceChannelId: channelId,
            CapacityPercentage: 100,
            ShouldSkipCapacityCheck: true,
          },
        },
      ],
    }
    const sent = await client.send({ operation: 'block_create', method: 'POST', path: '/composite', body }, limits)
    return sent.ok ? createdOf(sent.body) : sent
  }

  async function end(record: string, limits: WriteLimits): Promise<Ended> {
    const path = `/sobjects/${capacity.object}/${record}`
    const body = { [capacity.statusField]: capacity.doneValue }
    const sent = await client.send({ operation: 'block_end', method: 'PATCH', path, body }, limits)
    // Deleted by somebody: what is not there blocks nobody.
    return sent.ok || sent.status === 404 ? { ok: true } : sent
  }

  return { create, end }
}

function createdOf(answer: unknown): Created {
  const parts = composite.safeParse(answer).data?.compositeResponse ?? []
  const bad = parts.filter(({ httpStatusCode }) => httpStatusCode >= 300)
  // With allOrNone the others fail as well, with PROCESSING_HALTED: the cause is told.
  const cause = bad.find(({ body }) => codeOf(problemOf(body)) !== 'PROCESSING_HALTED') ?? bad[0]
  if (cause) return failed(writeFailure(cause.httpStatusCode, cause.body))
  const idOf = (reference: string) =>
    created.safeParse(parts.find(({ referenceId }) => referenceId === reference)?.body).data?.id
  const [record, work] = [idOf('block'), idOf('work')]
  if (record !== undefined && work !== undefined) return { ok: true, record, work }
  return { ...failed({ kind: 'transient', words: 'Salesforce gave no ids of what it created' }), doubtful: true }
}

function failed(failure: WriteFailure): Failed {
  return { ok: false, failure, doubtful: false }
}
