// Small readings of HTTP that the REST client and the token source share.

import { ANSWER_BYTES_MAX } from './settings.ts'

/** The platform's default where a 429 names no time, ms. */
const RETRY_AFTER_DEFAULT_MS = 3_000
/** Daily caps come with hours; anything past a day is read as a day. */
const RETRY_AFTER_MAX_MS = 24 * 3_600_000

/** From now on; seconds or a date. */
export function retryAfterMs(headers: Headers, now: number): number {
  const header = headers.get('retry-after')
  if (!header) return RETRY_AFTER_DEFAULT_MS
  const seconds = Number(header)
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000
  if (Number.isNaN(ms)) return RETRY_AFTER_DEFAULT_MS
  return Math.min(RETRY_AFTER_MAX_MS, Math.max(0, ms))
}

/** The body as JSON; undefined where it is empty or no JSON. Throws where it is too long. */
export async function readLimited(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > ANSWER_BYTES_MAX) throw new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Errors inside errors that are looked at. */
const DEPTH_MAX = 5

/** In words, and whether a connection had come about. */
export function describeFailure(error: unknown): { readonly message: string; readonly connected: boolean } {
  if (member(error, 'name') === 'TimeoutError') return { message: 'no answer in time', connected: true }
  const words = String(member(error, 'message') ?? error)
  const codes = codesOf(error, DEPTH_MAX)
  return {
    message: codes[0] ? `${words} (${codes[0]})` : words,
    connected: !codes.some((code) => NOT_CONNECTED.has(code)),
  }
}

// fetch hides the socket's error in `cause`; trying several addresses gives one with `errors`.
function codesOf(error: unknown, depth: number): readonly string[] {
  if (depth === 0) return []
  const code = member(error, 'code')
  const errors = member(error, 'errors')
  const inner = [member(error, 'cause'), ...(Array.isArray(errors) ? errors : [])]
  const own = typeof code === 'string' && code !== '' ? [code] : []
  return [...own, ...inner.flatMap((one: unknown) => codesOf(one, depth - 1))]
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
