// The operators' server as its users see it, over real sockets.

import { request } from 'node:http'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Log, SILENT } from '../../src/domain/log.ts'
import { FOLLOWER_BACKLOG_MAX } from '../../src/ops/limits.ts'
import { createMetrics } from '../../src/ops/metrics.ts'
import { createOpsServer, type OpsServer, type OpsServerDeps } from '../../src/ops/server.ts'
import { until } from '../support/poll.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'
import { createFakeStatus, JANE, LEE, logRecord } from './fake-status.ts'

const TOKEN = 'a-long-token'
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` }
const servers: OpsServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function start(more: Partial<OpsServerDeps> = {}) {
  const status = createFakeStatus()
  const metrics = createMetrics({ process: false })
  const listen = { host: '127.0.0.1', port: 0 }
  const server = createOpsServer({ listen, token: TOKEN, status, metrics, clock: REAL_CLOCK, log: SILENT, ...more })
  servers.push(server)
  const { url } = await server.start()
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers })
  const post = (path: string, body: unknown, headers: Record<string, string> = AUTHORIZED) =>
    fetch(`${url}${path}`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
  return { server, status, metrics, url, get, post }
}

/** All interfaces, so that the server is not on loopback only; it is still asked over 127.0.0.1. */
async function startOpen(token: string | null) {
  const ops = await start({ listen: { host: '0.0.0.0', port: 0 }, token })
  const url = ops.url.replace('0.0.0.0', '127.0.0.1')
  return {
    ...ops,
    url,
    get: (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers }),
  }
}

describe('probes and figures', () => {
  test('ready means that every named check is ok', async () => {
    const { status, get } = await start()
    expect((await get('/livez')).status).toBe(200)
    const ready = await get('/readyz')
    expect(ready.status).toBe(200)
    expect(await ready.json()).toMatchObject({
      ready: true,
      checks: [{ name: 'crm', ok: true }, { name: 'telephony' }],
    })
    status.ready = false
    const not = await get('/readyz')
    expect(not.status).toBe(503)
    expect(await not.json()).toEqual({
      ready: false,
      checks: [
        { name: 'crm', ok: true, why: '' },
        { name: 'telephony', ok: false, why: 'the link has been down for 61 s' },
      ],
    })
  })

  test('the figures come as Prometheus reads them', async () => {
    const { metrics, get } = await start()
    metrics.decision('mapped')
    const response = await get('/metrics')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(await response.text()).toContain('presence_bridge_decisions_total{reason="mapped"} 1\n')
  })
})

describe('agents', () => {
  test('all come as they are, one comes by either name, nobody else comes', async () => {
    const { get } = await start()
    const all = await (await get('/api/agents')).json()
    expect(all).toMatchObject([{ agent: LEE }, { agent: JANE, blocked: ['telephony'], telephony: { pending: 'Busy' } }])
    for (const name of [JANE, 'jane.doe@acme.example']) {
      expect(await (await get(`/api/agents/${encodeURIComponent(name)}`)).json()).toMatchObject({ agent: JANE })
    }
    const nobody = await get('/api/agents/nobody')
    expect(nobody.status).toBe(404)
    expect(await nobody.json()).toEqual({ ok: false, error: 'Nobody of the name "nobody" is kept in step.' })
  })

  test('those who need a look come first where a number is asked for, and can be searched', async () => {
    const { get } = await start()
    const first = await get('/api/agents?limit=1')
    expect(await first.json()).toMatchObject([{ agent: JANE }])
    expect(first.headers.get('x-total-count')).toBe('2')
    expect(await (await get('/api/agents?find=CHAT-ONLY')).json()).toMatchObject([{ agent: LEE }])
    expect((await get('/api/agents?limit=many')).status).toBe(400)
  })
})

describe('the log', () => {
  test('answers with records as they are, by the flags of the command', async () => {
    const { status, get } = await start()
    const records = [logRecord(JANE, 'one'), logRecord(LEE, 'two'), logRecord(JANE, 'three')]
    for (const record of records) status.decide(record)
    const log = async (query: string) => (await get(`/api/log${query}`)).json()
    expect(await log('')).toEqual(records)
    expect(await log('?agent=jane.doe@acme.example')).toMatchObject([{ sentence: 'one' }, { sentence: 'three' }])
    expect(await log('?limit=1')).toMatchObject([{ sentence: 'three' }])
    expect(await log('?reason=echo&format=json')).toEqual([])
    expect(await log('?from=2026-11-21T10:32:07.412Z')).toHaveLength(3)
    expect(await log('?to=2026-11-21T10:32:07.412Z')).toEqual([])
  })

  test.each([
    ['?from=yesterday', '"from": is not a time'],
    ['?reason=toString', '"reason": is not a reason code'],
    ['?limit=-1', '"limit"'],
    ['?limt=1', 'limt'],
  ])('says what is wrong with %s', async (query, words) => {
    const { get } = await start()
    const response = await get(`/api/log${query}`)
    expect(response.status).toBe(400)
    const { ok, error } = (await response.json()) as { ok: boolean; error: string }
    expect(ok).toBe(false)
    expect(error).toContain(words)
  })

  test('is followed from the last lines on, filtered, and goes on after a break where it was left', async () => {
    const { status, url } = await start()
    status.decide(logRecord(JANE, 'one'))
    status.decide(logRecord(JANE, 'two'))
    const first = await follow(`${url}/api/log?limit=1&agent=${JANE}`)
    await until(() => first.events.length === 1, 'what was')
    status.decide(logRecord(LEE, 'not this one'))
    status.decide(logRecord(JANE, 'three'))
    await until(() => first.events.length === 2, 'what came')
    expect(first.events.map(({ record }) => record.sentence)).toEqual(['two', 'three'])
    await first.close()
    await until(() => status.followers() === 0, 'the end of following')
    status.decide(logRecord(JANE, 'four'))
    const again = await follow(`${url}/api/log?limit=1`, { 'last-event-id': first.events[0]?.id ?? '' })
    await until(() => again.events.length === 3, 'what was missed')
    expect(again.events.map(({ record }) => record.sentence)).toEqual(['not this one', 'three', 'four'])
    await again.close()
  })

  test('cuts off a follower that does not read, and keeps nothing of it', async () => {
    const warned: string[] = []
    const log: Log = { ...SILENT, warn: ({ code }) => warned.push(code) }
    const { status, url } = await start({ log })
    const response = await fetch(`${url}/api/log`, { headers: { accept: 'text/event-stream' } })
    for (let n = 0; n <= FOLLOWER_BACKLOG_MAX; n += 1) status.decide(logRecord(JANE, 'x'))
    await until(() => status.followers() === 0, 'the end of following')
    expect(warned).toEqual(['follower_cut_off'])
    await response.body?.cancel()
  })

  test('ends with the server', async () => {
    const { server, status, url } = await start()
    const following = await follow(`${url}/api/log`)
    await until(() => status.followers() === 1, 'the follower')
    await server.stop()
    await following.over
    expect(status.followers()).toBe(0)
  })
})

describe('orders', () => {
  test('reach the bridge with whom, who and why', async () => {
    const { status, post } = await start()
    const paused = await post('/api/pause', { agent: JANE, reason: 'training', by: 'Sam' })
    expect(paused.status).toBe(200)
    expect(await paused.json()).toEqual({ ok: true, agents: 1 })
    expect(await (await post('/api/resume', { all: true })).json()).toEqual({ ok: true, agents: 2 })
    await post('/api/release', { agent: LEE, by: 'Sam' })
    expect((await post('/api/reload', '')).status).toBe(200)
    expect(status.orders).toEqual([
      { action: 'pause', order: { target: { kind: 'agent', agent: JANE }, reason: 'training', by: 'Sam' } },
      { action: 'resume', order: { target: { kind: 'all' }, reason: null, by: null } },
      { action: 'release', order: { target: { kind: 'agent', agent: LEE }, reason: null, by: 'Sam' } },
      { action: 'reload', order: { target: { kind: 'all' }, reason: null, by: null } },
    ])
  })

  test.each([
    ['an unknown agent', { agent: 'nobody' }, 404, 'Nobody of the name "nobody"'],
    ['a state that forbids it', { profile: 'chat-only' }, 409, 'shadow mode'],
    ['two targets', { agent: JANE, all: true }, 400, 'exactly one of'],
    ['no target', {}, 400, 'exactly one of'],
    ['nobody at all', { all: false }, 400, '"all"'],
    ['an unknown member', { agent: JANE, why: 'x' }, 400, 'why'],
    ['half a body', '{"agent":', 400, 'not JSON'],
    ['a huge body', `{"agent":"${'x'.repeat(20_000)}"}`, 400, 'too large'],
  ])('that cannot be carried out are answered with what is wrong: %s', async (_, body, code, words) => {
    const { post } = await start()
    const response = await post('/api/pause', body)
    expect(response.status).toBe(code)
    expect(await response.json()).toMatchObject({ ok: false, error: expect.stringContaining(words) })
  })

  test('change nothing without the token, however it is missing', async () => {
    const { status, post } = await start()
    const basic = `Basic ${Buffer.from(`admin:${TOKEN}`).toString('base64')}`
    for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, 'Bearer a', TOKEN, basic]) {
      const response = await post('/api/pause', { all: true }, { authorization })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ ok: false, error: expect.stringContaining('Bearer TOKEN') })
    }
    expect(status.orders).toEqual([])
  })

  test('are refused with what to do where no token is configured', async () => {
    const { status, post } = await start({ token: null })
    const response = await post('/api/pause', { all: true }, { authorization: 'Bearer null' })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('set ops.token in the settings') })
    expect(status.orders).toEqual([])
  })
})

describe('who may read', () => {
  test('anybody on this machine, but not under a foreign name', async () => {
    const { url } = await start()
    expect(await codeFor(url, 'localhost:8787')).toBe(200)
    expect(await codeFor(url, '[::1]:8787')).toBe(200)
    expect(await codeFor(url, 'evil.example')).toBe(403)
    expect(await codeFor(url, '127.0.0.1.evil.example')).toBe(403)
  })

  test('over the network only with the token, for browsers as a password', async () => {
    const { get } = await startOpen(TOKEN)
    for (const path of ['/', '/metrics', '/api/agents', '/api/log', '/api/status', '/page.js']) {
      expect((await get(path)).status).toBe(401)
      expect((await get(path, { authorization: 'Bearer wrong' })).status).toBe(401)
      expect((await get(path, AUTHORIZED)).status).toBe(200)
    }
    const basic = { authorization: `Basic ${Buffer.from(`admin:${TOKEN}`).toString('base64')}` }
    expect((await get('/', basic)).status).toBe(200)
  })

  test('probes are answered over the network without a token, but not why', async () => {
    const { status, get } = await startOpen(TOKEN)
    status.ready = false
    expect((await get('/livez')).status).toBe(200)
    const quiet = await get('/readyz')
    expect(quiet.status).toBe(503)
    expect(await quiet.text()).not.toContain('61 s')
    expect(await (await get('/readyz', AUTHORIZED)).text()).toContain('61 s')
  })

  test('nobody over the network where no token is configured', async () => {
    const { get } = await startOpen(null)
    const response = await get('/api/agents', { authorization: 'Bearer null' })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('set ops.token in the settings') })
  })
})

describe('the page', () => {
  test('shows links, agents and the log without a script, and nothing that people wrote is markup', async () => {
    const { status, get } = await start()
    status.decide(logRecord(JANE, '<img src=x onerror=alert(1)> went On Queue.'))
    const page = await get('/')
    expect(page.headers.get('content-type')).toContain('text/html')
    const text = await page.text()
    expect(text).toContain('Telephony: Genesys Cloud')
    expect(text).toContain('not connected')
    expect(text).toContain('No &lt;events&gt; arrive.')
    expect(text).toContain('Jane Doe')
    expect(text).toContain('Lee &lt;b&gt;Chat&lt;/b&gt;')
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt; went On Queue.')
    expect(text).not.toMatch(/<img|<b>|<style|style="/)
  })

  test('loads only what this server sends, and the browser is told to hold it to that', async () => {
    const { get } = await start()
    const page = await get('/')
    const loaded = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(loaded.sort()).toEqual(['/page.css', '/page.js'])
    for (const path of loaded) expect((await get(path)).status).toBe(200)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('has a script that a browser can read', async () => {
    const { get } = await start()
    const script = await (await get('/page.js')).text()
    expect(() => new Function(script)).not.toThrow()
    expect(script).not.toContain('innerHTML')
  })
})

test('what is not there is said as JSON, and a failure inside does not tell its details', async () => {
  const { get, status } = await start()
  expect((await get('/nothing')).status).toBe(404)
  expect((await get('/api/pause')).status).toBe(404)
  status.agents = () => {
    throw new Error('secret detail')
  }
  const failed = await get('/api/agents')
  expect(failed.status).toBe(500)
  expect(failed.headers.get('cache-control')).toBe('no-store')
  expect(await failed.text()).not.toContain('secret detail')
})

test('a taken port, a foreign address and a forbidden port are refused in one plain sentence', async () => {
  const { url } = await start()
  const port = Number(new URL(url).port)
  await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toThrow(
    `The ops server cannot listen on 127.0.0.1:${port}, because another program does; stop that one or change "ops: listen" in the settings.`,
  )
  await expect(start({ listen: { host: '192.0.2.1', port: 0 } })).rejects.toThrow(
    'because this machine has no such address',
  )
})

type Following = {
  readonly events: { readonly id: string; readonly record: { readonly sentence: string } }[]
  readonly over: Promise<void>
  close(): Promise<void>
}

async function follow(url: string, headers: Record<string, string> = {}): Promise<Following> {
  const abort = new AbortController()
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: abort.signal })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const events: Following['events'] = []
  const read = async () => {
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString('utf8')
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const fields = Object.fromEntries(
          block.split('\n').map((line) => [line.split(': ', 1)[0], line.replace(/^\w*: /, '')]),
        )
        if (fields.data !== undefined) events.push({ id: fields.id ?? '', record: JSON.parse(fields.data) })
      }
    }
  }
  const over = read().catch(() => undefined)
  return {
    events,
    over,
    async close() {
      abort.abort()
      await over
    },
  }
}

function codeFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/api/agents`, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
