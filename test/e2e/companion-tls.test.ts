// The real bridge with TLS of its own for consoles, as the settings file names it.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { generate } from 'selfsigned'
import { WebSocket } from 'ws'
import { SANDBOX_AUDIENCE, SANDBOX_ORIGIN } from '../../src/sandbox/contact-centre.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'

type Pem = { readonly certificate: string; readonly key: string }

let floor: Floor
let good: Pem
let other: Pem

beforeAll(async () => {
  floor = await openFloor({ mapping: SCENARIO_B, agents: 1, consolesClosed: true })
  good = await pem()
  other = await pem()
})
afterAll(async () => await floor?.close())

async function pem(): Promise<Pem> {
  const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: 'localhost' }] }]
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { extensions })
  return { certificate: cert, key }
}

function launched(tls: Pem) {
  const companion = {
    listen: `127.0.0.1:${floor.ports.companion}`,
    origins: [SANDBOX_ORIGIN],
    public_key: '${ORG_KEY}',
    audience: SANDBOX_AUDIENCE,
    tls: { certificate: '${TLS_CERTIFICATE}', key: '${TLS_KEY}' },
  }
  return floor.launch({
    settings: { companion },
    environment: { TLS_CERTIFICATE: tls.certificate, TLS_KEY: tls.key },
  })
}

test('a key that does not belong to the certificate ends the start with a sentence', async () => {
  const bridge = launched({ ...good, key: other.key })
  expect((await bridge.ended).code).toBe(2)
  expect(bridge.printed().stderr).toContain('companion.tls: the key does not belong to the certificate')
})

test('consoles are served over TLS', async () => {
  launched(good)
  await eventually(async () => {
    const socket = new WebSocket(`wss://localhost:${floor.ports.companion}/companion`, {
      origin: SANDBOX_ORIGIN,
      ca: good.certificate,
    })
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'hello', v: 1, token: 'nonsense', tab: 't', status: null, work: [] })),
    )
    socket.on('error', () => {})
    const code = await new Promise((resolve) => socket.on('close', resolve))
    // The endpoint's own word: there is a bridge behind this certificate, and it checks tokens.
    expect(code).toBe(4401)
  })
})
