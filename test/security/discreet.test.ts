// An adapter may say anything anywhere: what the bridge hears of it has no secret in it, and is otherwise the same.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { discreetAdapter, discreetLog } from '../../src/app/discreet.ts'
import { secretsOf } from '../../src/app/secrets.ts'
import type { Log } from '../../src/domain/log.ts'
import { CannotListen, CredentialsRefused, type PlatformAdapter, type PlatformSink } from '../../src/domain/platform.ts'
import { createScrub } from '../../src/domain/scrub.ts'
import type { PlatformUserId, StatusId } from '../../src/domain/side.ts'
import { parseSettingsText } from './settings-text.ts'

const secret = fc.stringMatching(/^[A-Za-z0-9!#%+/=~-]{12,40}$/)
const USER = '005' as PlatformUserId
const STATUS = '0N5' as StatusId
const OPTIONS = { expect: null, deadline: 0, sentence: '', signal: new AbortController().signal }

/** Says the words wherever an adapter can say some. */
function telling(words: string, thrown: Error): PlatformAdapter {
  const refuse = () => Promise.reject(thrown)
  return {
    side: 'crm',
    title: 'Test',
    catalogue: refuse,
    roster: refuse,
    async start(_, sink) {
      sink.link({ up: false, why: words })
      sink.gap(words, [USER])
      sink.report(USER, { kind: 'status', status: STATUS, stamp: { at: 1 }, by: 'agent' })
    },
    snapshot: refuse,
    setStatus: async () => ({ kind: 'refused', words }),
    work: async () => ({ kind: 'rate_limited', untilMs: 7, words }),
    setup: refuse,
    rights: refuse,
    health: () => ({ link: { up: true, since: 5, why: words }, details: { told: words, count: 3 }, notes: [words] }),
    async stop() {},
  }
}

function recording(): { readonly heard: unknown[]; readonly sink: PlatformSink } {
  const heard: unknown[] = []
  const sink: PlatformSink = {
    report: (...told) => void heard.push(told),
    link: (told) => void heard.push(told),
    gap: (...told) => void heard.push(told),
    reachable: (told) => void heard.push(told),
    call: (told) => void heard.push(told),
  }
  return { heard, sink }
}

test('whatever an adapter says', async () => {
  await fc.assert(
    fc.asyncProperty(
      secret,
      fc.constantFrom(
        (words: string) => new Error(words, { cause: words }),
        (words: string) => new CredentialsRefused(words),
        (words: string) => new CannotListen(words),
      ),
      async (hidden, makeError) => {
        const thrown = makeError(`no: ${hidden}`)
        const adapter = discreetAdapter(telling(`no: ${hidden}`, thrown), createScrub([hidden]))
        const { heard, sink } = recording()
        await adapter.start([USER], sink)
        const asked = [
          adapter.catalogue(),
          adapter.roster(),
          adapter.snapshot([USER]),
          adapter.setup?.(),
          adapter.rights?.(),
        ]
        const errors = await Promise.all(
          asked.map((one) =>
            one?.then(
              () => null,
              (error: unknown) => error,
            ),
          ),
        )
        for (const error of errors) {
          expect(error).toBeInstanceOf(thrown.constructor)
          expect(error).toMatchObject({ message: 'no: •••' })
          expect(Reflect.get(Object(error), 'cause')).toBeUndefined()
        }
        expect(await adapter.setStatus(USER, STATUS, OPTIONS)).toEqual({ kind: 'refused', words: 'no: •••' })
        expect(await adapter.work?.(USER, 'w', { kind: 'accept' }, OPTIONS)).toEqual({
          kind: 'rate_limited',
          untilMs: 7,
          words: 'no: •••',
        })
        expect(adapter.health()).toEqual({
          link: { up: true, since: 5, why: 'no: •••' },
          details: { told: 'no: •••', count: 3 },
          notes: ['no: •••'],
        })
        expect(heard).toEqual([
          { up: false, why: 'no: •••' },
          ['no: •••', [USER]],
          [USER, { kind: 'status', status: STATUS, stamp: { at: 1 }, by: 'agent' }],
        ])
      },
    ),
  )
})

test('what an adapter leaves out stays left out', () => {
  const { setup: _, rights: __, work: ___, ...less } = telling('', new Error())
  const adapter = discreetAdapter(less, createScrub([]))
  expect(['setup', 'rights', 'work'].filter((name) => name in adapter)).toEqual([])
})

test('whatever is logged, wherever in the context it stands', () => {
  const anywhere = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constant('HIDDEN'),
      fc.constant('x HIDDEN y'),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'why', 'words'), tie('value'), { maxKeys: 3 }),
    ),
  })).value
  fc.assert(
    fc.property(secret, anywhere, (hidden, context) => {
      const lines: string[] = []
      const write = (told: unknown, message: string) => void lines.push(`${JSON.stringify(told)} ${message}`)
      const log: Log = discreetLog(
        { debug: write, info: write, warn: write, error: write },
        { blank: createScrub([hidden]).line, debug: true },
      )
      const filled: unknown = JSON.parse(
        JSON.stringify(context).replaceAll('HIDDEN', JSON.stringify(hidden).slice(1, -1)),
      )
      log.warn({ code: 'x', told: filled, error: new Error(hidden) }, 'A sentence')
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain('"code":"x"')
      expect(lines[0]).not.toContain(JSON.stringify(hidden).slice(1, -1))
    }),
  )
})

describe('the secrets of the settings', () => {
  test('are all known, also those of proxies', () => {
    const known = secretsOf(parseSettingsText())
    for (const hidden of ['sf-client-secret', 'gc-client-secret', 'the-ops-token', 'pr0xy&pass'])
      expect(known).toContain(hidden)
    expect(known).toContain(Buffer.from('gc-client:gc-client-secret').toString('base64'))
    expect(known).toContain(Buffer.from('bridge:pr0xy&pass').toString('base64'))
    expect(known.join('\n')).toContain('MIIBVAIBADANBgkqhkiG9w0BAQEFAASC')
    expect(known.join('\n')).not.toContain('BEGIN')
  })
})
