// Questions to a bridge that runs, over its private HTTP. Not by fetch: that takes longer to load than the answer to come.

import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
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

type SentEvent = { readonly id: string | null; readonly data: string }

export function runningBridge({ ops: { listen, token } }: Settings): RunningBridge {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` }

  function ask(
    path: string,
    more: { readonly headers?: Record<string, string>; readonly signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const headers = { ...authorization, ...more.headers }
    return answered(request({ host: listen.host, port: listen.port, path, headers, signal: more.signal }))
  }

  return {
    async get(path) {
      try {
        const response = await ask(path, { signal: AbortSignal.timeout(DEADLINE_MS) })
        const body = await text(response)
        if (response.statusCode === 404) return { kind: 'missing' }
        return response.statusCode === 200 ? { kind: 'found', value: JSON.parse(body) } : null
      } catch {
        return null
      }
    },
    async follow(path, { signal, after }) {
      try {
        const headers = { accept: 'text/event-stream', 'last-event-id': String(after) }
        const response = await ask(path, { headers, signal })
        if (response.statusCode === 200) return eventsOf(response)
        response.destroy()
        return null
      } catch {
        return null
      }
    },
  }
}

function answered(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.once('response', resolve)
    asked.on('error', reject)
    asked.end()
  })
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html: as far as our own server uses it. */
async function* eventsOf(response: IncomingMessage): AsyncIterable<SentEvent> {
  let rest = ''
  response.setEncoding('utf8')
  try {
    for await (const chunk of response) {
      const blocks = `${rest}${chunk}`.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = eventOf(block)
        if (event !== null) yield event
      }
    }
  } catch {
    // The bridge went away: whoever follows looks for what comes next.
  }
}

/** Null: a comment, such as a heartbeat. */
function eventOf(block: string): SentEvent | null {
  const lines = block.split('\n')
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart())
  const id =
    lines
      .find((line) => line.startsWith('id:'))
      ?.slice(3)
      .trim() ?? null
  return data.length === 0 ? null : { id, data: data.join('\n') }
}
