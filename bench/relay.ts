// The same sockets as the bridge has and no logic: what comes from one side is looked up in a map, written down, and sent to the other.
// What this costs nobody can avoid, so the bridge is measured against it. It only knows of each agent what it wrote last, because without
// that its own writes, reported back, would go round for ever.

import { Agent, createServer, request as requestHttp, type Server } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { WebSocket, WebSocketServer } from 'ws'
import { configOfProcess, serveOrders, tell } from './child.ts'
import { targetConfig } from './messages.ts'
import { type BenchAgent, CHANNEL, createPeople, STATUSES } from './world.ts'

/** Topics a channel; the platform's limit. */
const TOPICS = 1_000
/** As many as the bridge has. */
const CONNECTIONS = 128

type Frame = { readonly [key: string]: unknown }
type Send = () => void

const config = targetConfig.parse(configOfProcess())
const people = createPeople(config.agents)
const crmOf = new Map(STATUSES.map(({ definition, apiName }) => [definition, apiName]))
const definitionOf = new Map(STATUSES.map(({ definition, apiName }) => [apiName, definition]))
const byTelephony = new Map(people.map((person) => [person.telephony, person]))
/** By the agent's crm id: the API name of the status that both sides show. */
const shown = new Map(people.map(({ crm }) => [crm, STATUSES[0]?.apiName ?? '']))
const consoles = new Map<string, WebSocket>()
const journal = config.journal ? openJournal(join(config.folder, 'relay.sqlite')) : null
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, timeout: 4_000 })
let commands = 0

serveOrders(async () => {}, stop)
const companions = await listenForConsoles()
const token = await login()
await Promise.all([listenToTelephony(), listenToCrm()])
tell({ kind: 'running' })

function openJournal(path: string): (row: object, send: Send) => void {
  const db = new DatabaseSync(path)
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE changes (seq INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT',
  )
  const insert = db.prepare('INSERT INTO changes (json) VALUES (?)')
  let batch: { readonly row: object; readonly send: Send }[] = []

  function commit(): void {
    const due = batch
    batch = []
    db.exec('BEGIN IMMEDIATE')
    for (const { row } of due) insert.run(JSON.stringify(row))
    db.exec('COMMIT')
    for (const { send } of due) send()
  }

  return (row, send) => {
    if (batch.push({ row, send }) === 1) setImmediate(commit)
  }
}

function record(row: object, send: Send): void {
  if (journal === null) send()
  else journal(row, send)
}

function fromTelephony(frame: Frame): void {
  const [, , user] = String(frame.topicName).split('.')
  const person = byTelephony.get(user ?? '')
  const apiName = crmOf.get(text(member(member(frame.eventBody, 'presenceDefinition'), 'id')))
  if (person === undefined || apiName === undefined || shown.get(person.crm) === apiName) return
  const expect = shown.get(person.crm)
  shown.set(person.crm, apiName)
  record({ side: 'telephony', user, apiName }, () => {
    commands += 1
    const expiresAt = new Date(Date.now() + 10_000).toISOString()
    const sentence = `${person.name} went to ${apiName} in telephony.`
    const command = { type: 'set_status', cmd: `command-${commands}`, apiName, expect, expiresAt, sentence }
    consoles.get(person.crm)?.send(JSON.stringify(command))
  })
}

function fromConsole(person: BenchAgent, frame: Frame): void {
  if (frame.type !== 'status') return
  const apiName = text(frame.apiName)
  const definition = definitionOf.get(apiName)
  if (definition === undefined || shown.get(person.crm) === apiName) return
  shown.set(person.crm, apiName)
  record({ side: 'crm', user: person.crm, apiName }, () => {
    const path = `/api/v2/users/${person.telephony}/presences/purecloud`
    api('PATCH', path, { presenceDefinition: { id: definition } }).catch(fail)
  })
}

async function listenForConsoles(): Promise<Server> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  const people = new Map(createPeople(config.agents).map((person) => [person.crm, person]))
  sockets.on('connection', (socket) => {
    let person: BenchAgent | undefined
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const frame: Frame = JSON.parse(String(data))
      if (person !== undefined) return fromConsole(person, frame)
      const claims: unknown = JSON.parse(Buffer.from(text(frame.token).split('.')[1] ?? '', 'base64url').toString())
      person = people.get(text(member(claims, 'sub')))
      if (person === undefined) return socket.close()
      consoles.set(person.crm, socket)
      socket.send('{"type":"welcome","lead":true,"agent":""}')
    })
  })
  await new Promise<void>((resolve) => server.listen(config.companionPort, '127.0.0.1', resolve))
  return server
}

async function listenToTelephony(): Promise<void> {
  for (let at = 0; at < people.length; at += TOPICS) {
    const channel = await api('POST', '/api/v2/notifications/channels', {})
    const topics = people.slice(at, at + TOPICS).map(({ telephony }) => ({ id: `v2.users.${telephony}?presence` }))
    const socket = new WebSocket(text(member(channel, 'connectUri')), { perMessageDeflate: false })
    socket.on('message', (data) => fromTelephony(JSON.parse(String(data))))
    await new Promise((resolve) => socket.once('open', resolve))
    await api('PUT', `/api/v2/notifications/channels/${text(member(channel, 'id'))}/subscriptions`, topics)
  }
}

/** The long poll that the bridge keeps open too; nothing is heard there. */
async function listenToCrm(): Promise<void> {
  let cookie = ''
  const bayeux = async (message: object): Promise<unknown> => {
    const headers = { 'Content-Type': 'application/json', Cookie: cookie }
    const response = await fetch(`${config.salesforceUrl}/cometd/67.0`, {
      method: 'POST',
      headers,
      body: JSON.stringify([message]),
    })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return await response.json()
  }
  const shaken = await bayeux({
    channel: '/meta/handshake',
    version: '1.0',
    supportedConnectionTypes: ['long-polling'],
  })
  const clientId = member(Array.isArray(shaken) ? shaken[0] : undefined, 'clientId')
  await bayeux({ channel: '/meta/subscribe', clientId, subscription: CHANNEL })
  const poll = async (): Promise<void> => {
    for (;;) await bayeux({ channel: '/meta/connect', clientId, connectionType: 'long-polling' })
  }
  poll().catch(() => {})
}

async function login(): Promise<string> {
  const response = await fetch(`${config.genesysUrl}/oauth/token`, {
    method: 'POST',
    body: 'grant_type=client_credentials',
  })
  return text(member(await response.json(), 'access_token'))
}

/** The same HTTP client as the bridge has. */
function api(method: string, path: string, body: object): Promise<unknown> {
  const text = JSON.stringify(body)
  const headers = {
    Authorization: `Bearer ${token}`,
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(text)),
  }
  return new Promise((resolve, reject) => {
    const request = requestHttp(`${config.genesysUrl}${path}`, { method, headers, agent })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
      response.on('error', reject)
    })
    request.end(text)
  })
}

async function stop(): Promise<void> {
  companions.closeAllConnections()
  companions.close()
}

function fail(error: unknown): void {
  tell({ kind: 'failed', why: String(error) })
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
