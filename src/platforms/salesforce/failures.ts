// What an error of the Salesforce API means: rights and credentials that someone has to put right, limits, or "not now".

import { CredentialsRefused, type WriteResult } from '../../domain/platform.ts'
import type { AuthSettings } from './settings.ts'

/** Errors of the token endpoint that no repetition cures (OAuth error codes of Salesforce's token endpoint). */
const TOKEN_REFUSALS: ReadonlySet<string> = new Set([
  'invalid_client',
  'invalid_client_id',
  'invalid_client_credentials',
  'invalid_grant',
  'invalid_assertion',
  'invalid_app_access',
  'unauthorized_client',
  'inactive_user',
  'inactive_org',
  'unsupported_grant_type',
  'access_denied',
  'invalid_request',
])

/** REST error codes that mean a missing right or set-up, see "Status Codes and Error Responses" of the REST guide. */
const MISSING_RIGHTS: ReadonlySet<string> = new Set([
  'INVALID_TYPE',
  'INVALID_FIELD',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'FUNCTIONALITY_NOT_ENABLED',
])

/** Answers to a write that may be others soon: the token's, a time-out's, too many requests. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([401, 408, 429])
/** Someone else holds the record for a moment: it comes with 400 (from memory, not verified). */
const PASSING_CODES: ReadonlySet<string> = new Set(['UNABLE_TO_LOCK_ROW', 'UNKNOWN_EXCEPTION', 'SERVER_UNAVAILABLE'])

/** Characters of a platform's words that are shown: an error page can be long. */
const WORDS_MAX = 300

/** Salesforce's error code, or the error's name. */
export function codeOf(error: unknown): string {
  return textOf(error, 'errorCode') ?? textOf(error, 'name') ?? ''
}

/** "EADDRINUSE" and the like. */
export function systemCodeOf(error: unknown): string {
  return textOf(error, 'code') ?? ''
}

/** In one line, without the page that a proxy or a maintenance site sends instead of an answer. */
export function wordsOf(error: unknown): string {
  const words = textOf(error, 'message') ?? String(error)
  if (/^\s*<(!doctype|html|\?xml|head|body)/i.test(words) || words.startsWith('HTTP response contains html')) {
    return 'the answer is an HTML page, as in maintenance'
  }
  // fetch says no more than "fetch failed"; why is in its cause.
  const why = error instanceof Error ? systemCodeOf(error.cause) : ''
  const plain = words.replace(/\s+/g, ' ').trim().slice(0, WORDS_MAX)
  return [plain === '' ? 'no words' : plain, ...(why === '' ? [] : [`(${why})`])].join(' ')
}

function textOf(error: unknown, member: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, member) : undefined
  return typeof value === 'string' ? value : undefined
}

export function tokenRefusal(error: unknown, flow: AuthSettings['flow']): CredentialsRefused | null {
  const code = codeOf(error)
  if (!TOKEN_REFUSALS.has(code)) return null
  const words = wordsOf(error)
  const advice = flow === 'jwt' ? jwtAdvice(code, words) : CLIENT_CREDENTIALS_ADVICE
  return new CredentialsRefused(`Salesforce refused the credentials (${code}: ${words}). ${advice}`)
}

const CLIENT_CREDENTIALS_ADVICE =
  "Check crm.login_url (it must be the org's My Domain URL), the client id and secret, and that the app allows the client " +
  'credentials flow with an active run-as user.'

/** By words that are known from public reports; where they are others, everything that is to be checked. */
function jwtAdvice(code: string, words: string): string {
  if (/approved this consumer|not admin approved/i.test(words) || code === 'invalid_app_access') {
    return (
      'The user may not use the app yet: Setup → External Client App Manager → the app → Policies → Permitted Users: ' +
      '"Admin approved users are pre-authorized", and select a permission set or profile that the user has.'
    )
  }
  if (/audience/i.test(words))
    return 'Check crm.auth.audience: https://login.salesforce.com, or https://test.salesforce.com for a sandbox.'
  if (/inactive|locked|frozen/i.test(words) || code === 'inactive_user')
    return 'Activate the user of crm.auth.username, or name another one.'
  if (code === 'invalid_client_id' || /client identifier/i.test(words))
    return 'Check crm.auth.client_id: the consumer key of the external client app.'
  if (/assertion|signature/i.test(words) && !/expired/i.test(words)) {
    return 'Check that crm.auth.private_key belongs to the certificate that was uploaded to the external client app ("Use digital signatures").'
  }
  return (
    'Check crm.auth: username (exactly as in the org, sandboxes add a suffix), client_id, audience, and that private_key belongs to the ' +
    "certificate of the app; and this machine's clock."
  )
}

/** Whether the platform says "not allowed", as opposed to "not now". */
export function isMissingRight(error: unknown): boolean {
  return MISSING_RIGHTS.has(codeOf(error))
}

/** Null where the error says something else. */
export function missingRight(error: unknown, operation: string): CredentialsRefused | null {
  if (!isMissingRight(error)) return null
  return new CredentialsRefused(
    `Salesforce did not let the run-as user read what "${operation}" needs (${codeOf(error)}: ${wordsOf(error)}). ` +
      'Check that Omni-Channel is enabled and that the user has the permission set of presence-bridge.',
    { cause: error },
  )
}

export function sessionsRefused(): CredentialsRefused {
  return new CredentialsRefused(
    'Salesforce gives out access tokens but refuses every call made with them. Check that the run-as user has "API Enabled", ' +
      'and the IP restrictions and session policies of the connected app.',
  )
}

/**
 * The org has no call left: of the day, or too many of over 20 s at once. The code is the same (403), only the words tell
 * ("TotalRequests Limit exceeded.", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."). No Retry-After comes with it.
 */
export function limitReached(error: unknown): 'daily' | 'concurrent' | null {
  const code = codeOf(error)
  if (code === 'REQUEST_LIMIT_EXCEEDED') return /concurrent/i.test(wordsOf(error)) ? 'concurrent' : 'daily'
  return code === 'CONCURRENT_REQUESTS_LIMIT_EXCEEDED' ? 'concurrent' : null
}

/** Several problems with one call come as an error that says only so, or as a list: the first of them says what. */
export function problemOf(error: unknown): unknown {
  const list: unknown = error instanceof Error ? Reflect.get(error, 'data') : error
  return Array.isArray(list) ? list[0] : error
}

export type WriteFailure = Exclude<WriteResult, { kind: 'accepted' }>

/** What an answer means for a write. Unknown codes of 4xx answers are refusals, in Salesforce's words; all else may pass. */
export function writeFailure(status: number, error: unknown): WriteFailure {
  const problem = problemOf(error)
  const code = codeOf(problem)
  const words = code === '' ? `Salesforce answered ${status}` : `${code}: ${wordsOf(problem)}`
  const isPassing = status >= 500 || PASSING_STATUSES.has(status) || PASSING_CODES.has(code)
  return { kind: isPassing || limitReached(problem) !== null ? 'transient' : 'refused', words }
}
