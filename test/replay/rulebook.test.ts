// Whose rules are whose, from what the journal knows of people.

import { expect, test } from '@jest/globals'
import type { PersonEntry } from '../../src/domain/history.ts'
import type { CatalogueStatus } from '../../src/domain/platform.ts'
import type { AgentId, StatusId } from '../../src/domain/side.ts'
import { createNames } from '../../src/replay/names.ts'
import { replay } from '../../src/replay/replay.ts'
import { profileIn, ReplayError, rulesOfThen, tryMapping } from '../../src/replay/rulebook.ts'
import type { ReplayAsk } from '../../src/replay/stage.ts'
import { live, onDisk, rulesOf } from './day.ts'
import { NEW, OLD, plausibleDay } from './plausible-day.ts'

const ASKED: ReplayAsk = { mappings: null, was: null, from: null, to: null, person: null, profile: null }

const PROFILES = `
agents:
  pairs:
    - { crm: gus@acme.example, telephony: gus@phone.example, profile: night }
profiles:
  - name: night
    agents: [BEN@acme.example, dana-telephony]
    login: lead
  - name: chats
    where: { team: Chat }
    blocking: { telephony: off }
`
const mapping = tryMapping({ file: 'new.yaml', text: OLD.text + PROFILES, patience: 0 }, undefined)

function person(name: string, more: Partial<PersonEntry> = {}): PersonEntry {
  return { agent: `${name}@acme.example` as AgentId, name, aliases: [], profile: null, ...more }
}

test.each<[string, PersonEntry, string | null]>([
  ['who is listed, whatever the case', person('ben'), 'night'],
  ['who is listed by another name', person('dana', { aliases: ['dana-telephony'] }), 'night'],
  ['who is paired for it', person('gus', { profile: 'chats' }), 'night'],
  ['who was in it by a group that the journal does not tell', person('chloe', { profile: 'chats' }), 'chats'],
  ['who was in one that is no more', person('chloe', { profile: 'gone' }), null],
  ['who is not listed any more', person('chloe', { profile: 'night' }), null],
  ['anybody else', person('chloe'), null],
])('%s', (_who, who, profile) => {
  expect(profileIn(mapping, who)).toBe(profile)
})

test('a profile of the new file holds for its people only', async () => {
  const day = plausibleDay(4, 3)
  const rules = rulesOf(OLD)
  if (rules === null) throw new Error('The rules have errors')
  const recorded = await live(day, rules)
  const text = `${OLD.text}profiles:\n  - name: chats\n    agents: [ben]\n    blocking: { telephony: off }\n`
  const found = await onDisk(recorded, day, [OLD], (reader) =>
    replay(reader, { ...ASKED, mappings: { file: 'new.yaml', text, patience: 0 } }),
  )
  expect(found.differences.length).toBeGreaterThan(0)
  expect(new Set(found.differences.map(({ agent }) => agent))).toEqual(new Set(['ben@acme.example']))
  // Without the block of telephony work can come there during chats, and only there.
  expect(found.totals.exposedMs.before.telephony).toBeLessThan(60_000)
  expect(found.totals.exposedMs.now.telephony).toBeGreaterThan(found.totals.exposedMs.before.telephony)
  expect(found.totals.blockedMs.now.telephony).toBeLessThan(found.totals.blockedMs.before.telephony)
  expect(found.totals.blockedMs.now.crm).toBe(found.totals.blockedMs.before.crm)
})

test('rules that cannot be had are said, with what is wrong with them', () => {
  const none = rulesOfThen({ mapping: () => null }, createNames())
  expect(() => none('sha256:1f0c')).toThrow(ReplayError)
  const broken = { text: 'version: 1\nmapped: 3\n', file: 'mappings.yaml', time: '' }
  const catalogue = { crm: { statuses: [], channels: [] }, telephony: { statuses: [], channels: [] } }
  const kept = rulesOfThen({ mapping: (hash = '') => ({ ...broken, hash, catalogue }) }, createNames())
  expect(() => kept('sha256:1f0c')).toThrow(/has errors by today's checks/)
  expect(() => tryMapping({ ...NEW, text: broken.text }, undefined)).toThrow(/new\.yaml has errors/)
})

test('labels are told apart from ids by all that the platforms ever had, the newest first', () => {
  const names = createNames()
  const status = (id: string, label: string) => {
    return { id: id as StatusId, label, apiName: label, available: undefined, settable: true }
  }
  const crm = (...statuses: CatalogueStatus[]) => ({
    crm: { statuses, channels: [] },
    telephony: { statuses: [], channels: [] },
  })
  names.learn(crm(status('1', 'Lunch'), status('2', 'On break')))
  names.learn(crm(status('2', 'Break'), status('3', 'Training')))
  expect(['Lunch', 'On break', 'Break', 'Training', 'Offline', 'Elsewhere'].map((l) => names.id('crm', l))).toEqual([
    '1',
    '2',
    '2',
    '3',
    'Offline',
    'Elsewhere',
  ])
  expect(names.label('crm', '2' as StatusId)).toBe('On break')
  expect(names.id('telephony', 'Lunch')).toBe('Lunch')
  expect(names.ambiguous()).toBe(0)
  names.learn(crm(status('4', 'Lunch')))
  expect([names.ambiguous(), names.id('crm', 'Lunch')]).toEqual([1, '1'])
})
