// Who may call: the token endpoint, bearer tokens, the budget of calls a minute, and error bodies as the platform writes them.

import { randomUUID } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { Clock } from '../../domain/clock.ts'
import type { FaultState } from './faults.ts'

export type AccessDeps = {
  readonly clock: Clock
  readonly clientId: string
  readonly clientSecret: string
  readonly callsPerMinute: number
  readonly tokenLifeS: number
  readonly faults: FaultState
}

/** Tokens that are still good: a client has one, tests some more. */
const TOKENS_MAX = 1_000
type Grant = { expiresAt: number; windowStart: number; count: number }

export type Access = {
  readonly login: (context: Context) => Promise<Response>
  readonly guard: MiddlewareHandler
  expireTokens(): void
}

export function createAccess(deps: AccessDeps): Access {
  const { clock, faults } = deps
  const grants = new Map<string, Grant>()

  function countCall(context: Context, grant: Grant): number | undefined {
    if (clock.now() - grant.windowStart >= 60_000) {
      grant.windowStart = clock.now()
      grant.count = 0
    }
    grant.count += 1
    const resetS = Math.max(1, Math.ceil((grant.windowStart + 60_000 - clock.now()) / 1_000))
    context.header('inin-ratelimit-count', String(grant.count))
    context.header('inin-ratelimit-allowed', String(deps.callsPerMinute))
    context.header('inin-ratelimit-reset', String(resetS))
    return grant.count > deps.callsPerMinute ? resetS : undefined
  }

  function arranged(what: string): { status: number; retryAfterS?: number } | undefined {
    if (faults.limited.left > 0) {
      faults.limited.left -= 1
      return { status: 429, retryAfterS: faults.limited.retryAfterS }
    }
    if (faults.failing.left > 0 && what.includes(faults.failing.only)) {
      faults.failing.left -= 1
      return { status: faults.failing.status }
    }
    return [...faults.forbidden].some((text) => what.includes(text)) ? { status: 403 } : undefined
  }

  return {
    async login(context) {
      const expected = `Basic ${Buffer.from(`${deps.clientId}:${deps.clientSecret}`).toString('base64')}`
      const form = await context.req.parseBody()
      if (context.req.header('authorization') !== expected) {
        const description = 'authentication failed'
        return context.json({ error: 'invalid_client', description, error_description: description }, 401)
      }
      if (form.grant_type !== 'client_credentials') {
        return context.json({ error: 'unsupported_grant_type', description: 'unknown grant' }, 400)
      }
      const token = randomUUID()
      if (grants.size >= TOKENS_MAX) grants.clear()
      grants.set(token, { expiresAt: clock.now() + deps.tokenLifeS * 1_000, windowStart: clock.now(), count: 0 })
      return context.json({ access_token: token, token_type: 'bearer', expires_in: deps.tokenLifeS })
    },
    async guard(context, next) {
      context.header('inin-correlation-id', randomUUID())
      const grant = grants.get(context.req.header('authorization')?.replace(/^Bearer /i, '') ?? '')
      if (!grant || clock.now() >= grant.expiresAt) {
        return problem(context, { status: 401, code: 'bad.credentials', message: 'Invalid login credentials.' })
      }
      const resetS = countCall(context, grant)
      if (resetS !== undefined) return limited(context, resetS)
      if (faults.hanging) return await new Promise<Response>(() => {})
      const fault = arranged(`${context.req.method} ${context.req.path}`)
      if (fault?.status === 429) return limited(context, fault.retryAfterS ?? 1)
      if (fault)
        return problem(context, { status: fault.status, code: `test.${fault.status}`, message: words(fault.status) })
      return await next()
    },
    expireTokens: () => grants.clear(),
  }
}

/** What is forbidden is told as the platform does it: with the permission in its words. */
function words(status: number): string {
  if (status !== 403) return 'Arranged to fail'
  return 'Unable to perform the requested action. You are missing the following permission(s): arranged:to:fail'
}

function limited(context: Context, retryAfterS: number): Response {
  context.header('Retry-After', String(retryAfterS))
  const message = 'Rate limit exceeded the maximum [300] requests within [60] seconds'
  return problem(context, { status: 429, code: 'too.many.requests', message })
}

export type Problem = { readonly status: number; readonly code: string; readonly message: string }

export function problem(context: Context, { status, code, message }: Problem): Response {
  const body = {
    message,
    code,
    status,
    messageParams: {},
    contextId: context.res.headers.get('inin-correlation-id') ?? randomUUID(),
    details: [],
    errors: [],
  }
  context.status(status as Parameters<Context['status']>[0])
  return context.json(body)
}

export function notFound(context: Context, what: string): Response {
  return problem(context, { status: 404, code: 'not.found', message: `Unable to find ${what}` })
}
