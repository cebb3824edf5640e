// Changing something in an org through the client: whatever is answered, it is classified; limits, tokens and ends hold for it as for queries.

import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import type { Clock } from '../../../src/domain/clock.ts'
import type { LoggedInClient, WriteLimits } from '../../../src/platforms/salesforce/client.ts'
import { createVirtualClock } from '../../../src/stories/virtual-clock.ts'
import { REAL_CLOCK } from '../../support/real-clock.ts'
import { until } from './kit.ts'
import { openOrg } from './setup-kit.ts'

const START = Date.parse('2026-11-22T08:00:00Z')
const OBJECT = { name: 'Phone_Call__c', statusField: 'Status__c', doneValue: 'Done', autoAccept: true }
const CREATE = { operation: 'create', method: 'POST', path: '/sobjects/Phone_Call__c', body: { a: 1 } } as const
const ID = z.object({ id: z.string() })

function waiting(clock: Clock, ms = 5_000): WriteLimits {
  return { deadline: clock.now() + ms, signal: new AbortController().signal }
}

async function org(clock: Clock = REAL_CLOCK, callsPerMinute = 6_000) {
  const { client, server } = await openOrg({ clock, server: { workObject: OBJECT }, settings: { callsPerMinute } })
  const users = () => client.query('users', 'SELECT Id FROM User', z.unknown())
  const send = (limits = waiting(clock)) => client.send(CREATE, limits)
  return { client, users, send, faults: server.faults }
}

/** A platform of one sentence: it gives out a token and answers everything else with what it was told to say. */
async function parrot() {
  const says = { status: 200, type: 'application/json', body: '', breaksOff: false }
  const limitInfo = { 'sforce-limit-info': 'api-usage=42/100000' }
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/services/oauth2/token') {
      const instance_url = `http://${request.headers.host}`
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ access_token: 't', instance_url, id: `${instance_url}/id/00D/005` }))
    } else if (says.breaksOff) response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy())
    else response.writeHead(says.status, { 'content-type': says.type, ...limitInfo }).end(says.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closes.push(() => server.close())
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const { client } = await openOrg({ settings: { loginUrl: url } })
  return { client, says }
}
const closes: (() => unknown)[] = []
afterEach(() => {
  for (const close of closes.splice(0)) close()
})

describe('an answer to a change', () => {
  const problem = fc.record({
    errorCode: fc.constantFrom('UNABLE_TO_LOCK_ROW', 'FIELD_INTEGRITY_EXCEPTION', 'INSUFFICIENT_ACCESS', 'NOT_FOUND'),
    message: fc.string({ minLength: 1 }),
  })
  const problems = fc.array(problem, { minLength: 1, maxLength: 3 })
  const refusal = fc.record({ status: fc.constantFrom(400, 403, 404, 408, 429, 500, 502, 503, 504), problems })

  test('that says no passes or is final by its status and the first of its problems, in Salesforce’s words, and leaves no doubt', async () => {
    const { client, says } = await parrot()
    await fc.assert(
      fc.asyncProperty(refusal, async ({ status, problems: list }) => {
        Object.assign(says, { status, type: 'application/json', body: JSON.stringify(list) })
        const sent = await client.send(CREATE, waiting(REAL_CLOCK))
        const [first] = list
        const isPassing = status >= 500 || status === 408 || status === 429 || first?.errorCode === 'UNABLE_TO_LOCK_ROW'
        const words = expect.stringContaining(`${first?.errorCode}: `)
        const failure = { kind: isPassing ? 'transient' : 'refused', words }
        expect(sent).toEqual({ ok: false, status, failure, doubtful: false })
      }),
      { numRuns: 60 },
    )
  })

  test('that is a page, text or half an answer is no success, and leaves a doubt where it says that it is one', async () => {
    const { client, says } = await parrot()
    const type = fc.constantFrom('text/html', 'text/plain', 'application/json')
    const JSONS = new Set(['[]', 'null'])
    const body = fc.constantFrom('', '<html>Maintenance</html>', '{"half":', ...JSONS)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(200, 201, 204, 400, 404, 503), type, body, async (status, contentType, text) => {
        Object.assign(says, { status, type: contentType, body: status === 204 ? '' : text })
        const sent = await client.send(CREATE, waiting(REAL_CLOCK))
        const isAnswer = status === 204 || text === '' || (contentType === 'application/json' && JSONS.has(text))
        expect(sent).toMatchObject({ ok: status < 300 && isAnswer, status })
        if (sent.ok) return
        expect(sent.failure.kind).toBe(status >= 500 || status < 300 ? 'transient' : 'refused')
        expect(sent.doubtful).toBe(status < 300)
      }),
      { numRuns: 90 },
    )
  })

  test('that breaks off leaves a doubt', async () => {
    const { client, says } = await parrot()
    says.breaksOff = true
    const failure = { kind: 'transient', words: expect.stringContaining('create') }
    expect(await client.send(CREATE, waiting(REAL_CLOCK))).toMatchObject({ status: null, failure, doubtful: true })
  })

  test('tells how much of the day’s calls is used', async () => {
    const { client } = await parrot()
    expect(client.usage()).toBeNull()
    expect(await client.send(CREATE, waiting(REAL_CLOCK))).toMatchObject({ ok: true })
    expect(client.usage()).toEqual({ used: 42, limit: 100_000 })
  })
})

