// Questions to a bridge that runs, over its private HTTP.

import type { Settings } from '../app/settings.ts'

const DEADLINE_MS = 3_000

export type RunningBridge = {
  /** JSON; null where no bridge answers, `missing` where it knows nothing of that. */
  get(path: string): Promise<{ readonly kind: 'found'; readonly value: unknown } | { readonly kind: 'missing' } | null>
  /** Server-sent events after the one of this number, until the other end or the signal ends it. Null where no bridge answers. */
  follow(
    path: string,
    from: { readonly signal: AbortSignal; readonly after: number },
  ): Promise<AsyncIterable<SentEvent> | null>
}

export type SentEvent = { readonly id: string | null; readonly data: string }

export function runningBridge({ ops: { listen, token } }: Settings): RunningBridge {
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  const url = (path: string) => `http://${host}:${listen.port}${path}`
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  return {
    async get(path) {
      try {
        const response = await fetch(url(path), { headers, signal: AbortSignal.timeout(DEADLINE_MS) })
        if (response.status === 404) return { kind: 'missing' }
        return response.ok ? { kind: 'found', value: await response.json() } : null
      } catch {
        return null
      }
    },
    async follow(path, { signal, after }) {
      try {
        const asked = { ...headers, accept: 'text/event-stream', 'last-event-id': String(after) }
        const response = await fetch(url(path), { headers: asked, signal })
        return response.ok && response.body !== null ? eventsOf(response.body) : null
      } catch {
        return null
      }
    },
  }
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html: as far as our own server uses it. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncIterable<SentEvent> {
  let rest = ''
  const decoder = new TextDecoder()
  try {
    for await (const chunk of body) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const lines = block.split('\n')
        const data = lines.filter((l) => l.startsWith('data:')).map((l) => l.slice(5).trimStart())
        const id =
          lines
            .find((l) => l.startsWith('id:'))
            ?.slice(3)
            .trim() ?? null
        if (data.length > 0) yield { id, data: data.join('\n') }
      }
    }
  } catch {
    // The bridge went away: whoever follows looks for what comes next.
  }
}
