// Every HTTP request that reaches a server of this process, as it came over the wire: what the platforms really received.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** A test's bridge makes some hundred calls. */
const REQUESTS_MAX = 50_000
/** Node's own channel for this: https://nodejs.org/api/diagnostics_channel.html#http */
const CHANNEL = 'http.server.request.start'

export type Received = {
  readonly port: number
  readonly method: string
  readonly path: string
  readonly authorization: string | null
}

export type WireTap = { received(): readonly Received[]; close(): void }

export function tapWire(): WireTap {
  const received: Received[] = []

  function heard(message: unknown): void {
    const { request } = message as { readonly request: IncomingMessage }
    if (received.length >= REQUESTS_MAX) return
    received.push({
      port: request.socket.localPort ?? 0,
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization ?? null,
    })
  }

  subscribe(CHANNEL, heard)
  return { received: () => received, close: () => void unsubscribe(CHANNEL, heard) }
}
