// The stand-in org on a loopback port: token endpoint, queries and streaming, in Salesforce's own wire formats.
//
// NOT imitated: TLS, My Domain redirects, compressed answers, and everything that the files behind it list.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../domain/clock.ts'
import { type Cometd, createCometd } from './cometd.ts'
import { type FaultState, newFaultState, type SalesforceFaults } from './faults.ts'
import type { SalesforceModel } from './model.ts'
import { createRest, errors, type Reply, type Rest } from './rest.ts'
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
  /** Rows in one page of a query's answer; 2,000 as in a real org where left out. */
  readonly pageRows?: number
}

export type SalesforceServer = {
  readonly url: string
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
  const timeoutMs = options.pollTimeoutMs ?? POLL_TIMEOUT_MS
  const cometd = createCometd({ clock: options.clock, faults, accepts, timeoutMs })
  const server = createServer((request, response) => {
    // The org's own time, which need not be this machine's.
    response.setHeader('Date', new Date(options.clock.now()).toUTCString())
    serve({ request, response, rest, tokens, cometd, faults }).catch(() => response.destroy())
  })
  const unwatch = model.on((happening) => {
    if (happening.kind === 'change') cometd.publish(happening.change)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host ?? '127.0.0.1', resolve)
  })
  url = `http://${options.host ?? '127.0.0.1'}:${portOf(server.address())}`
  return {
    url,
    faults: faultsOf({ faults, tokens, cometd, model, clock: options.clock }),
    subscribers: cometd.subscribers,
    async close() {
      unwatch()
      cometd.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

type Serving = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly rest: Rest
  readonly tokens: Tokens
  readonly cometd: Cometd
  readonly faults: FaultState
}

async function serve({ request, response, rest, tokens, cometd, faults }: Serving): Promise<void> {
  const text = await readBody(request)
  if (faults.blackHole) return
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/services/oauth2/token' && request.method === 'POST') {
    return send(response, await tokens.grant(new URLSearchParams(text)))
  }
  const query = /^\/services\/data\/v(\d+\.\d+)\/query(?:\/([^/]+))?\/?$/.exec(url.pathname)
  if (query?.[1] !== undefined && request.method === 'GET') {
    const { authorization } = request.headers
    const asked = { version: query[1], soql: url.searchParams.get('q'), cursor: query[2] ?? null, authorization }
    return send(response, rest.query(asked))
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

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}

type FaultDeps = { faults: FaultState; tokens: Tokens; cometd: Cometd; model: SalesforceModel; clock: Clock }

function faultsOf({ faults, tokens, cometd, model, clock }: FaultDeps): SalesforceFaults {
  return {
    expireTokens: tokens.expire,
    failNext: (count, status) => {
      faults.failures = { count, status }
    },
    unknownClients: cometd.forgetClients,
    rejectReplay: (on) => {
      faults.rejectReplay = on
    },
    blackHole: (on) => {
      faults.blackHole = on
    },
    loseEvents: (on) => {
      faults.loseEvents = on
    },
    refuseStatusFor: (user, on = true) => model.refuse(user, on),
    refuseTokens: (on) => {
      faults.refuseTokens = on
    },
    gapEvent: () =>
      cometd.publish({
        entity: 'UserServicePresence',
        changeType: 'GAP_UPDATE',
        recordIds: [],
        fields: {},
        commitUser: '',
        at: clock.now(),
      }),
    calls: faults.calls,
  }
}
