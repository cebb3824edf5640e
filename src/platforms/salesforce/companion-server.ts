// The public endpoint to which console companions connect. It is its own server on its own port: nothing else of the bridge is reachable here.

import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CannotListen } from '../../domain/platform.ts'
import { type SessionEvents, serveCompanion } from './companion-session.ts'
import { createTokenCheck } from './companion-token.ts'
import { CLOSE } from './companion-wire.ts'
import { systemCodeOf, wordsOf } from './failures.ts'
import { COMPANIONS_MAX, type CompanionSettings, FAREWELL_MS, FRAME_MAX, REQUEST_TIMEOUT_MS } from './settings.ts'

type CompanionServer = {
  /** The port listened on; of use where the settings say 0. */
  port(): number
  start(): Promise<void>
  stop(): Promise<void>
}

type CompanionServerDeps = {
  readonly settings: CompanionSettings
  readonly clock: Clock
  readonly log: Log
  readonly events: SessionEvents
}

/** WebSocket's own code for a frame that is too large is 1009; companions are promised 4413. */
class CompanionSocket extends WebSocket {
  override close(code?: number, words?: string | Buffer): void {
    super.close(code === 1009 ? CLOSE.frameTooLarge : code, words)
  }
}

export function createCompanionServer(deps: CompanionServerDeps): CompanionServer {
  const { settings, clock, log } = deps
  const origins = new Set(settings.origins)
  const checkToken = createTokenCheck({ ...settings, clock })
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_MAX,
    WebSocket: CompanionSocket,
  })
  const server = createServer(
    { headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (_request, response) => {
      response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end()
    },
  )
  server.on('upgrade', upgrade)

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const refusal = whyNot(request)
    if (refusal !== null) {
      turnAway(socket, refusal)
      return
    }
    sockets.handleUpgrade(request, socket, head, (companion) => {
      const { origin } = request.headers
      if (origin !== undefined && origins.has(origin)) serveCompanion({ ...deps, socket: companion, checkToken })
      else refuseOrigin(companion, origin)
    })
  }

  function whyNot(request: IncomingMessage): string | null {
    if (pathOf(request.url) !== settings.path) return '404 Not Found'
    if (sockets.clients.size < COMPANIONS_MAX) return null
    log.error({ code: 'companions_max', limit: COMPANIONS_MAX }, 'No more console companions can be taken')
    return '503 Service Unavailable'
  }

  /** After the upgrade, because a browser shows a page nothing of a refused upgrade. */
  function refuseOrigin(companion: WebSocket, origin: string | undefined): void {
    log.warn({ code: 'companion_origin_refused', origin: origin ?? 'none' }, 'A page of another origin was refused')
    companion.on('error', () => {})
    companion.close(CLOSE.originRefused, 'origin refused')
  }

  async function stop(): Promise<void> {
    const closed = [...sockets.clients].map(
      (companion) => new Promise<void>((resolve) => companion.once('close', () => resolve())),
    )
    for (const companion of sockets.clients) companion.close(CLOSE.goingAway, 'the bridge stops')
    await patiently(Promise.all(closed), clock)
    for (const companion of sockets.clients) companion.terminate()
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  return { port: () => portOf(server), start: () => listen(server, settings), stop }
}

function listen(server: Server, { listen: { host, port } }: CompanionSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => reject(listenFailure(error, `${host}:${port}`))
    server.once('error', failed)
    server.listen({ host, port }, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

function listenFailure(cause: unknown, address: string): Error {
  const words =
    systemCodeOf(cause) === 'EADDRINUSE'
      ? `Another program listens on ${address} already; companion.listen needs an address of its own.`
      : `The companion endpoint cannot listen on ${address}: ${wordsOf(cause)}.`
  return new CannotListen(words, { cause })
}

function turnAway(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function pathOf(url: string | undefined): string {
  return (url ?? '/').split('?')[0] ?? '/'
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Until all is done, or a second has passed. */
function patiently(work: Promise<unknown>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(FAREWELL_MS, resolve)
    work.finally(() => {
      cancel()
      resolve()
    })
  })
}
