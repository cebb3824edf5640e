// jsforce's way to the network, bounded: no retries of its own, an end to each request; it remembers what time Salesforce said it is.

import type { Connection } from 'jsforce'
import { Transport } from 'jsforce/lib/transport.js'
import type { Clock } from '../../../domain/clock.ts'

export type ServerTime = {
  /** How far Salesforce's clock was before ours at the last answer, ms; null: it has not said. */
  aheadMs(): number | null
}

/** For queries and for the token endpoint alike: jsforce 3 has no setting for these, but both fields are part of its published types. */
export function bound(
  conn: Connection,
  { clock, callMs }: { readonly clock: Clock; readonly callMs: number },
): ServerTime {
  let aheadMs: number | null = null
  const transport = new BoundedTransport(callMs, (date) => {
    const at = Date.parse(date)
    if (!Number.isNaN(at)) aheadMs = at - clock.now()
  })
  conn._transport = transport
  conn.oauth2._transport = transport
  return { aheadMs: () => aheadMs }
}

class BoundedTransport extends Transport {
  readonly #callMs: number
  readonly #onDate: (date: string) => void

  constructor(callMs: number, onDate: (date: string) => void) {
    super()
    this.#callMs = callMs
    this.#onDate = onDate
  }

  override httpRequest(
    ...[request, options]: Parameters<Transport['httpRequest']>
  ): ReturnType<Transport['httpRequest']> {
    const bounded = { ...options, timeout: this.#callMs, retry: { maxRetries: 0, methods: [] } }
    const answer = super.httpRequest(request, bounded)
    // Before jsforce itself hears of the answer, so that the time is known when a refusal is thought about.
    answer.then(
      ({ headers }) => this.#onDate(headers?.date ?? ''),
      () => {},
    )
    return answer
  }
}
