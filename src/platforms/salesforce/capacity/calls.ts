// The calls of the capacity writer: create a record and have it assigned, and end one. Each is one attempt, classified; the outbox retries.
// That an AgentWork may be created with ShouldSkipCapacityCheck is in the Object Reference; the whole way was never tried in a real org.

import { z } from 'zod'
import type { Clock } from '../../../domain/clock.ts'
import type { PlatformSink, WriteOptions, WriteResult } from '../../../domain/platform.ts'
import type { PlatformUserId } from '../../../domain/side.ts'
import { RateLimited, type RateLimiter } from '../../shared/rate-limit.ts'
import type { SalesforceClient, Session } from '../client.ts'
import { within } from '../deadline.ts'
import { limitReached, wordsOf } from '../failures.ts'
import { longId } from '../record-id.ts'
import { CALL_TIMEOUT_MS, type CapacitySettings, type SalesforceSettings } from '../settings.ts'

type Failure = Exclude<WriteResult, { kind: 'accepted' }>

/** `doubtful`: it may have been done although no answer came. */
type Failed = { readonly ok: false; readonly failure: Failure; readonly doubtful: boolean }
type Created = { readonly ok: true; readonly work: string; readonly record: string } | Failed
type Ended = { readonly ok: true } | Failed

type Limits = Pick<WriteOptions, 'deadline' | 'signal' | 'urgency'>

export type CapacityCalls = {
  create(about: { readonly user: PlatformUserId; readonly channelId: string } & Limits): Promise<Created>
  end(record: string, limits: Limits): Promise<Ended>
}

type CapacityCallsDeps = {
  readonly settings: Pick<SalesforceSettings, 'apiVersion'>
  readonly capacity: CapacitySettings
  readonly client: Pick<SalesforceClient, 'authorize'>
  readonly limiter: RateLimiter
  readonly clock: Clock
  readonly call: PlatformSink['call']
}

type Request = {
  readonly operation: string
  readonly method: 'POST' | 'PATCH'
  readonly path: string
  readonly body: object
}
type Answer = { readonly status: number; readonly body: unknown }

const problems = z.array(z.object({ errorCode: z.string(), message: z.string() }))
const created = z.object({ id: z.string().transform(longId) })
const composite = z.object({
  compositeResponse: z.array(z.object({ referenceId: z.string(), httpStatusCode: z.number(), body: z.unknown() })),
})

/** The token's, a time-out's, too many requests. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([401, 408, 429])
/** Someone else holds the record for a moment: it comes with 400 (from memory, not verified). */
const PASSING_CODES: ReadonlySet<string> = new Set(['UNABLE_TO_LOCK_ROW', 'UNKNOWN_EXCEPTION', 'SERVER_UNAVAILABLE'])
/** No header tells how long; the outbox adds its own backoff. */
const LIMIT_PAUSE_MS = { daily: 60_000, concurrent: 2_000 } as const

