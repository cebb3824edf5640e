// A Salesforce org that costs next to nothing: token, the five queries that the bridge asks, and a change-event stream on which nothing
// happens but its long polls. What agents do in the crm is told by their consoles.
//
// NOT imitated: everything that the benchmark does not need. The stand-in in src/sandbox/salesforce is the faithful one.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { REAL_CLOCK } from '../../src/app/real-clock.ts'
import { createCometd } from '../../src/sandbox/salesforce/cometd.ts'
import { newFaultState } from '../../src/sandbox/salesforce/faults.ts'
import { type BenchAgent, STATUSES } from '../world.ts'
import type { Desk } from './desk.ts'
import { listen } from './listen.ts'

const POLL_MS = 110_000

export type SalesforceFake = {
  readonly url: string
  /** Without long polls. */
  calls(): number
  close(): void
}

export async function startSalesforceFake(people: readonly BenchAgent[], desk: Desk): Promise<SalesforceFake> {
  const cometd = createCometd({ clock: REAL_CLOCK, faults: newFaultState(), accepts: () => true, timeoutMs: POLL_MS })
  let calls = 0
  let url = ''
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const path = request.url ?? '/'
    if (path.startsWith('/cometd')) return stream(request, response, Buffer.concat(chunks).toString())
    calls += 1
    if (path.startsWith('/services/oauth2/token')) {
      return send(response, { access_token: 'bench', instance_url: url, id: `${url}/id/o/u`, token_type: 'Bearer' })
    }
    const records = rows(new URL(path, url).searchParams.get('q') ?? '')
    send(response, { totalSize: records.length, done: true, records })
  }

  function stream(request: IncomingMessage, response: ServerResponse, text: string): void {
    const parsed: unknown = JSON.parse(text)
    const messages = Array.isArray(parsed) ? parsed : [parsed]
    const cookie = /BAYEUX_BROWSER=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
    cometd.post({ messages, authorization: request.headers.authorization, cookie }, ({ body, cookie: fresh }) => {
      if (fresh !== undefined) response.setHeader('Set-Cookie', `BAYEUX_BROWSER=${fresh};Path=/;HttpOnly`)
      send(response, body)
    })
  }

  function rows(soql: string): readonly object[] {
    const from = /FROM (\w+)/.exec(soql)?.[1]
    if (from === 'ServicePresenceStatus')
      return STATUSES.map(({ crm, apiName, label }) => ({ Id: crm, DeveloperName: apiName, MasterLabel: label }))
    if (from === 'ServiceChannel') return [{ Id: '0N9000000000001AAA', DeveloperName: 'chat' }]
    if (from === 'ServiceChannelStatus') return [{ ServicePresenceStatusId: STATUSES[0]?.crm }]
    if (from === 'User')
      return people.map(({ crm, name, email }) => ({ Id: crm, Username: email, Email: email, Name: name }))
    if (from !== 'UserServicePresence') return []
    const StatusStartDate = new Date().toISOString()
    return people.flatMap(({ crm }, index) => {
      // Who stands in none of the statuses is not logged in.
      const status = STATUSES[desk.status('crm', index)]
      const row = { Id: `0PE${crm.slice(3)}`, UserId: crm, ServicePresenceStatusId: status?.crm, StatusStartDate }
      return status === undefined ? [] : [row]
    })
  }

  url = await listen(server)
  return {
    url,
    calls: () => calls,
    close() {
      cometd.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

function send(response: ServerResponse, answer: object): void {
  const text = JSON.stringify(answer)
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }).end(text)
}
