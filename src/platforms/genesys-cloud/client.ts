// The REST side: one call, with its token, its deadline, its turn in the budget, and its outcome as a value. Nothing here
// retries, except once with a fresh token after a 401. Secrets and tokens never reach the log.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type { Said } from '../shared/allowance.ts'
import type { CallClass } from '../shared/call-classes.ts'
import { RateLimited, type RateLimiter } from '../shared/rate-limit.ts'
import { createEnding, type Ending } from './ending.ts'
import type { Answer, Exchange } from './exchange.ts'
import { describeFailure, retryAfterMs } from './http.ts'
import type { Timing } from './settings.ts'
import type { TokenSource } from './token.ts'
import { ErrorAnswer } from './wire.ts'

export type CallRequest = {
  /** For metrics and the log: "presence.patch". */
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With the query: "/api/v2/users?pageSize=500". */
  readonly path: string
  readonly body?: unknown
  readonly kind: CallClass
  /** No longer wanted after this instant, ms since 1970. */
  readonly deadline?: number
  readonly signal?: AbortSignal
}

export type CallOutcome =
  | { readonly kind: 'ok'; readonly body: unknown }
  /** The platform said no. */
  | { readonly kind: 'status'; readonly status: number; readonly message: string }
  | { readonly kind: 'limited'; readonly untilMs: number; readonly message: string }
  /** The client's credentials, not this call, were refused. */
  | { readonly kind: 'credentials'; readonly message: string }
  /** No answer. `connected` is false where not even a connection came about. */
  | { readonly kind: 'network'; readonly message: string; readonly connected: boolean }

export type Client = {
  call(request: CallRequest): Promise<CallOutcome>
}

export type ClientDeps = {
  readonly apiUrl: string
  readonly clock: Clock
  readonly log: Log
  readonly limiter: RateLimiter
  readonly exchange: Exchange
  readonly tokens: TokenSource
  readonly timing: Timing
  /** Ends the calls under way. */
  readonly signal: AbortSignal
  readonly onCall: (what: { readonly operation: string; readonly ok: boolean; readonly ms: number }) => void
}

type Sending = { readonly ending: Ending; readonly onSend: () => void }
/** Something came back; what it means is not read yet. */
type Answered = { readonly kind: 'answer'; readonly response: Answer }

export function createClient(deps: ClientDeps): Client {
  const { clock, limiter, log, timing, tokens } = deps

  async function turn(request: CallRequest, signal: AbortSignal): Promise<void> {
    const patient = request.kind === 'read' || request.kind === 'stream'
    const waitAtMostMs = patient ? timing.readTurnMs : timing.writeTurnMs
    await limiter.take(request.kind, { waitAtMostMs, signal })
  }

  async function send(request: CallRequest, token: string, { ending, onSend }: Sending): Promise<Answer> {
    await turn(request, ending.signal)
    onSend()
    const leftMs = request.deadline === undefined ? timing.callMs : request.deadline - clock.now()
    ending.endAfter(Math.max(1, Math.min(timing.callMs, leftMs)))
    return await deps.exchange({
      url: `${deps.apiUrl}${request.path}`,
      method: request.method,
      headers: { Authorization: `Bearer ${token}`, Accept: 'application/json', 'Content-Type': 'application/json' },
      signal: ending.signal,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    })
  }

  async function sendWithToken(request: CallRequest, sending: Sending): Promise<Answered | CallOutcome> {
    const { signal } = sending.ending
    const first = await tokens.get(signal)
    if (first.kind !== 'token') return first
    const response = await send(request, first.token, sending)
    if (response.status !== 401) return { kind: 'answer', response }
    const fresh = await tokens.renew(first.token, signal)
    if (fresh.kind !== 'token') return fresh
    return { kind: 'answer', response: await send(request, fresh.token, sending) }
  }

  async function attempt(request: CallRequest, sending: Sending): Promise<CallOutcome> {
    const sent = await sendWithToken(request, sending)
    if (sent.kind !== 'answer') return sent
    const { response } = sent
    if (response.status !== 429) limiter.answered(limitsIn(response))
    if (response.ok) return { kind: 'ok', body: response.body }
    return refusal(request, response)
  }

  function refusal(request: CallRequest, response: Answer): CallOutcome {
    const parsed = ErrorAnswer.safeParse(response.body)
    const said = parsed.success ? (parsed.data.message ?? parsed.data.code) : undefined
    const message = said ?? `HTTP ${response.status}`
    const correlation = response.header('inin-correlation-id')
    const { operation } = request
    log.debug(
      { code: 'genesys.call_refused', operation, status: response.status, message, correlation },
      'Call refused',
    )
    if (response.status === 401) return { kind: 'credentials', message: `a fresh token was refused: ${message}` }
    if (response.status !== 429) return { kind: 'status', status: response.status, message }
    const untilMs = clock.now() + retryAfterMs(response.header('retry-after'), clock.now())
    limiter.refused(untilMs)
    return { kind: 'limited', untilMs, message }
  }

  return {
    async call(request) {
      // A call that never went out (no token, no turn) is not told as one.
      let sentAt: number | undefined
      const onSend = () => {
        sentAt ??= clock.now()
      }
      const ending = createEnding(clock, request.signal ? [deps.signal, request.signal] : [deps.signal])
      const outcome = await attempt(request, { ending, onSend }).catch((error: unknown): CallOutcome => {
        if (error instanceof RateLimited) {
          return { kind: 'limited', untilMs: error.untilMs, message: error.message }
        }
        return { kind: 'network', ...describeFailure(error) }
      })
      ending.release()
      if (sentAt !== undefined && !deps.signal.aborted) {
        deps.onCall({ operation: request.operation, ok: outcome.kind === 'ok', ms: clock.now() - sentAt })
      }
      return outcome
    },
  }
}

/** What the platform says about its own count of this client's calls, which others may share. */
function limitsIn({ header }: Answer): Said {
  const numberOf = (name: string) => {
    const value = Number(header(name) ?? Number.NaN)
    return Number.isNaN(value) ? undefined : value
  }
  const allowed = numberOf('inin-ratelimit-allowed')
  const count = numberOf('inin-ratelimit-count')
  const resetS = numberOf('inin-ratelimit-reset')
  return {
    ...(allowed !== undefined && { allowed }),
    ...(count !== undefined && { count }),
    ...(resetS !== undefined && { resetMs: resetS * 1_000 }),
  }
}
