// The stand-in org on loopback ports: token endpoint, queries and streaming over CometD on one, the Pub/Sub API on another, in Salesforce's own
// wire formats.
//
// NOT imitated: TLS but that of the Pub/Sub API, My Domain redirects, compressed answers, and everything that the files behind it list.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../domain/clock.ts'
import { type Cometd, createCometd } from './cometd.ts'
import { createEventLog } from './event-log.ts'
import { type FaultState, newFaultState, type SalesforceFaults } from './faults.ts'
import type { SalesforceModel } from './model.ts'
import { servePubsub } from './pubsub.ts'
import { createRest, errors, type Reply, type Rest } from './rest.ts'
import { faultsOf } from './server-faults.ts'
import { createSobjects, type Sobjects, type WorkObject } from './sobjects.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** Bytes of one request; a long IN list is a few KiB. */
const REQUEST_MAX = 1_048_576
/** How long a poll stays open where the caller says nothing (Salesforce: 110 s). */
const POLL_TIMEOUT_MS = 110_000

export type SalesforceServerOptions = {
  readonly clock: Clock
  readonly clientId: string
  readonly clientSecret: string
  /** For the JWT flow: the app's certificate or public key (PEM). */
  readonly certificate?: string
  /** Whom the JWT flow's assertions must be made for; the stand-in itself where left out. */
  readonly audience?: string
  /** 0: any free port. */
  readonly port: number
  readonly host?: string
  readonly pollTimeoutMs?: number
  /** Whether polls end as early as asked for; they do where left out. */
  readonly honoursPollTimeout?: boolean
  /** How long a CometD client is remembered that does not poll; 40 s where left out. */
  readonly sessionMs?: number
  readonly pubsub?: {
    /** Any free port where left out. */
    readonly port?: number
    readonly tls?: { readonly certificate: string; readonly key: string }
    readonly keepAliveMs?: number
    readonly lateHead?: boolean
  }
  /** Rows in one page of a query's answer; 2,000 as in a real org where left out. */
  readonly pageRows?: number
  /** API calls that the org allows in 24 hours; 100,000 where left out. */
  readonly dailyCalls?: number
  /** The custom object whose records can be created and changed; none where left out. */
  readonly workObject?: WorkObject
}

export type SalesforceServer = {
  readonly url: string
  /** Of the Pub/Sub API. */
  readonly endpoint: { readonly host: string; readonly port: number; readonly plain: boolean }
  readonly faults: SalesforceFaults
  /** Streaming clients that have subscribed to something. */
  subscribers(): number
  close(): Promise<void>
}

export async function serveSalesforce(
  model: SalesforceModel,
  options: SalesforceServerOptions,
): Promise<SalesforceServer> {
  const faults = newFaultState()
  let url = ''
  const tokens = createTokens({ ...options, model, faults, instanceUrl: () => url })
  const { accepts } = tokens
  const rest = createRest({ ...options, model, faults, accepts })
  const sobjects = createSobjects({ model, faults, accepts, object: options.workObject ?? null })
  const timeoutMs = options.pollTimeoutMs ?? POLL_TIMEOUT_MS
  const { clock } = options
  const host = options.host ?? '127.0.0.1'
  const events = createEventLog({ clock, faults })
  const honoursTimeout = options.honoursPollTimeout ?? true
  const cometd = createCometd({ clock, faults, accepts, timeoutMs, events, honoursTimeout, ...sessionOf(options) })
  const server = createServer((request, response) => {
    // The org's own time, which need not be this machine's.
    response.setHeader('Date', new Date(clock.now()).toUTCString())
    serve({ request, response, rest, sobjects, tokens, cometd, faults }).catch(() => response.destroy())
  })
  const unwatch = model.on((happening) => {
    if (happening.kind === 'change') events.publish(happening.change)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, resolve)
  })
  url = `http://${host}:${portOf(server.address())}`
  const { organization } = model
  const pubsub = await servePubsub({ clock, faults, events, accepts, organization, host, port: 0, ...options.pubsub })
  const cut = () => server.closeAllConnections()
  return {
    url,
    endpoint: { host, port: pubsub.port, plain: options.pubsub?.tls === undefined },
    faults: faultsOf({ faults, tokens, cometd, pubsub, events, model, clock, cut }),
    subscribers: () => cometd.subscribers() + pubsub.subscribers(),
    async close() {
      unwatch()
      cometd.close()
      await pubsub.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function sessionOf({ sessionMs }: SalesforceServerOptions) {
  return sessionMs === undefined ? {} : { sessionMs }
}

type Serving = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly rest: Rest
  readonly sobjects: Sobjects
  readonly tokens: Tokens
  readonly cometd: Cometd
  readonly faults: FaultState
}

async function serve({ request, response, rest, sobjects, tokens, cometd, faults }: Serving): Promise<void> {
  const text = await readBody(request)
  if (faults.blackHole) return
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/services/oauth2/token' && request.method === 'POST') {
    return send(response, await tokens.grant(new URLSearchParams(text)))
  }
  const query = /^\/services\/data\/v(\d+\.\d+)\/(tooling\/)?query(?:\/([^/]+))?\/?$/.exec(url.pathname)
  if (query?.[1] !== undefined && request.method === 'GET') {
    const { authorization } = request.headers
    const api = query[2] === undefined ? 'data' : 'tooling'
    const at = { version: query[1], cursor: query[3] ?? null, api } as const
    return send(response, rest.query({ ...at, soql: url.searchParams.get('q'), authorization }))
  }
  if (request.method === 'POST' || request.method === 'PATCH') {
    const { authorization } = request.headers
    const written = sobjects.write({ method: request.method, path: url.pathname, text, authorization })
    if (written) return send(response, written)
  }
  if (/^\/cometd\/\d+\.\d+(\/|$)/.test(url.pathname)) return stream({ request, response, cometd, text, faults })
  send(response, errors(404, 'NOT_FOUND', 'The requested resource does not exist'))
}

function stream(at: {
  request: IncomingMessage
  response: ServerResponse
  cometd: Cometd
  text: string
  faults: FaultState
}) {
  const { request, response, cometd, text, faults } = at
  // Also the answer to a WebSocket upgrade: Salesforce has long polling only.
  if (request.method !== 'POST') return send(response, { status: 405, body: [] })
  if (faults.unavailable) return sendPage(response)
  if (faults.refuseStreaming === 'bodiless') return void response.writeHead(401).end()
  if (faults.refuseStreaming === 'as_rest') return send(response, errors(401, 'INVALID_SESSION_ID', 'Session expired'))
  const parsed: unknown = JSON.parse(text)
  const messages = (Array.isArray(parsed) ? parsed : [parsed]).filter(
    (entry) => typeof entry === 'object' && entry !== null,
  )
  const cookie = /BAYEUX_BROWSER=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
  cometd.post({ messages, authorization: request.headers.authorization, cookie }, (answer) => {
    if (faults.blackHole) return
    const set = answer.cookie === undefined ? {} : { 'Set-Cookie': `BAYEUX_BROWSER=${answer.cookie};Path=/;HttpOnly` }
    send(response, { status: 200, body: answer.body, headers: set })
  })
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > REQUEST_MAX) throw new Error('The request is too large.')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return
  response.writeHead(reply.status, { 'Content-Type': 'application/json;charset=UTF-8', ...reply.headers })
  response.end(JSON.stringify(reply.body))
}

/** What stands before a server says so in HTML. */
function sendPage(response: ServerResponse): void {
  response.writeHead(503, { 'Content-Type': 'text/html' }).end('<html><body>We are down for maintenance.</body></html>')
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}
