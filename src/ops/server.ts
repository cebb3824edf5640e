// The private HTTP server of operations: starting, stopping, and saying plainly why it cannot start.

import { createAdaptorServer } from '@hono/node-server'
import { createAssets } from './assets.ts'
import { CONNECTIONS_MAX, REQUEST_CHECK_MS, REQUEST_TIMEOUT_MS } from './limits.ts'
import { createRoutes, type RouteDeps } from './routes.ts'

export type OpsServerDeps = Omit<RouteDeps, 'listenHost' | 'assets'> &
  Partial<Pick<RouteDeps, 'assets'>> & {
    /** Port 0 takes a free one. */
    readonly listen: { readonly host: string; readonly port: number }
  }

export type OpsServer = {
  /** Rejects with an Error of one plain sentence where the address cannot be had. */
  start(): Promise<{ readonly url: string }>
  /** Ends all connections, also those that follow the log. */
  stop(): Promise<void>
}

export function createOpsServer(deps: OpsServerDeps): OpsServer {
  const { host, port } = deps.listen
  const routes = createRoutes({ assets: createAssets(), ...deps, listenHost: host })
  // Without the interval Node looks for slow ones every 30 s only.
  const serverOptions = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: REQUEST_CHECK_MS,
  }
  const server = createAdaptorServer({ fetch: routes.fetch, serverOptions })
  server.maxConnections = CONNECTIONS_MAX
  return {
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error) => reject(new Error(whyNot(deps.listen, error), { cause: error })))
        server.listen(port, host, resolve)
      })
      const address = server.address()
      const taken = typeof address === 'object' && address !== null ? address.port : port
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
      deps.log.info({ code: 'ops_listening', url }, 'The ops server listens.')
      return { url }
    },
    async stop() {
      routes.stop()
      if (!server.listening) return
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
    },
  }
}

function whyNot({ host, port }: OpsServerDeps['listen'], error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  const what = `The ops server cannot listen on ${host}:${port}`
  const change = 'change "ops: listen" in the settings'
  if (code === 'EADDRINUSE') return `${what}, because another program does; stop that one or ${change}.`
  if (code === 'EACCES') return `${what}, because the bridge is not permitted to; take a port above 1023 or ${change}.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${what}, because this machine has no such address; ${change}.`
  return `${what} (${code ?? error}); ${change}.`
}
