// What comes out of stdout.

import { PassThrough, Writable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import type { LogRecord } from '../../src/domain/record.ts'
import type { AgentId } from '../../src/domain/side.ts'
import { createLineWriter } from '../../src/ops/line-writer.ts'
import { createLogs, type LogSettings } from '../../src/ops/service-log.ts'

const RECORD: LogRecord = {
  time: '2026-11-21T10:32:07.412Z',
  agent: 'jane@acme.example' as AgentId,
  event: {
    side: 'telephony',
    kind: 'status',
    from: 'Available',
    to: 'On Queue',
    by: 'agent',
    at: '2026-11-21T10:32:07.201Z',
    id: 'e1',
  },
  decisions: [{ side: 'crm', reason: 'mapped', from: 'Online', to: 'Busy', rule: 'mappings.yaml:7' }],
  writes: [{ side: 'crm', status: 'Busy', outcome: 'confirmed', ms: 143 }],
  mapping: 'sha256:1f0c',
  sentence: 'Jane went On Queue in telephony, so the CRM was set from Online to Busy (mappings.yaml line 7).',
}

function capture(settings: Partial<LogSettings> = {}) {
  const stdout = new PassThrough()
  const logs = createLogs({ level: 'info', format: 'json', stdout, ...settings })
  const text = async (): Promise<string> => {
    await logs.flush()
    return String(stdout.read() ?? '')
  }
  return { ...logs, text }
}

describe('the sync log', () => {
  test('is exactly the record, in the order of its contract, one line each', async () => {
    const log = capture({ level: 'error' })
    // Built in another order and with more in it than the contract has.
    const shuffled = { extra: 1, ...Object.fromEntries(Object.entries(RECORD).reverse()) }
    log.sync(shuffled as unknown as LogRecord)
    log.sync({ ...RECORD, sentence: 'Two\nlines.' })
    const [first, second, end] = (await log.text()).split('\n')
    expect(first).toBe(JSON.stringify(RECORD))
    expect(Object.keys(JSON.parse(first ?? ''))).toEqual([
      'time',
      'agent',
      'event',
      'decisions',
      'writes',
      'mapping',
      'sentence',
    ])
    expect(JSON.parse(second ?? '').sentence).toBe('Two\nlines.')
    expect(end).toBe('')
  })

  test('reads as a sentence where people watch, without colours where it is no terminal', async () => {
    const log = capture({ format: 'pretty' })
    log.sync(RECORD)
    expect(await log.text()).toMatch(
      /^\d\d:\d\d:07\.412 {2}jane@acme\.example {2}mapped {2}Jane went On Queue .* {2}→ crm Busy \(confirmed, 143 ms\)\n$/,
    )
  })

  test('dims what says nothing new, and shows a refusal in red with the words of the platform', async () => {
    const log = capture({ format: 'pretty', colour: true })
    log.sync({ ...RECORD, decisions: [{ side: 'crm', reason: 'echo', from: 'Busy', to: 'Busy' }], writes: [] })
    log.sync({ ...RECORD, writes: [{ side: 'crm', status: 'Busy', outcome: 'refused', words: 'not granted' }] })
    const [echo, refused] = (await log.text()).split('\n')
    expect(echo?.startsWith('\u001b[2m')).toBe(true)
    expect(refused?.startsWith('\u001b[2m')).toBe(false)
    expect(refused).toContain('\u001b[31m→ crm Busy (refused, not granted)')
  })
})

describe('the service log', () => {
  test('has level, time, code, context and a constant sentence', async () => {
    const log = capture()
    log.service.info({ code: 'link_up', side: 'crm' }, 'The link is up.')
    const line = JSON.parse(await log.text())
    expect(Object.keys(line)).toEqual(['level', 'time', 'code', 'side', 'msg'])
    expect(line).toMatchObject({ level: 'info', code: 'link_up', side: 'crm', msg: 'The link is up.' })
    expect(new Date(line.time).toISOString()).toBe(line.time)
  })

  test('leaves out what is below its level', async () => {
    const log = capture({ level: 'warn' })
    log.service.debug({ code: 'a' }, 'a')
    log.service.info({ code: 'b' }, 'b')
    log.service.warn({ code: 'c' }, 'c')
    log.service.error({ code: 'd' }, 'd')
    const codes = (await log.text()).trim().split('\n')
    expect(codes.map((line) => JSON.parse(line).code)).toEqual(['c', 'd'])
  })

  test.each(['json', 'pretty'] as const)('never says a secret (%s)', async (format) => {
    const log = capture({ format })
    const secret = 'hunter2'
    log.service.error(
      {
        code: 'x',
        token: secret,
        auth: { client_secret: secret, password: secret },
        request: { headers: { authorization: secret }, body: { a: { private_key: secret } } },
      },
      'A call failed.',
    )
    const text = await log.text()
    expect(text).toContain('A call failed.')
    expect(text).toContain('[redacted]')
    expect(text).not.toContain(secret)
  })
})

test('a reader that stalls costs lines, not memory, and is told how many', async () => {
  const read: string[] = []
  let goOn = () => {}
  const stalled = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      read.push(String(chunk))
      goOn = done
    },
  })
  const told: number[] = []
  const out = createLineWriter({ stdout: stalled, backlogMaxBytes: 20, dropped: (count) => told.push(count) })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  for (let line = 0; line < 10; line += 1) out.write(`line ${line}....\n`)
  await turn()
  expect(stalled.writableLength).toBeLessThan(40)
  expect(told).toEqual([])
  while (stalled.writableLength > 0) {
    goOn()
    await turn()
  }
  out.write('after\n')
  await turn()
  expect(told).toEqual([8])
  expect(read.join('')).toBe('line 0....\nline 1....\nafter\n')
})
