// The agents' consoles, one WebSocket each: they say hello with a signed token, carry out what they are told, and report it as the toolkit would.

import { WebSocket } from 'ws'
import { z } from 'zod'
import { createOrgCertificate } from '../../src/sandbox/salesforce/certificate.ts'
import { AUDIENCE, type BenchAgent, ORIGIN, STATUSES } from '../world.ts'
import type { Desk } from './desk.ts'

/** Hellos under way at once: each costs a signature here and its check there. */
const DIALS_AT_ONCE = 20
const PING_MS = 20_000
const PING_TURNS = 400

export type Consoles = {
  readonly publicKeyPem: string
  connect(port: number): Promise<void>
  /** The agent's own change, reported. */
  sendStatus(agent: number): void
  /** Connections lost, commands that were not as expected. */
  troubles(): number
  close(): void
}

const command = z.object({
  type: z.literal('set_status'),
  cmd: z.string(),
  apiName: z.string(),
  expect: z.string().nullable(),
})
const indexOf = new Map(STATUSES.map(({ apiName }, index) => [apiName, index]))
const told = STATUSES.map(({ crm, apiName, label }) => JSON.stringify({ id: crm, apiName, label }).slice(1, -1))

export function createConsoles(people: readonly BenchAgent[], desk: Desk): Consoles {
  const certificate = createOrgCertificate()
  const sockets: WebSocket[] = []
  let troubles = 0
  let over = false
  // Each console pings at its own time: agents do not open theirs in the same millisecond.
  let turn = 0
  const pings = setInterval(() => {
    turn += 1
    for (let n = turn % PING_TURNS; n < sockets.length; n += PING_TURNS) sockets[n]?.send('{"type":"ping"}')
  }, PING_MS / PING_TURNS)

  async function open(agent: number, port: number): Promise<void> {
    const token = await certificate.sign(people[agent]?.crm ?? '', AUDIENCE)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/companion`, { origin: ORIGIN, perMessageDeflate: false })
    const welcomed = new Promise<void>((resolve, reject) => {
      socket.on('open', () => socket.send(hello(agent, token)))
      socket.once('message', () => resolve())
      socket.once('close', (code, why) => reject(new Error(`a console was refused: ${code} ${why}`)))
      socket.on('error', reject)
    })
    await welcomed
    socket.on('message', (data) => hear(agent, socket, String(data)))
    socket.on('close', () => {
      if (!over) troubles += 1
    })
    sockets[agent] = socket
  }

  function hello(agent: number, token: string): string {
    const status = `{${told[desk.status('crm', agent)] ?? ''}}`
    return `{"type":"hello","v":1,"token":"${token}","tab":"tab-1","status":${status},"work":[]}`
  }

  function hear(agent: number, socket: WebSocket, text: string): void {
    if (!text.startsWith('{"type":"set_status"')) return
    const { cmd, apiName, expect } = command.parse(JSON.parse(text))
    const status = indexOf.get(apiName) ?? -1
    desk.arrived('crm', agent, status)
    const present = STATUSES[desk.status('crm', agent)]?.apiName
    if (expect !== null && expect !== present) {
      troubles += 1
      socket.send(`{"type":"result","cmd":"${cmd}","ok":false,"error":"expected_other","message":"${present}"}`)
      return
    }
    desk.put('crm', agent, status)
    socket.send(statusFrame(agent, 'OmniToolkitStatusChange'))
    socket.send(`{"type":"result","cmd":"${cmd}","ok":true}`)
  }

  function statusFrame(agent: number, reason: string): string {
    return `{"type":"status",${told[desk.status('crm', agent)] ?? ''},"reason":"${reason}","at":"${new Date().toISOString()}"}`
  }

  return {
    publicKeyPem: certificate.publicKeyPem,
    async connect(port) {
      let next = 0
      const dial = async () => {
        while (next < people.length) await open(next++, port)
      }
      await Promise.all(Array.from({ length: DIALS_AT_ONCE }, dial))
    },
    sendStatus: (agent) => sockets[agent]?.send(statusFrame(agent, 'OmniManualStatusChange')),
    troubles: () => troubles,
    close() {
      over = true
      clearInterval(pings)
      for (const socket of sockets) socket.terminate()
    },
  }
}
