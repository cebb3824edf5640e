// What the organisation lets the OAuth client do, as an admin is told it.

import { afterEach, expect, test } from '@jest/globals'
import { CredentialsRefused, type RightFinding } from '../../../src/domain/platform.ts'
import { type Ear, openEar } from './bridge-ear.ts'

const ears: Ear[] = []
afterEach(async () => {
  for (const ear of ears.splice(0)) await ear.close()
})

async function open(options: Parameters<typeof openEar>[0] = {}): Promise<Ear> {
  const ear = await openEar(options)
  ears.push(ear)
  return ear
}

const rightsOf = async (ear: Ear): Promise<readonly RightFinding[]> => (await ear.adapter.rights?.()) ?? []
const states = (rights: readonly RightFinding[]) => Object.fromEntries(rights.map(({ what, state }) => [what, state]))

const ALL = {
  'read presence definitions': 'ok',
  'read people': 'ok',
  'read conversations': 'ok',
  'search conversations': 'ok',
  "set people's presence": 'unknown',
}

test('what can be tried is tried, and what would change something is said to be unknown', async () => {
  const ear = await open()
  expect(states(await rightsOf(ear))).toEqual(ALL)
  const tokens = await open({ settings: { logOut: 'tokens' } })
  expect(states(await rightsOf(tokens))).toEqual({ ...ALL, 'log people out': 'unknown' })
  expect(tokens.organisation.model.user(tokens.jane)?.loggedOut).toBe(0)
})

test.each([
  ['GET /api/v2/users', 'read people', 'directory:user:view'],
  ['GET /api/v2/conversations', 'read conversations', 'conversation:communication:view'],
  ['/analytics/', 'search conversations', 'analytics:conversationDetail:view'],
])('without %s the missing permission is named, with the way to it', async (call, what, permission) => {
  const ear = await open()
  ear.organisation.server.faults.forbid(call)
  const rights = await rightsOf(ear)
  expect(states(rights)).toEqual({ ...ALL, [what]: 'missing' })
  const sentence = rights.find((right) => right.what === what)?.sentence
  expect(sentence).toContain(`(${permission})`)
  expect(sentence).toContain(' › View"')
})

test('what the bridge can do without is not called missing, but named with what it does instead', async () => {
  const ear = await open()
  ear.organisation.server.faults.forbid('GET /api/v2/presence/definitions')
  const rights = await rightsOf(ear)
  expect(states(rights)).toEqual({ ...ALL, 'read presence definitions': 'unknown' })
  expect(rights[0]?.sentence).toContain('(presence:presenceDefinition:view)')
  expect(rights[0]?.sentence).toContain('the older list')
})

test('an answer that says nothing about permissions leaves the right unknown', async () => {
  const ear = await open()
  ear.organisation.server.faults.failNext(1, 400, '/analytics/')
  expect(states(await rightsOf(ear))).toEqual({ ...ALL, 'search conversations': 'unknown' })
})

test('where nothing can be asked, that is what is told', async () => {
  const wrong = await open({ settings: { clientSecret: 'wrong' } })
  await expect(rightsOf(wrong)).rejects.toBeInstanceOf(CredentialsRefused)
  const gone = await open()
  await gone.organisation.close()
  await expect(rightsOf(gone)).rejects.toThrow('ECONNREFUSED')
})
