// The wire protocol of Genesys Cloud around the model, on loopback: log-in, REST, notification channels with their WebSockets.
// API, login and streaming are one address here, three on the platform.
//
// NOT imitated: regions and TLS; grants other than client credentials; permissions and divisions (all calls are allowed unless
// a fault forbids them); rate limits other than the one per token; the lag of analytics, and its filters other than users and
// open conversations; topics other than a user's presence, routingStatus, activity and conversations; gzip; every other resource.

import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import { createAccess, notFound, problem } from './access.ts'
import { type Channels, createChannels } from './channels.ts'
import { createFaultState, createFaults, type FaultState, type Faults } from './faults.ts'
import type { GenesysModel } from './model.ts'
import type { ModelChange } from './model-types.ts'
import { activityEvent, conversationBody, presenceEvent, routingEvent } from './render.ts'
import { addPeopleRoutes } from './routes-people.ts'
import { addPresenceRoutes } from './routes-presence.ts'
import { addSettingsRoutes } from './routes-settings.ts'

export type GenesysServerOptions = {
  /** 0: any free one. */
  readonly port: number
  readonly clientId: string
  readonly clientSecret: string
  readonly host?: '127.0.0.1'
  /** 300 on the platform. */
  readonly callsPerMinute?: number
  /** 86,400 on the platform by default. */
  readonly tokenLifeS?: number
  /** 30,000 on the platform. */
  readonly heartbeatMs?: number
  /** 24 hours on the platform. */
  readonly channelLifeMs?: number
  /** Where clients reach it, "https://localhost:1234", if something stands before it; channels are named by it. */
  readonly publicUrl?: string
}

export type GenesysServer = {
  /** "http://127.0.0.1:1234", for the API and the log-in. */
  readonly url: string
  close(): Promise<void>
  readonly faults: Faults
}

/** Longer frames are cut off: clients only send pings and subscriptions. */
const FRAME_BYTES_MAX = 1024 * 1024

export async function serveGenesys(model: GenesysModel, options: GenesysServerOptions): Promise<GenesysServer> {
  const faults = createFaultState()
  let url = ''
  const access = createAccess({
    clock: model.clock,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    callsPerMinute: options.callsPerMinute ?? 300,
    tokenLifeS: options.tokenLifeS ?? 86_400,
    faults,
  })
  const channels = createChannels({
    clock: model.clock,
    faults,
    channelLifeMs: options.channelLifeMs ?? 24 * 3_600_000,
    heartbeatMs: options.heartbeatMs ?? 30_000,
    streamUrl: () => (options.publicUrl ?? url).replace(/^http/, 'ws'),
  })

  const app = new Hono()
  app.post('/oauth/token', access.login)
  app.use('/api/*', access.guard)
  addPresenceRoutes(app, model, faults)
  addPeopleRoutes(app, model, faults)
  addSettingsRoutes(app, model)
  channels.addRoutes(app)
  app.notFound((context) => notFound(context, `${context.req.method} ${context.req.path}`))
  app.onError((error, context) => problem(context, { status: 500, code: 'internal.error', message: error.message }))

  const server = createServer(getRequestListener(app.fetch))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX })
  server.on('upgrade', (request, socket, head) => {
    const refused = refusedUpgrade(faults)
    upgrade({ sockets, channels, refused }, { request, socket, head })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host ?? '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  url = `http://127.0.0.1:${address.port}`
  channels.start()
  const unlisten = model.onChange((change) => publish(channels, change))

  return {
    url,
    async close() {
      unlisten()
      channels.stop()
      sockets.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
    faults: createFaults(faults, {
      expireTokens: access.expireTokens,
      dropSockets: channels.dropSockets,
      dropSocketOf: channels.dropSocketOf,
      channels: channels.ids,
      announceClosing: channels.announceClosing,
      evictChannels: channels.evict,
      sendHeldBack: channels.sendHeldBack,
    }),
  }
}

type Upgrade = { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }

type UpgradeDeps = {
  readonly sockets: WebSocketServer
  readonly channels: Channels
  /** The status with which it is refused, whatever the channel. */
  readonly refused: number | undefined
}

function upgrade({ sockets, channels, refused }: UpgradeDeps, { request, socket, head }: Upgrade): void {
  const id = /^\/channels\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? ''
  const status = refused ?? (channels.has(id) ? undefined : 404)
  if (status !== undefined) {
    const words = STATUS_CODES[status] ?? ''
    socket.end(`HTTP/1.1 ${status} ${words}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    return
  }
  sockets.handleUpgrade(request, socket, head, (opened) => channels.attach(id, opened))
}

function refusedUpgrade({ upgrades }: FaultState): number | undefined {
  if (upgrades.left === 0) return undefined
  upgrades.left -= 1
  return upgrades.status
}

function publish(channels: Channels, change: ModelChange): void {
  switch (change.kind) {
    case 'presence':
      channels.publish(`v2.users.${change.user.id}.presence`, presenceEvent(change.user))
      channels.publish(`v2.users.${change.user.id}.activity`, activityEvent(change.user))
      break
    case 'routing':
      // The platform is not of one mind about the case of this topic.
      channels.publish(`v2.users.${change.user.id}.routingstatus`, routingEvent(change.user))
      channels.publish(`v2.users.${change.user.id}.activity`, activityEvent(change.user))
      break
    case 'out of office':
      channels.publish(`v2.users.${change.user.id}.activity`, activityEvent(change.user))
      break
    case 'conversation': {
      const body = conversationBody(change.conversation)
      const users = new Set(change.conversation.participants.flatMap(({ userId }) => userId ?? []))
      for (const user of users) channels.publish(`v2.users.${user}.conversations`, body)
    }
  }
}
