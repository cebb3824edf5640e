// A Genesys Cloud organisation that costs next to nothing: plain HTTP, answers and event frames put together from ready-made text.
//
// NOT imitated: everything that the benchmark does not need. The stand-in in src/sandbox/genesys-cloud is the faithful one.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { BenchAgent } from '../world.ts'
import { STATUSES } from '../world.ts'
import type { Desk } from './desk.ts'
import { listen } from './listen.ts'

const HEARTBEAT_MS = 10_000

export type GenesysFake = {
  readonly url: string
  /** The event that tells of the agent's present status. */
  sendEvent(agent: number): void
  calls(): { readonly patches: number; readonly others: number }
  close(): void
}

const presenceWrite = z.object({ presenceDefinition: z.object({ id: z.string() }) })
const topicList = z.array(z.object({ id: z.string() }))
const statusOf = new Map(STATUSES.map(({ definition }, index) => [definition, index]))

export async function startGenesysFake(people: readonly BenchAgent[], desk: Desk): Promise<GenesysFake> {
  const byUser = new Map(people.map(({ telephony }, index) => [telephony, index]))
  const heads = people.map(({ telephony }) => frameHead(telephony))
  const bodies = STATUSES.map(frameBody)
  /** The channel that was subscribed for each agent, and the socket of each channel. */
  const channelOf: string[] = people.map(() => '')
  const sockets = new Map<string, WebSocket>()
  const counts = { patches: 0, others: 0 }
  let channels = 0
  let events = 0
  let url = ''

  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (request.method === 'PATCH') counts.patches += 1
    else counts.others += 1
    body(request, (text) => route({ method: request.method ?? 'GET', path, text, response }))
  })
  const upgrades = new WebSocketServer({ server, perMessageDeflate: false })
  upgrades.on('connection', (socket, request) => {
    sockets.set((request.url ?? '').slice('/channel/'.length), socket)
    socket.on('error', () => {})
    socket.on('message', () => socket.send('{"topicName":"channel.metadata","eventBody":{"message":"pong"}}'))
  })
  const heartbeat = setInterval(() => {
    for (const socket of sockets.values())
      socket.send('{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}')
  }, HEARTBEAT_MS)

  type Asked = { method: string; path: string; text: string; response: ServerResponse }

  function route({ method, path, text, response }: Asked): void {
    const subscribed = /^\/api\/v2\/notifications\/channels\/([^/]+)\/subscriptions/.exec(path)?.[1]
    if (method === 'PATCH') patchPresence(path, text, response)
    else if (path === '/oauth/token') send(response, { access_token: 'bench', expires_in: 86_400 })
    else if (path.startsWith('/api/v2/presence/definitions')) send(response, { entities: definitions() })
    else if (path.startsWith('/api/v2/users?')) send(response, users(new URL(path, url)))
    else if (subscribed !== undefined) subscribe(subscribed, text, response)
    else if (path === '/api/v2/notifications/channels') send(response, newChannel())
    else response.writeHead(404).end('{}')
  }

  function patchPresence(path: string, text: string, response: ServerResponse): void {
    const agent = byUser.get(path.split('/')[4] ?? '')
    const status = statusOf.get(presenceWrite.parse(JSON.parse(text)).presenceDefinition.id)
    if (agent === undefined || status === undefined) {
      response.writeHead(404).end('{}')
      return
    }
    desk.arrived('telephony', agent, status)
    desk.put('telephony', agent, status)
    sendText(response, `{${bodies[status] ?? ''}"${new Date().toISOString()}"}`)
    sendEvent(agent)
  }

  function newChannel(): object {
    channels += 1
    const id = `channel-${channels}`
    const expires = new Date(Date.now() + 86_400_000).toISOString()
    return { id, connectUri: `${url.replace('http', 'ws')}/channel/${id}`, expires }
  }

  function subscribe(channel: string, text: string, response: ServerResponse): void {
    for (const { id } of topicList.parse(JSON.parse(text))) {
      const agent = byUser.get(/^v2\.users\.([0-9a-f-]+)/.exec(id)?.[1] ?? '')
      if (agent !== undefined) channelOf[agent] = channel
    }
    send(response, { entities: [] })
  }

  function users(asked: URL): object {
    const ids = asked.searchParams.get('id')
    const size = Number(asked.searchParams.get('pageSize') ?? 25)
    const page = Number(asked.searchParams.get('pageNumber') ?? 1)
    const chosen = ids === null ? people.slice((page - 1) * size, page * size) : ids.split(',').flatMap(person)
    return { entities: chosen.map(userBody), pageCount: Math.ceil(people.length / size) }
  }

  function person(id: string): readonly BenchAgent[] {
    const found = people[byUser.get(id) ?? -1]
    return found ? [found] : []
  }

  function userBody({ telephony, name, email }: BenchAgent): object {
    const status = STATUSES[desk.status('telephony', byUser.get(telephony) ?? 0)]
    const presenceDefinition = { id: status?.definition, systemPresence: status?.family }
    const modifiedDate = new Date().toISOString()
    return {
      id: telephony,
      name,
      email,
      username: email,
      presence: { source: 'PURECLOUD', primary: true, presenceDefinition, modifiedDate },
      routingStatus: { userId: telephony, status: 'IDLE', startTime: modifiedDate },
      conversationSummary: { userId: telephony, call: { contactCenter: { active: 0, acw: 0 } } },
    }
  }

  function sendEvent(agent: number): void {
    const socket = sockets.get(channelOf[agent] ?? '')
    const status = desk.status('telephony', agent)
    events += 1
    const text = `${heads[agent] ?? ''}${bodies[status] ?? ''}"${new Date().toISOString()}"},"metadata":{"CorrelationId":"event-${events}"}}`
    if (socket?.readyState === WebSocket.OPEN) socket.send(text)
  }

  url = await listen(server)
  return {
    url,
    sendEvent,
    calls: () => ({ ...counts }),
    close() {
      clearInterval(heartbeat)
      for (const socket of upgrades.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
    },
  }
}

function definitions(): readonly object[] {
  return STATUSES.map(({ label, definition, family }) => ({
    id: definition,
    name: label,
    type: 'System',
    languageLabels: { en_US: label },
    systemPresence: family,
    deactivated: false,
  }))
}

function frameHead(user: string): string {
  return `{"topicName":"v2.users.${user}.presence","version":"2","eventBody":{`
}

/** Up to the time, which comes last. */
function frameBody({ definition, family }: (typeof STATUSES)[number]): string {
  const ref = JSON.stringify({ id: definition, systemPresence: family.toUpperCase().replace(' ', '_') })
  return `"source":"PURECLOUD","presenceDefinition":${ref},"primary":true,"message":"","futurePresenceDefinition":null,"modifiedDate":`
}

function body(request: IncomingMessage, done: (text: string) => void): void {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    text += chunk
  })
  request.on('end', () => done(text))
}

function send(response: ServerResponse, answer: object): void {
  sendText(response, JSON.stringify(answer))
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }).end(text)
}