describe('when the calls of the day are used up', () => {
  test('a change asks nothing before the pause is over, then one finds out', async () => {
    const clock = createVirtualClock(START)
    const { send, users, faults } = await org(clock)
    faults.failNext(1, 403)
    const untilMs = START + 45_000
    const words = expect.stringContaining('TotalRequests Limit exceeded')
    expect(await send()).toMatchObject({ doubtful: false, failure: { kind: 'rate_limited', untilMs, words } })
    for (let attempt = 0; attempt < 50; attempt++)
      expect(await send()).toMatchObject({ status: null, doubtful: false, failure: { kind: 'rate_limited', untilMs } })
    await expect(users()).rejects.toThrow(/nothing is asked before/)
    expect(faults.calls.rest).toBe(1)
    await clock.advanceTo(untilMs)
    const tries = await Promise.all([send(), send(), send()])
    expect(tries.map(({ ok }) => ok)).toEqual([true, false, false])
    expect(tries[1]).toMatchObject({ failure: { kind: 'rate_limited', untilMs: untilMs + 2_000 } })
    expect(faults.calls.rest).toBe(2)
    expect(await send()).toMatchObject({ ok: true })
  })

  test('and a query has heard so, changes wait as well', async () => {
    const clock = createVirtualClock(START)
    const { send, users, faults } = await org(clock)
    faults.failNext(1, 403)
    await expect(users()).rejects.toThrow(/REQUEST_LIMIT_EXCEEDED/)
    expect(await send()).toMatchObject({ failure: { kind: 'rate_limited', untilMs: START + 45_000 } })
    expect(faults.calls.rest).toBe(1)
  })
})

test('a change has its turn before queries, and is not kept waiting for one that does not come in time (R24)', async () => {
  const clock = createVirtualClock(START)
  const { send, users, faults } = await org(clock, 10)
  // With the log-in, all that queries may use up of a minute.
  for (let call = 0; call < 7; call++) await users()
  expect(await send()).toMatchObject({ ok: true })
  expect(await send({ ...waiting(clock), urgency: 'block' })).toMatchObject({ ok: true })
  const failure = { kind: 'rate_limited', untilMs: expect.any(Number) }
  expect(await send()).toMatchObject({ status: null, failure, doubtful: false })
  expect(faults.calls.rest).toBe(9)
})

describe('a token', () => {
  test('is asked for once by the first changes together, and by queries as well', async () => {
    const { send, users, faults } = await org()
    await Promise.all([send(), send(), users()])
    expect(faults.calls.tokens).toBe(1)
  })

  test('that is no longer good is renewed once for all changes under way, and each is made once', async () => {
    const { send, faults } = await org()
    await send()
    faults.expireTokens()
    const before = faults.calls.rest
    const sent = await Promise.all([send(), send(), send()])
    const ids = sent.map((one) => (one.ok ? ID.parse(one.body).id : null))
    expect(new Set(ids)).not.toContain(null)
    expect(new Set(ids).size).toBe(3)
    expect(faults.calls.tokens).toBe(2)
    expect(faults.calls.rest - before).toBe(6)
  })

  test('that stays refused is asked for a few times only, leaves no doubt, and all is well when it is taken again', async () => {
    const { send, faults } = await org()
    faults.refuseTokens(true)
    const words = expect.stringMatching(/^Salesforce gives out access tokens but refuses every call/)
    expect(await send()).toEqual({ ok: false, status: 401, failure: { kind: 'transient', words }, doubtful: false })
    expect(faults.calls.tokens).toBeLessThanOrEqual(4)
    faults.refuseTokens(false)
    expect(await send()).toMatchObject({ ok: true })
  })

  test('that is renewed too late carries out nothing that was given up', async () => {
    const clock = createVirtualClock(START)
    const { send, users, faults } = await org(clock)
    await users()
    faults.expireTokens()
    await users()
    // The next renewal must wait for half a second.
    faults.expireTokens()
    const [rest, tokens] = [faults.calls.rest, faults.calls.tokens]
    const sent = send(waiting(clock, 200))
    await until('the token is refused', () => faults.calls.rest === rest + 1)
    await until('the renewal waits', () => clock.pending() === 2)
    await clock.advanceTo(START + 200)
    expect(await sent).toMatchObject({ status: 401, failure: { kind: 'transient' }, doubtful: false })
    await clock.advanceTo(START + 500)
    await until('it is renewed', () => faults.calls.tokens === tokens + 1)
    await users()
    expect(faults.calls.rest).toBe(rest + 2)
  })
})

describe('a change without an answer', () => {
  async function unanswered(act: (client: LoggedInClient, abort: AbortController) => void, ms = 5_000) {
    const { client, send, faults } = await org()
    await send()
    faults.blackHole(true)
    const abort = new AbortController()
    const sent = send({ deadline: Date.now() + ms, signal: abort.signal })
    setImmediate(() => act(client, abort))
    return await sent
  }

  test('is in doubt at its deadline', async () => {
    expect(await unanswered(() => {}, 50)).toMatchObject({
      ok: false,
      status: null,
      failure: { kind: 'transient' },
      doubtful: true,
    })
  })

  test('ends with the signal, and with the client', async () => {
    const ended = (why: string) => ({ failure: { kind: 'transient', words: expect.stringContaining(why) } })
    const aborted = await unanswered((_, abort) => abort.abort(new Error('had enough')))
    expect(aborted).toMatchObject(ended('had enough'))
    expect(await unanswered((client) => client.stop())).toMatchObject(ended('stopped'))
  })

  test('leaves no doubt where it never went out', async () => {
    const { send, client, faults } = await org()
    const late = { deadline: Date.now() - 1, signal: new AbortController().signal }
    expect(await send(late)).toMatchObject({ status: null, failure: { kind: 'transient' }, doubtful: false })
    client.stop()
    expect(await send()).toMatchObject({ status: null, failure: { kind: 'transient' }, doubtful: false })
    expect(faults.calls.rest).toBe(0)
  })
})
