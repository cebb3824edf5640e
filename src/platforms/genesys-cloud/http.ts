// Small readings of HTTP that the REST client and the token source share.

/** The platform's default where a 429 names no time, ms. */
const RETRY_AFTER_DEFAULT_MS = 3_000
/** Daily caps come with hours; anything past a day is read as a day. */
const RETRY_AFTER_MAX_MS = 24 * 3_600_000

/** From now on; the header holds seconds or a date. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (!header) return RETRY_AFTER_DEFAULT_MS
  const seconds = Number(header)
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000
  if (Number.isNaN(ms)) return RETRY_AFTER_DEFAULT_MS
  return Math.min(RETRY_AFTER_MAX_MS, Math.max(0, ms))
}

const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

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

// Some errors hide the socket's own in `cause`; trying several addresses gives one with `errors`.
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
