// The public endpoint to which console companions connect. It is its own server on its own port: nothing else of the bridge is reachable here.

import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { Cancel, Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import { CannotListen } from '../../../domain/platform.ts'
import type { PlatformUserId } from '../../../domain/side.ts'
import { systemCodeOf, wordsOf } from '../failures.ts'
import { type CompanionSettings, FAREWELL_MS } from '../settings.ts'
import { tlsOptions, watchCertificates } from './certificate.ts'
import {
  CLOSE_TIMEOUT_MS,
  COMPANIONS_MAX,
  FRAGMENTS_MAX,
  FRAME_MAX,
  REQUEST_CHECK_MS,
  REQUEST_TIMEOUT_MS,
  STRANGERS_MAX,
  SWEEP_MS,
} from './limits.ts'
import { createRefusals } from './refusals.ts'
import { CompanionConnection, type ConnectionDeps, type SessionEvents } from './session.ts'
import { connectionKey, createStrangers } from './strangers.ts'
import { createTokenCheck, rsaKey } from './token.ts'
import { CLOSE } from './wire.ts'

export type CompanionServer = {
  /** The port listened on; of use where the settings say 0. */
  port(): number
  start(): Promise<void>
  stop(): Promise<void>
  /** For the operators' page. */
  details(): Readonly<Record<string, string | number>>
}

type CompanionServerDeps = {
  readonly settings: CompanionSettings
  readonly clock: Clock
  readonly log: Log
  readonly events: SessionEvents
  /** Whether the token's user is one of the bridge's people. */
  readonly knows: (user: PlatformUserId) => boolean
  /** For a request's head; the limit of this room where left out. */
  readonly requestTimeoutMs?: number
}

/** WebSocket's own code for a frame that is too large is 1009; companions are promised 4413. */
class CompanionSocket extends WebSocket {
  override close(code?: number, words?: string | Buffer): void {
    super.close(code === 1009 ? CLOSE.frameTooLarge : code, words)
  }
}

/** Known to ws 8.20 and later, and not yet to its published types. */
const CLOSING = { closeTimeout: CLOSE_TIMEOUT_MS }

/** Throws with a plain sentence where the settings cannot work. */
export function createCompanionServer(deps: CompanionServerDeps): CompanionServer {
  const { settings, clock, log } = deps
  rsaKey(settings.publicKeyPem)
  const certificates = watchCertificates({ clock, log, tls: settings.tls, org: settings.publicKeyPem })
  const refusals = createRefusals({ clock, log })
  const strangers = createStrangers({
    cut: (address) =>
      refusals.note('companion_strangers_max', { address }, 'Too many connections say nothing; the oldest was cut'),
  })
  const origins = new Set(settings.origins)
  const connections = new Map<WebSocket, CompanionConnection>()
  let cancelSweep: Cancel = () => {}
  let connecting: ConnectionDeps | null = null
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_MAX,
    maxFragments: FRAGMENTS_MAX,
    // Pings of the protocol itself count as frames, and are answered where those are counted.
    autoPong: false,
    WebSocket: CompanionSocket,
    ...CLOSING,
  })
  const server = createServer({
    tls: settings.tls,
    now: clock.now(),
    timeoutMs: deps.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  })
  server.maxConnections = COMPANIONS_MAX + STRANGERS_MAX
  server.on('connection', (socket: Socket) => strangers.enter(socket))
  server.on('upgrade', upgrade)

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', destroyed)
    const refusal = whyNot(request)
    if (refusal !== null) {
      turnAway(socket, refusal)
      return
    }
    const key = connectionKey(request.socket)
    const { origin } = request.headers
    sockets.handleUpgrade(request, socket, head, (companion) => {
      socket.off('error', destroyed)
      if (connecting && origin !== undefined && origins.has(origin)) serve(companion, key, connecting)
      else refuseOrigin(companion, origin)
    })
  }

  function serve(socket: WebSocket, key: string, served: ConnectionDeps): void {
    const connection = new CompanionConnection(served, { socket, key })
    connections.set(socket, connection)
    socket.once('close', () => connections.delete(socket))
    connection.start()
  }

  function whyNot(request: IncomingMessage): string | null {
    if (pathOf(request.url) !== settings.path) return '404 Not Found'
    if (sockets.clients.size < COMPANIONS_MAX) return null
    refusals.note('companions_max', { limit: COMPANIONS_MAX }, 'No more console companions can be taken')
    return '503 Service Unavailable'
  }

  /** After the upgrade, because a browser shows a page nothing of a refused upgrade. */
  function refuseOrigin(companion: WebSocket, origin: string | undefined): void {
    refusals.note(
      'companion_origin_refused',
      { origin: origin?.slice(0, 200) ?? 'none' },
      'A page of another origin was refused',
    )
    companion.on('error', () => {})
    companion.close(CLOSE.originRefused, 'origin refused')
  }

  function sweep(): void {
    const now = clock.now()
    for (const connection of connections.values()) connection.sweep(now)
    refusals.sweep()
    certificates.sweep()
    cancelSweep = clock.after(SWEEP_MS, sweep)
  }

  async function start(): Promise<void> {
    const checkToken = createTokenCheck({ ...settings, clock, knows: deps.knows })
    connecting = { clock, log, refusals, checkToken, events: deps.events, known: strangers.known }
    await listen(server, settings)
    sweep()
  }

  async function stop(): Promise<void> {
    cancelSweep()
    const ended = new Promise<void>((resolve) => server.close(() => resolve()))
    const closed = [...sockets.clients].map(
      (companion) => new Promise<void>((resolve) => companion.once('close', () => resolve())),
    )
    for (const companion of sockets.clients) companion.close(CLOSE.goingAway, 'the bridge stops')
    await patiently(Promise.all(closed), clock)
    for (const companion of sockets.clients) companion.terminate()
    server.closeAllConnections()
    strangers.clear()
    await ended
  }

  return {
    port: () => portOf(server),
    start,
    stop,
    details: () => ({
      companions_unknown: strangers.count(),
      companions_refused: refusals.count(),
      ...certificates.details(),
    }),
  }
}

/** A request that is no WebSocket is told so, and nothing else. */
function createServer(args: { tls: CompanionSettings['tls']; now: number; timeoutMs: number }): Server {
  const { tls, now, timeoutMs } = args
  const limits = {
    headersTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    connectionsCheckingInterval: Math.min(REQUEST_CHECK_MS, timeoutMs),
  }
  const noWebSocket: RequestListener = (_request, response) => {
    response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end()
  }
  if (tls === null) return createHttpServer(limits, noWebSocket)
  return createHttpsServer({ ...limits, ...tlsOptions(tls, now) }, noWebSocket)
}

/** One for all: a function of its own would keep each connection's request for as long as it lasts. */
function destroyed(this: Duplex): void {
  this.destroy()
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
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
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
