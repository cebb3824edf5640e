// Platforms that try the patience of who asks: a command ends in a sentence, at the latest when its time is over.

import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { openLive } from '../../src/app/live.ts'
import type { Settings } from '../../src/app/settings.ts'
import { SILENT } from '../../src/domain/log.ts'
import { createVirtualClock } from '../../src/stories/virtual-clock.ts'
import { until } from '../support/poll.ts'

const servers: Server[] = []
const sockets: Socket[] = []
afterEach(closeAll)

async function closeAll(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
}

/** Takes connections and says nothing. */
async function silence(): Promise<{ readonly url: string; readonly heard: () => number }> {
  let heard = 0
  const server = createServer((socket) => {
    heard += 1
    sockets.push(socket)
    socket.on('error', () => {})
    socket.resume()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, heard: () => heard }
}

function settingsFor(url: string): Settings {
  const client = { clientId: 'id', clientSecret: 'secret' }
  return {
    name: 'test',
    mappings: 'mappings.yaml',
    shadow: false,
    crm: {
      kind: 'salesforce',
      loginUrl: url,
      apiVersion: '67.0',
      auth: { flow: 'client_credentials', ...client },
      stream: { transport: 'cometd', channel: '/data/x', endpoint: { host: '127.0.0.1', port: 0, plain: true } },
      writer: 'companion',
      capacity: null,
    },
    telephony: { kind: 'genesys_cloud', logOut: 'presence', environment: null, apiUrl: url, loginUrl: url, ...client },
    companion: null,
    ops: { listen: { host: '127.0.0.1', port: 0 }, token: null },
    journal: { path: ':memory:', keepMs: 1, maxBytes: 1 },
    resyncEveryMs: 1,
    callsPerMinute: { crm: 60, telephony: 60 },
    log: { level: 'error', format: null },
    authorities: [],
  }
}

test.each(['crm', 'telephony'] as const)(
  'a %s that takes the call and never answers ends the waiting with a sentence',
  async (side) => {
    const { url, heard } = await silence()
    const clock = createVirtualClock(0)
    const live = openLive({ settings: settingsFor(url), clock, log: SILENT })
    const answer = live.catalogue(side).then(
      () => 'answered',
      (error: unknown) => String(error),
    )
    await until(() => heard() > 0, 'the call')
    await clock.advanceTo(60_000)
    expect(await answer).toMatch(
      /^CannotAsk: (Salesforce|Genesys Cloud) (did not answer within \d+ s|cannot be read now: .*)\.$/,
    )
    await live.stop()
  },
)

test('a platform that is not there is told at once', async () => {
  const { url } = await silence()
  await closeAll()
  const live = openLive({ settings: settingsFor(url), clock: createVirtualClock(0), log: SILENT })
  await expect(live.catalogue('telephony')).rejects.toThrow(/^Genesys Cloud cannot be read now: /)
  await live.stop()
})
