// The connections of REST calls and of channels, through a proxy where there is one. Node's own agents know proxies: they ask them for
// a tunnel (CONNECT) to every https and wss address that NO_PROXY does not name.

import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { CONNECTIONS_MAX, IDLE_CONNECTION_MS, type Proxies } from './settings.ts'

export type Agents = {
  /** For calls: kept open, and used again. */
  calls(url: string): HttpAgent
  /** For the socket of a channel. */
  sockets(url: string): HttpAgent
  close(): void
}

export function createAgents(proxies: Proxies | undefined): Agents {
  const through = proxies ? { proxyEnv: { ...proxies } } : {}
  const kept = { ...through, keepAlive: true, maxSockets: CONNECTIONS_MAX, timeout: IDLE_CONNECTION_MS }
  const calls = { plain: new HttpAgent(kept), safe: new HttpsAgent(kept) }
  const sockets = { plain: new HttpAgent(through), safe: new HttpsAgent(through) }
  return {
    calls: (url) => (isSafe(url) ? calls.safe : calls.plain),
    sockets: (url) => (isSafe(url) ? sockets.safe : sockets.plain),
    close() {
      for (const agent of [calls.plain, calls.safe, sockets.plain, sockets.safe]) agent.destroy()
    },
  }
}

function isSafe(url: string): boolean {
  return /^(https|wss):/i.test(url)
}