export function createCapacityCalls(deps: CapacityCallsDeps): CapacityCalls {
  const { capacity, clock, limiter } = deps
  const base = `/services/data/v${deps.settings.apiVersion}`
  let session: Session | null = null

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
    const answer = await send({ operation: 'block_create', method: 'POST', path: '/composite', body }, limits)
    return 'failure' in answer ? answer : createdOf(answer)
  }

  async function end(record: string, limits: Limits): Promise<Ended> {
    const path = `/sobjects/${capacity.object}/${record}`
    const body = { [capacity.statusField]: capacity.doneValue }
    const answer = await send({ operation: 'block_end', method: 'PATCH', path, body }, limits)
    if ('failure' in answer) return answer
    // Deleted by somebody: what is not there blocks nobody.
    return answer.status < 300 || answer.status === 404 ? { ok: true } : failed(failureOf(answer, clock.now()))
  }

  async function send(request: Request, limits: Limits): Promise<Answer | Failed> {
    let out = false
    const put = async (): Promise<Answer> => {
      session ??= await authorized(limits)
      out = true
      const answer = await attempt(request, session, limits)
      // Refused before anything was done.
      if (answer.status === 401) session = null
      return answer
    }
    try {
      await limiter.take(limits.urgency ?? 'write', { waitAtMostMs: leftOf(limits), signal: limits.signal })
      const first = await put()
      return first.status === 401 ? await put() : first
    } catch (error) {
      if (error instanceof RateLimited)
        return failed({ kind: 'rate_limited', untilMs: error.untilMs, words: error.message })
      return { ok: false, failure: { kind: 'transient', words: wordsOf(error) }, doubtful: out }
    }
  }

  function authorized(limits: Limits): Promise<Session> {
    const limit = { clock, ms: leftOf(limits), what: 'Salesforce (token)', signal: limits.signal }
    return within(deps.client.authorize(), limit)
  }

  function leftOf({ deadline }: Limits): number {
    return Math.min(CALL_TIMEOUT_MS, Math.max(1, deadline - clock.now()))
  }

  async function attempt(request: Request, { instanceUrl, accessToken }: Session, limits: Limits): Promise<Answer> {
    const from = clock.now()
    const abort = new AbortController()
    const timeoutMs = leftOf(limits)
    const cancel = clock.after(timeoutMs, () => abort.abort(new Error(`no answer within ${timeoutMs / 1000} s`)))
    let ok = false
    try {
      const response = await fetch(`${instanceUrl}${base}${request.path}`, {
        method: request.method,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(request.body),
        signal: AbortSignal.any([abort.signal, limits.signal]),
      })
      const text = await response.text()
      ok = response.ok
      return { status: response.status, body: parsed(text) }
    } finally {
      cancel()
      deps.call({ operation: request.operation, ok, ms: clock.now() - from })
    }
  }

  function createdOf(answer: Answer): Created {
    const parts = composite.safeParse(answer.body)
    if (answer.status >= 300 || !parts.success) return failed(failureOf(answer, clock.now()))
    const { compositeResponse } = parts.data
    const bad = compositeResponse.filter(({ httpStatusCode }) => httpStatusCode >= 300)
    // With allOrNone the others fail as well, with PROCESSING_HALTED: the cause is told.
    const cause = bad.find(({ body }) => codeIn(body) !== 'PROCESSING_HALTED') ?? bad[0]
    if (cause) return failed(failureOf({ status: cause.httpStatusCode, body: cause.body }, clock.now()))
    const idOf = (reference: string) =>
      created.safeParse(compositeResponse.find(({ referenceId }) => referenceId === reference)?.body).data?.id
    const [record, work] = [idOf('block'), idOf('work')]
    if (record !== undefined && work !== undefined) return { ok: true, record, work }
    return { ...failed({ kind: 'transient', words: 'Salesforce gave no ids of what it created' }), doubtful: true }
  }

  return { create, end }
}

/** What a refused call means for the outbox. Unknown codes of 4xx answers are refusals, in Salesforce's words; all else may pass. */
function failureOf({ status, body }: Answer, now: number): Failure {
  const [problem] = problems.safeParse(body).data ?? []
  const words = problem ? `${problem.errorCode}: ${problem.message}` : `Salesforce answered ${status}`
  const limit = limitReached(problem)
  if (limit !== null) return { kind: 'rate_limited', untilMs: now + LIMIT_PAUSE_MS[limit], words }
  const passing = status >= 500 || PASSING_STATUSES.has(status) || PASSING_CODES.has(problem?.errorCode ?? '')
  return passing ? { kind: 'transient', words } : { kind: 'refused', words }
}

function failed(failure: Failure): Failed {
  return { ok: false, failure, doubtful: false }
}

function codeIn(body: unknown): string | undefined {
  return problems.safeParse(body).data?.[0]?.errorCode
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return null
  }
}
