// Who is whom in the two systems, and whose rules hold for them.

import { describe, expect, test } from '@jest/globals'
import type { Person } from '../../src/domain/platform.ts'
import type { PlatformUserId } from '../../src/domain/side.ts'
import type { Matching } from '../../src/mapping/mapping.ts'
import { matchPeople } from '../../src/mapping/people.ts'

function person(username: string, more: Partial<Person> = {}): Person {
  const user = `id-${username}` as PlatformUserId
  return { user, username, email: `${username}@acme.example`, employeeId: null, name: username, groups: {}, ...more }
}

const BY_EMAIL: Matching = { by: 'email', pairs: [], exclude: [], profiles: [] }
const names = (result: ReturnType<typeof matchPeople>) => result.agents.map(({ agent }) => agent)
const told = (result: ReturnType<typeof matchPeople>) =>
  result.unmatched.map(({ side, name, why }) => `${side} ${name}: ${why}`)

describe('people are matched', () => {
  test('by e-mail address, whatever its case', () => {
    const result = matchPeople(
      { crm: [person('ann')], telephony: [person('ann.b', { email: 'ANN@acme.example ' })] },
      BY_EMAIL,
    )
    expect(result.unmatched).toEqual([])
    expect(result.agents).toEqual([
      {
        agent: 'ann',
        users: { crm: 'id-ann', telephony: 'id-ann.b' },
        name: 'ann',
        email: 'ann@acme.example',
        profile: null,
      },
    ])
  })

  test('by user name, by employee id, or only as the pairs say', () => {
    const crm = [person('ann', { employeeId: '7' }), person('ben', { employeeId: '8' })]
    const telephony = [person('Ben', { email: null, employeeId: '7' }), person('cem', { email: null, employeeId: '9' })]
    expect(names(matchPeople({ crm, telephony }, { ...BY_EMAIL, by: 'username' }))).toEqual(['ben'])
    expect(names(matchPeople({ crm, telephony }, { ...BY_EMAIL, by: 'employee_id' }))).toEqual(['ann'])
    const explicit = { ...BY_EMAIL, by: 'explicit', pairs: [{ crm: 'ben', telephony: 'cem', profile: null }] } as const
    expect(names(matchPeople({ crm, telephony }, explicit))).toEqual(['ben'])
    expect(told(matchPeople({ crm, telephony }, explicit))).toContain('crm ann: not named in agents.pairs')
  })

  test('as the pairs say before anything else, by user name or e-mail address', () => {
    const crm = [person('jane'), person('doe')]
    const telephony = [person('jane'), person('jane.doe')]
    const pairs = [{ crm: 'JANE@acme.example', telephony: 'jane.doe', profile: 'chat' }]
    const result = matchPeople({ crm, telephony }, { ...BY_EMAIL, pairs })
    expect(result.agents).toMatchObject([{ agent: 'jane', users: { telephony: 'id-jane.doe' }, profile: 'chat' }])
    expect(result.unmatched.map(({ side, name }) => `${side} ${name}`)).toEqual(['crm doe', 'telephony jane'])
  })

  test('not with somebody else when their pair is not to be found', () => {
    const people = { crm: [person('jane')], telephony: [person('jane')] }
    const result = matchPeople(people, { ...BY_EMAIL, pairs: [{ crm: 'jane', telephony: 'gone', profile: null }] })
    expect(result.agents).toEqual([])
    expect(told(result)).toContain('crm jane: paired with gone, who was not found in telephony')
  })

  test('not at all when they are excluded, and nothing is told of them', () => {
    const people = { crm: [person('admin')], telephony: [person('admin')] }
    expect(matchPeople(people, { ...BY_EMAIL, exclude: ['Admin@acme.example'] })).toEqual({ agents: [], unmatched: [] })
  })

  test('not when one would be matched twice: all of them are left out and told', () => {
    const twin = person('ann.2', { email: 'ann@acme.example' })
    const result = matchPeople({ crm: [person('ann')], telephony: [person('ann'), twin] }, BY_EMAIL)
    expect(result.agents).toEqual([])
    expect(told(result)).toEqual([
      'crm ann: 2 people in telephony have the e-mail address ann@acme.example',
      'telephony ann: 2 people in telephony have the e-mail address ann@acme.example',
      'telephony ann.2: 2 people in telephony have the e-mail address ann@acme.example',
    ])
  })

  test('not without what they are matched by', () => {
    const result = matchPeople({ crm: [person('ann', { email: null })], telephony: [person('ann')] }, BY_EMAIL)
    expect(told(result)).toEqual([
      'crm ann: has no e-mail address',
      'telephony ann: nobody in the CRM has the e-mail address ann@acme.example',
    ])
  })

  test('under the telephony e-mail address where the CRM has no user name', () => {
    const people = { crm: [person('', { email: 'ann@acme.example' })], telephony: [person('ann')] }
    expect(names(matchPeople(people, BY_EMAIL))).toEqual(['ann@acme.example'])
  })

  test('ten thousand a side in well under a second', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => person(`agent${n}`, { groups: { team: `t${n % 50}` } }))
    const profiles = Array.from({ length: 50 }, (_, n) => ({
      name: `p${n}`,
      agents: [`agent${n}`],
      where: { team: `t${n}` },
    }))
    const started = performance.now()
    const result = matchPeople({ crm: many, telephony: [...many].reverse() }, { ...BY_EMAIL, profiles })
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(result.agents).toHaveLength(10_000)
    expect(result.agents[123]?.profile).toBe('p23')
  })
})

describe('the profile of a matched person', () => {
  const support = person('ann', { groups: { department: 'Support' } })
  const emea = person('ann', { groups: { division: 'EMEA' } })
  const profileOf = (profiles: Matching['profiles']) =>
    matchPeople({ crm: [support], telephony: [emea] }, { ...BY_EMAIL, profiles }).agents[0]?.profile

  test('is the first in file order that lists them under either name or fits their groups', () => {
    const listed = { name: 'listed', agents: ['Ann@acme.example'], where: null }
    const fitting = { name: 'fitting', agents: [], where: { department: 'support', division: 'EMEA' } }
    expect(profileOf([listed, fitting])).toBe('listed')
    expect(profileOf([fitting, listed])).toBe('fitting')
  })

  test('is none where a group does not fit, or the profile names nobody', () => {
    expect(profileOf([{ name: 'other', agents: ['ben'], where: { department: 'Support', team: 'Chat' } }])).toBeNull()
    expect(profileOf([{ name: 'nobody', agents: [], where: null }])).toBeNull()
  })
})
