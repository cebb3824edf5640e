// The operators' server as its users see it, over real sockets.

import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Log, SILENT } from '../../src/domain/log.ts'
import { createAssets } from '../../src/ops/assets.ts'
import {
  BOARD_BEAT_MS,
  BOARD_GATHER_MS,
  BOARD_STALL_MS,
  BOARD_WATCHERS_MAX,
  FOLLOWER_BACKLOG_MAX,
} from '../../src/ops/limits.ts'
import { createMetrics } from '../../src/ops/metrics.ts'
import { createOpsServer, type OpsServer, type OpsServerDeps } from '../../src/ops/server.ts'
import { until } from '../support/poll.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { createFakeStatus, JANE, LEE, logRecord } from './fake-status.ts'

const TOKEN = 'a-long-token'
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` }
/** Made of the sources once for all tests. */
const assets = createAssets()
const servers: OpsServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function start(more: Partial<OpsServerDeps> = {}) {
  const status = createFakeStatus()
  const metrics = createMetrics({ process: false })
  const listen = { host: '127.0.0.1', port: 0 }
  const server = createOpsServer({
    listen,
    token: TOKEN,
    status,
    metrics,
    clock: REAL_CLOCK,
    log: SILENT,
    assets,
    ...more,
  })
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
    for (const path of ['/', '/metrics', '/api/agents', '/api/log', '/api/status', '/api/mapping', '/favicon.svg']) {
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

describe('the board', () => {
  test('is told whole first, then who changed, gathered, then nothing but that the line stands', async () => {
    const clock = createVirtualClock(0)
    const { status, url } = await start({ clock })
    const board = await follow(`${url}/api/board`)
    await until(() => board.events.length === 3, 'the whole board')
    expect(board.events.map(({ event, data }) => [event, data])).toEqual([
      ['head', { total: 2 }],
      ['rows', [expect.objectContaining({ agent: LEE }), expect.objectContaining({ agent: JANE })]],
      ['ready', { total: 2 }],
    ])
    const jane = status.board.row(JANE)
    for (const shown of ['Busy', 'Lunch', 'Break'])
      status.board.change({ agent: JANE, name: 'Jane Doe', crm: { status: shown }, telephony: { status: 'Break' } })
    await until(() => clock.timers() > 0, 'the gathering')
    await clock.advance(BOARD_GATHER_MS)
    await until(() => board.events.length === 4, 'who changed')
    expect(jane).not.toBeNull()
    expect(board.events[3]?.data).toMatchObject([{ agent: JANE, crm: { status: 'Break' } }])
    await until(() => clock.timers() > 0, 'the wait for more')
    await clock.advance(BOARD_BEAT_MS)
    await until(() => board.events.length === 5, 'the beat')
    expect(board.events[4]?.event).toBe('beat')
    await board.close()
  })

  test('is told whole again where everybody may have changed', async () => {
    const { status, url } = await start()
    const board = await follow(`${url}/api/board`)
    await until(() => board.events.length === 3, 'the whole board')
    status.board.change(null)
    await until(() => board.events.length === 6, 'the whole board again')
    expect(board.events.map(({ event }) => event)).toEqual(['head', 'rows', 'ready', 'head', 'rows', 'ready'])
    await board.close()
  })

  test('is watched by nobody when nobody watches, and by no more than there is room for', async () => {
    const { status, url, get } = await start()
    const boards = await Promise.all(Array.from({ length: BOARD_WATCHERS_MAX }, () => follow(`${url}/api/board`)))
    expect(status.board.watchers()).toBe(BOARD_WATCHERS_MAX)
    expect((await get('/api/board')).status).toBe(503)
    await Promise.all(boards.map((board) => board.close()))
    await until(() => status.board.watchers() === 0, 'the end of watching')
  })

  test('cuts off who takes nothing, and forgets them', async () => {
    const warned: string[] = []
    const log: Log = { ...SILENT, warn: ({ code }) => warned.push(code) }
    const clock = createVirtualClock(0)
    const { status, url } = await start({ clock, log })
    const huge = 'x'.repeat(1_000_000)
    status.board.change({ agent: JANE, name: huge, crm: { status: 'Busy' }, telephony: { status: 'Busy' } })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.pause()
    socket.write('GET /api/board HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
    await until(() => status.board.watchers() === 1, 'the watcher')
    // More than any socket buffers; each time the newest row of one agent is sent.
    for (let n = 0; n < 40 && warned.length === 0; n += 1) {
      status.board.change({ agent: JANE, name: huge, crm: { status: String(n) }, telephony: { status: 'Busy' } })
      await new Promise((resolve) => setImmediate(resolve))
      await clock.advance(BOARD_STALL_MS)
    }
    await until(() => status.board.watchers() === 0, 'the end of watching')
    expect(warned).toEqual(['watcher_cut_off'])
    socket.destroy()
  })
})

describe('history and rules', () => {
  const view = 'from=2026-11-21T10:00:00Z&to=2026-11-21T11:00:00Z'

  test('a timeline is of one agent and of a part of time', async () => {
    const { get } = await start()
    const found = await get(`/api/timeline?agent=${JANE}&${view}`)
    expect(await found.json()).toMatchObject({
      agent: JANE,
      from: '2026-11-21T10:00:00.000Z',
      lanes: { crm: { work: [] } },
    })
    expect((await get(`/api/timeline?agent=nobody&${view}`)).status).toBe(404)
  })

  test.each([
    [`/api/timeline?${view}`, 'Name whose timeline'],
    [`/api/timeline?agent=${JANE}&from=2026-11-21T10:00:00Z`, '"to"'],
    ['/api/figures?from=2026-11-21T10:00:00Z&to=2026-11-21T10:00:00Z', 'later than'],
    ['/api/figures?from=2026-01-01T10:00:00Z&to=2026-11-21T10:00:00Z', '31 days'],
  ])('what cannot be shown is answered with what is wrong: %s', async (path, words) => {
    const { get } = await start()
    const response = await get(path)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ ok: false, error: expect.stringContaining(words) })
  })

  test('figures and the mapping come as they are', async () => {
    const { get } = await start()
    expect(await (await get(`/api/figures?${view}`)).json()).toMatchObject([
      { decisions: 3, exposedMs: { telephony: 400 } },
    ])
    expect(await (await get('/api/mapping')).json()).toMatchObject({
      hash: 'sha256:1f0c9a',
      profiles: [{ profile: null }],
    })
  })

  test('records come with their numbers where that is asked for', async () => {
    const { status, get } = await start()
    status.decide(logRecord(JANE, 'one'))
    expect(await (await get('/api/log?numbered=true')).json()).toMatchObject([{ seq: 1, record: { sentence: 'one' } }])
  })
})

describe('orders from a browser', () => {
  const json = { ...AUTHORIZED, 'content-type': 'application/json' }

  test.each([
    ['of this page', { 'sec-fetch-site': 'same-origin', origin: 'https://ops.acme.example' }, 200],
    ['of another page', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['of a page on the same site', { 'sec-fetch-site': 'same-site', origin: 'https://evil.acme.example' }, 403],
    ['that only tells its origin, another one', { origin: 'https://evil.example' }, 403],
    ['that tells no origin it could be', { origin: 'null' }, 403],
  ])('%s', async (_, headers, code) => {
    const { status, post } = await start()
    const response = await post('/api/resync', { agent: JANE, by: 'Sam' }, { ...json, ...headers })
    expect(response.status).toBe(code)
    expect(status.orders.map(({ action }) => action)).toEqual(code === 200 ? ['resync'] : [])
  })

  test('are JSON, which no form can send', async () => {
    const { status, post } = await start()
    const headers = { ...AUTHORIZED, 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' }
    expect((await post('/api/pause', { all: true }, headers)).status).toBe(400)
    expect(status.orders).toEqual([])
  })
})

describe('the page', () => {
  test('loads only what this server sends, and the browser is told to hold it to that', async () => {
    const { get } = await start()
    const page = await get('/')
    expect(page.headers.get('content-type')).toContain('text/html')
    const text = await page.text()
    expect(text).not.toMatch(/<style|style="|<script>/)
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
    const named = loaded.map((path) => path.replace(/-[0-9a-f]{12}\./, '-HASH.'))
    expect(named.sort()).toEqual(['/assets/page-HASH.css', '/assets/page-HASH.js', '/favicon.svg'])
    for (const path of loaded) expect((await get(path)).status).toBe(200)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    const kept = await get(loaded.find((path) => path.endsWith('.js')) ?? '')
    expect(kept.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(kept.headers.get('content-type')).toContain('text/javascript')
  })

  test('brings the licences of what is built in, and no way to set markup from text', async () => {
    const { get } = await start()
    const licences = await (await get('/assets/licences.txt')).text()
    for (const name of ['preact', '@preact/signals', '@tanstack/virtual-core', 'uplot'])
      expect(licences).toContain(name)
    expect(licences).toContain('Permission is hereby granted')
    const ours = readdirSync('src/page').filter((name) => name.endsWith('.tsx'))
    const markup = ours.filter((name) => /innerHTML/i.test(readFileSync(`src/page/${name}`, 'utf8')))
    expect(markup).toEqual([])
  })

  test('that cannot be made says why; everything else goes on', async () => {
    const assets = () => Promise.reject(new Error('The files of the page are missing.'))
    const { get } = await start({ assets })
    const page = await get('/')
    expect(page.status).toBe(500)
    expect(await page.text()).toContain('The files of the page are missing.')
    expect((await get('/api/status')).status).toBe(200)
  })

  test('and large answers come packed where the browser takes that, lines of events never', async () => {
    const { url } = await start()
    const encodingOf = (path: string, accept: string) => encoding(url, path, accept)
    expect(await encodingOf('/api/mapping', 'application/json')).toBe('gzip')
    expect(await encodingOf('/api/board', 'text/event-stream')).toBeUndefined()
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
  readonly events: {
    readonly id: string
    readonly event: string
    readonly data: unknown
    readonly record: { readonly sentence: string }
  }[]
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
        if (fields.data === undefined) continue
        const data = JSON.parse(fields.data)
        events.push({ id: fields.id ?? '', event: fields.event ?? 'message', data, record: data })
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

function encoding(url: string, path: string, accept: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { headers: { accept, 'accept-encoding': 'gzip' } }, (response) => {
      resolve(response.headers['content-encoding'])
      response.destroy()
    })
      .on('error', reject)
      .end()
  })
}
