// The endpoint's own TLS, on real sockets: who is served, what is refused, and what is said of a certificate that ends.

import { connect as connectTls } from 'node:tls'
import { describe, expect, test } from '@jest/globals'
import { generate } from 'selfsigned'
import { WebSocket } from 'ws'
import type { Log } from '../../../src/domain/log.ts'
import { AUDIENCE, cleanup, createWorld, ORIGIN, publicKeyPem, sign, until, writeOptions } from './kit.ts'
import { hello } from './knock.ts'

const DAY_MS = 24 * 3_600_000

type Pem = { readonly certificate: string; readonly key: string }

async function pem({ fromMs = -DAY_MS, untilMs = 365 * DAY_MS } = {}): Promise<Pem> {
  const now = Date.now()
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate: new Date(now + fromMs),
    notAfterDate: new Date(now + untilMs),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  return { certificate: made.cert, key: made.private }
}

const companion = (tls: Pem | null, orgKey = publicKeyPem) => ({
  listen: { host: '127.0.0.1', port: 0 },
  path: '/companion',
  origins: [ORIGIN],
  publicKeyPem: orgKey,
  audience: AUDIENCE,
  tls,
})

function recordingLog() {
  const warnings: object[] = []
  const log: Log = { debug() {}, info() {}, error() {}, warn: (fields) => void warnings.push(fields) }
  return { log, warnings }
}

describe('a certificate that fits', () => {
  test('consoles connect over TLS and carry out commands; older TLS is refused', async () => {
    const tls = await pem()
    const world = await createWorld({ settings: { companion: companion(tls) } })
    await world.adapter.start([world.jane], world.sink)
    const port = world.adapter.companionPort()
    const socket = new WebSocket(`wss://localhost:${port}/companion`, { origin: ORIGIN, ca: tls.certificate })
    cleanup(() => socket.terminate())
    const frames: { readonly type: string; readonly cmd?: string }[] = []
    socket.on('message', (data) => {
      const frame = JSON.parse(data.toString())
      frames.push(frame)
      if (frame.type === 'set_status') socket.send(JSON.stringify({ type: 'result', cmd: frame.cmd, ok: true }))
    })
    socket.on('open', () => void sign(world.jane, AUDIENCE).then((token) => socket.send(JSON.stringify(hello(token)))))
    await until('the console is welcome', () => frames.some(({ type }) => type === 'welcome'))
    expect(await world.adapter.setStatus(world.jane, world.busy, writeOptions())).toEqual({ kind: 'accepted' })
    expect(world.adapter.health().details.companions_unknown).toBe(0)
    expect(world.adapter.health().details.companion_certificate_expires).toMatch(/^\d{4}-\d\d-\d\d$/)

    const old = connectTls({ port, host: 'localhost', ca: tls.certificate, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })
    cleanup(() => old.destroy())
    const refused = await new Promise((resolve) => {
      old.on('error', () => resolve(true))
      old.on('secureConnect', () => resolve(false))
    })
    expect(refused).toBe(true)
  })

  test('plain HTTP is not served there', async () => {
    const world = await createWorld({ settings: { companion: companion(await pem()) } })
    await world.adapter.start([world.jane], world.sink)
    await expect(fetch(`http://127.0.0.1:${world.adapter.companionPort()}/companion`)).rejects.toThrow()
  })
})

describe('a certificate that cannot serve is refused before anything listens', () => {
  const refusal = async (tls: Pem) => {
    try {
      await createWorld({ settings: { companion: companion(tls) } })
      return 'taken'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  test('each in plain words', async () => {
    const [good, other] = [await pem(), await pem()]
    const expired = await pem({ fromMs: -10 * DAY_MS, untilMs: -DAY_MS })
    expect(await refusal({ ...good, key: other.key })).toContain('the key does not belong to the certificate')
    expect(await refusal(expired)).toMatch(/the certificate expired on \d{4}-\d\d-\d\d/)
    expect(await refusal(await pem({ fromMs: DAY_MS }))).toContain('is not valid before')
    expect(await refusal({ ...good, certificate: 'nonsense' })).toContain('is not a PEM certificate')
    expect(await refusal({ ...good, key: 'nonsense' })).toContain('is not a PEM private key')
  })
})

describe('a certificate that ends soon', () => {
  test('is warned of 30 days before, the org’s own too; a longer one is not', async () => {
    const soon = await pem({ untilMs: 20 * DAY_MS })
    const { log, warnings } = recordingLog()
    const world = await createWorld({
      settings: { companion: companion(soon, soon.certificate) },
      adapter: { log },
    })
    await world.adapter.start([world.jane], world.sink)
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'certificate_expires', which: 'tls' }),
      expect.objectContaining({ code: 'certificate_expires', which: 'org' }),
    ])
    const calm = recordingLog()
    const later = await createWorld({
      settings: { companion: companion(await pem()) },
      adapter: { log: calm.log },
    })
    await later.adapter.start([later.jane], later.sink)
    expect(calm.warnings).toEqual([])
  })
})
