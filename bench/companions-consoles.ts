// Consoles in great number, each a real WebSocket with a token of its own: their agents log in once, carry out what they are told, ping, and
// come back by themselves with the backoff of the real companion.

import { WebSocket } from 'ws'
import { z } from 'zod'
import { createOrgCertificate } from '../src/sandbox/salesforce/certificate.ts'
import type { Desk } from './fakes/desk.ts'
import { AUDIENCE, type BenchAgent, ORIGIN, STATUSES } from './world.ts'

const PING_MS = 20_000
const PING_TURNS = 400
const BACKOFF = { baseMs: 500, capMs: 30_000 }
const LOOK_MS = 20
/** In what their agents log in: the bridge brings them to the status that they have in telephony. */
const LOGIN = 1
export const LOGGED_OUT = 255

type Console = {
  socket: WebSocket | null
  welcome: boolean
  /** First try since it was last served; null: it is served. */
  triedSince: number | null
  failures: number
}

export type Served = {
  readonly waits: readonly number[]
  readonly tries: number
  readonly commands: number
  readonly tookMs: number
}

const command = z.object({ type: z.literal('set_status'), cmd: z.string(), apiName: z.string() })
const indexOf = new Map(STATUSES.map(({ apiName }, index) => [apiName, index]))
const told = STATUSES.map(({ crm, apiName, label }) => JSON.stringify({ id: crm, apiName, label }))

export function createCrowd(people: readonly BenchAgent[], desk: Desk) {
  const certificate = createOrgCertificate()
  const consoles: Console[] = people.map(() => ({ socket: null, welcome: false, triedSince: null, failures: 0 }))
  let port = 0
  let over = false
  let waits: number[] = []
  let tries = 0
  let commands = 0
  let turn = 0
  const pings = setInterval(() => {
    turn += 1
    for (let n = turn % PING_TURNS; n < consoles.length; n += PING_TURNS)
      if (consoles[n]?.welcome) consoles[n]?.socket?.send('{"type":"ping"}')
  }, PING_MS / PING_TURNS)

  async function dial(agent: number): Promise<void> {
    const own = consoles[agent]
    if (over || !own) return
    own.triedSince ??= performance.now()
    tries += 1
    const token = await certificate.sign(people[agent]?.crm ?? '', AUDIENCE)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/companion`, { origin: ORIGIN, perMessageDeflate: false })
    own.socket = socket
    socket.on('open', () => socket.send(hello(agent, token)))
    socket.on('message', (data) => hear(agent, own, String(data)))
    socket.on('error', () => {})
    socket.on('close', () => lost(agent, own))
  }

  function lost(agent: number, own: Console): void {
    if (over) return
    if (own.welcome) own.triedSince = performance.now()
    own.welcome = false
    const ceiling = Math.min(BACKOFF.capMs, BACKOFF.baseMs * 2 ** own.failures++)
    setTimeout(() => void dial(agent), Math.random() * ceiling)
  }

  function hello(agent: number, token: string): string {
    const status = told[desk.status('crm', agent)] ?? 'null'
    return `{"type":"hello","v":1,"token":"${token}","tab":"tab-1","status":${status},"work":[]}`
  }

  function hear(agent: number, own: Console, text: string): void {
    if (text.startsWith('{"type":"welcome"')) welcomed(agent, own)
    if (!text.startsWith('{"type":"set_status"')) return
    const { cmd, apiName } = command.parse(JSON.parse(text))
    commands += 1
    put(agent, own, { status: indexOf.get(apiName) ?? 0, reason: 'OmniToolkitStatusChange' })
    own.socket?.send(`{"type":"result","cmd":"${cmd}","ok":true}`)
    served(own)
  }

  function welcomed(agent: number, own: Console): void {
    own.welcome = true
    own.failures = 0
    if (desk.status('crm', agent) !== LOGGED_OUT) served(own)
    else put(agent, own, { status: LOGIN, reason: 'OmniLoginStatusChange' })
  }

  function put(agent: number, own: Console, { status, reason }: { status: number; reason: string }): void {
    desk.put('crm', agent, status)
    const is = (told[status] ?? '{}').slice(1, -1)
    own.socket?.send(`{"type":"status",${is},"reason":"${reason}","at":"${new Date().toISOString()}"}`)
  }

  function served(own: Console): void {
    if (own.triedSince === null) return
    waits.push(performance.now() - own.triedSince)
    own.triedSince = null
  }

  /** What came of it once everybody is served. */
  async function everybody(): Promise<Served> {
    const from = performance.now()
    const waiting = () => consoles.some((own) => !own.welcome || own.triedSince !== null)
    while (waiting()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const result = { waits, tries, commands, tookMs: performance.now() - from }
    waits = []
    tries = 0
    commands = 0
    return result
  }

  return {
    publicKeyPem: certificate.publicKeyPem,
    async storm(to: { readonly port: number; readonly spreadMs: number }): Promise<Served> {
      port = to.port
      for (const agent of consoles.keys()) setTimeout(() => void dial(agent), Math.random() * to.spreadMs)
      return await everybody()
    },
    everybody,
    close() {
      over = true
      clearInterval(pings)
      for (const { socket } of consoles) socket?.terminate()
    },
  }
}
