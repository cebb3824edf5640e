// jsforce's way to the network, bounded: no retries of its own, an end to each request; it remembers what time Salesforce said it is.

import { type Duplex, Readable } from 'node:stream'
import type { Connection } from 'jsforce'
import { Transport } from 'jsforce/lib/transport.js'
import type { HttpRequest, HttpResponse } from 'jsforce/lib/types/common.js'
import { StreamPromise } from 'jsforce/lib/util/promise.js'
import { assert } from '../../../domain/assert.ts'
import type { Clock } from '../../../domain/clock.ts'
import { isDirect } from '../no-proxy.ts'

export type ServerTime = {
  /** How far Salesforce's clock was before ours at the last answer, ms; null: it has not said. */
  aheadMs(): number | null
}

/** For queries and for the token endpoint alike: jsforce 3 has no setting for these, but both fields are part of its published types. */
export function bound(conn: Connection, { clock, ...limits }: { readonly clock: Clock } & Limits): ServerTime {
  let aheadMs: number | null = null
  const transport = new BoundedTransport(limits, (date) => {
    const at = Date.parse(date)
    if (!Number.isNaN(at)) aheadMs = at - clock.now()
  })
  conn._transport = transport
  conn.oauth2._transport = transport
  return { aheadMs: () => aheadMs }
}

/** `noProxy`: as in the environment. */
type Limits = { readonly callMs: number; readonly noProxy: string }

class BoundedTransport extends Transport {
  readonly #limits: Limits
  readonly #onDate: (date: string) => void

  constructor(limits: Limits, onDate: (date: string) => void) {
    super()
    this.#limits = limits
    this.#onDate = onDate
  }

  override httpRequest(
    ...[request, options]: Parameters<Transport['httpRequest']>
  ): ReturnType<Transport['httpRequest']> {
    const { callMs, noProxy } = this.#limits
    const way = isDirect(request.url, noProxy) ? DIRECT : {}
    const bounded = { ...options, ...way, timeout: callMs, retry: NO_RETRY, followRedirect: within(request) }
    const create = this.getRequestStreamCreator()
    return StreamPromise.create(() => {
      const stream = create(request, bounded)
      const promise = new Promise<HttpResponse>((resolve, reject) => {
        stream.on('complete', (answer: HttpResponse) => {
          // Before jsforce itself hears of the answer, so that the time is known when a refusal is thought about.
          this.#onDate(answer.headers?.date ?? '')
          resolve(answer)
        })
        stream.on('error', reject)
        guard(stream, reject)
      })
      return { stream, promise }
    })
  }
}

/** In the place of the proxy that jsforce found in the environment. */
const DIRECT: object = { httpProxy: undefined }
const NO_RETRY = { maxRetries: 0, methods: [] }
/** Many times what a page of 2,000 records can be expected to take. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024

/** The same request goes with its token to wherever it is sent: nowhere but to the host that it was meant for. */
function within({ url: asked, headers = {} }: HttpRequest): (location: string) => HttpRequest | null {
  return (location) => {
    const url = URL.parse(location, asked)
    return url !== null && url.origin === URL.parse(asked)?.origin ? { method: 'GET', url: url.href, headers } : null
  }
}

/**
 * jsforce pours the answer's body into a stream of its own, `_readable`, and does not listen whether the body breaks off: Node takes an error that
 * nobody hears for a crash. What is poured into a stream tells that stream. Nor does it mind how long an answer is.
 */
function guard(stream: Duplex, cut: (error: Error) => void): void {
  const poured: unknown = Reflect.get(stream, '_readable')
  assert(poured instanceof Readable, 'jsforce reads an answer in another way than it did.')
  poured.on('pipe', (body: Readable) => {
    let bytes = 0
    body.on('error', cut)
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes > ANSWER_BYTES_MAX) body.destroy(new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`))
    })
  })
}
