// Questions and orders to the bridge. Answers come from the same build of the same program, so their types are taken as they are said.

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string; readonly code: number }

const TIMEOUT_MS = 15_000

export async function ask<T>(path: string): Promise<Answer<T>> {
  return await send<T>(path, {})
}

/** `token` goes into a header and nowhere else. */
export async function order(
  path: string,
  { body, token }: { readonly body: object; readonly token: string },
): Promise<Answer<{ readonly agents: number }>> {
  return await send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
}

async function send<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
    const body: unknown = await response.json().catch(() => null)
    if (response.ok && body !== null) return { ok: true, value: body as T }
    return { ok: false, error: errorIn(body) ?? `The bridge answered ${response.status}.`, code: response.status }
  } catch {
    return { ok: false, error: 'The bridge does not answer.', code: 0 }
  }
}

function errorIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null
  return typeof body.error === 'string' ? body.error : null
}
