// HTTP answers as they are on a bad day: cut off, never finished, packed, sent elsewhere, too long.

import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from '@jest/globals'
import { createAgents } from '../../../src/platforms/genesys-cloud/agents.ts'
import { createExchange } from '../../../src/platforms/genesys-cloud/exchange.ts'
import { ANSWER_BYTES_MAX } from '../../../src/platforms/genesys-cloud/settings.ts'

const agents = createAgents(undefined)
const exchange = createExchange(agents)
const servers: Server[] = []

afterEach(async () => {
  agents.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function ask(listener: RequestListener, signal = new AbortController().signal) {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return await exchange({ url: `http://127.0.0.1:${port}/`, method: 'PATCH', headers: {}, body: '{"a":1}', signal })
}

test('an answer is read whole, with its status and headers', async () => {
  const answer = await ask((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      response.writeHead(429, { 'Retry-After': '7' }).end(`{"got":${text}}`)
    })
  })
  expect(answer).toMatchObject({ status: 429, ok: false, body: { got: { a: 1 } } })
  expect(answer.header('retry-after')).toBe('7')
})

test('a packed answer is unpacked', async () => {
  const answer = await ask((_, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"packed":true}'))
  })
  expect(answer).toMatchObject({ ok: true, body: { packed: true } })
})

test('an answer without a body, or with a page in it, has none', async () => {
  expect((await ask((_, response) => response.writeHead(204).end())).body).toBeUndefined()
  expect((await ask((_, response) => response.end('<html>'))).body).toBeUndefined()
})

test('an answer that is cut off is no answer', async () => {
  const cut = ask((_, response) => {
    response.writeHead(200, { 'Content-Length': 100 }).write('{"half":', () => response.destroy())
  })
  await expect(cut).rejects.toThrow('aborted')
})

test('who gives up gets the reason, before the answer as in the middle of it', async () => {
  for (const begins of [false, true]) {
    const over = new AbortController()
    const asked = ask((_, response) => {
      if (begins) response.writeHead(200, { 'Content-Length': 100 }).write('{"half":')
      setTimeout(() => over.abort(new Error('stopped')), 20)
    }, over.signal)
    await expect(asked).rejects.toThrow('stopped')
  }
  const never = AbortSignal.abort(new Error('too late'))
  await expect(ask((_, response) => response.end(), never)).rejects.toThrow('too late')
})

test('an answer that sends elsewhere is not followed', async () => {
  const sent = ask((_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end())
  await expect(sent).rejects.toThrow('sends elsewhere (302)')
})

test('an answer that is too long is not read, also where it is packed', async () => {
  const long = Buffer.alloc(ANSWER_BYTES_MAX + 1, ' ')
  await expect(ask((_, response) => response.end(long))).rejects.toThrow('longer than')
  const packed = gzipSync(long)
  const bomb = ask((_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed))
  await expect(bomb).rejects.toThrow()
})
