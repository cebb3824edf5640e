// From the text of a mapping file to the rules that the engine runs on.

import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { StatusId } from '../../src/domain/side.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import type { Mapping } from '../../src/mapping/mapping.ts'

const id = (name: string) => name as StatusId

const BASE = `available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
  - { crm: [Break, Coaching], telephony: Break }
  - { crm: Busy, telephony: [Busy, Meeting], direction: to_crm }
  - { crm: Break, telephony: Pause, direction: to_telephony }
`

function load(text: string): Mapping {
  const { mapping, findings } = loadMapping(text, { file: 'conf/mappings.yaml' })
  if (!mapping) throw new Error(JSON.stringify(findings))
  return mapping
}

describe('the rules of a file', () => {
  test('have every default filled in where the file says nothing', () => {
    const { rules, matching, mode, stories } = load(BASE)
    expect(mode).toBe('live')
    expect(stories).toEqual([])
    expect(matching).toEqual({ by: 'email', pairs: [], exclude: [], profiles: [] })
    expect(rules.top).toMatchObject({
      profile: null,
      mode: 'live',
      exclusive: false,
      transition: { crm: null, telephony: null },
      unmapped: { crm: null, telephony: null },
      login: 'follow',
      startup: 'adopt',
      conflict: { prefer: 'latest', windowMs: 2_000 },
      blocking: { crm: null, telephony: null },
      limits: { writesPerMinute: 10, freezeMs: 60_000, massLogoutShare: 0.3 },
      confirmWithinMs: 10_000,
    })
    expect(rules.top.available.crm).toEqual(new Set(['On Queue']))
  })

  test('are named after the text that they come from', () => {
    const { rules } = load(BASE)
    expect(rules.hash).toBe(`sha256:${createHash('sha256').update(BASE).digest('hex')}`)
    expect(rules.file).toBe('conf/mappings.yaml')
  })

  test('list partners by rows in file order, then by the order inside a row, with the line of the row', () => {
    const { partners, related } = load(BASE).rules.top
    expect(partners.telephony.get(id('Break'))).toEqual([
      { status: 'Break', rule: 'mappings.yaml:4' },
      { status: 'Coaching', rule: 'mappings.yaml:4' },
    ])
    expect(partners.crm.get(id('Break'))).toEqual([
      { status: 'Break', rule: 'mappings.yaml:4' },
      { status: 'Pause', rule: 'mappings.yaml:6' },
    ])
    expect(partners.crm.get(id('Busy'))).toBeUndefined()
    expect(related(id('Busy'), id('Meeting'))).toBe(true)
    expect(related(id('Break'), id('Meeting'))).toBe(false)
  })

  test('take a transition as a plain name or with an end', () => {
    const text = `${BASE}transition:\n  crm: { status: Transition, for: 1m, then: Away }\n  telephony: Available\n`
    expect(load(text).rules.top.transition).toEqual({
      crm: { status: 'Transition', rule: 'mappings.yaml:8', ends: { afterMs: 60_000, status: 'Away' } },
      telephony: { status: 'Available', rule: 'mappings.yaml:9', ends: null },
    })
  })

  test('block with the status of the transition where the block has none, and never where it is off', () => {
    const text = `${BASE}transition: { crm: Transition }\nblocking: { crm: on, telephony: off }\n`
    const { blocking } = load(text).rules.top
    expect(blocking.telephony).toBeNull()
    expect(blocking.crm).toEqual({
      channels: null,
      from: 'offered',
      minItems: 1,
      wrapUp: true,
      status: 'Transition',
      releaseAfterMs: 0,
      onOverride: 'reassert',
      rule: 'mappings.yaml:8',
    })
  })

  test('compare channels in lower case', () => {
    const text = `${BASE}blocking: { crm: { status: Busy, channels: [Call, CHAT] } }\n`
    expect(load(text).rules.top.blocking.crm?.channels).toEqual(new Set(['call', 'chat']))
  })

  test('follow aliases and merge keys, and give way to keys of their own', () => {
    const text = `${BASE}blocking:\n  crm: &b { status: Busy, min_items: 2, release_after: 5s }\n  telephony: { <<: *b, min_items: 3 }\n`
    const { telephony } = load(text).rules.top.blocking
    expect(telephony).toMatchObject({ status: 'Busy', minItems: 3, releaseAfterMs: 5_000 })
  })

  test('take the same form whatever the line ends are', () => {
    const text = BASE.replaceAll('\n', '\r\n')
    expect(load(`\uFEFF${text}`).rules.top.partners).toEqual(load(BASE).rules.top.partners)
  })
})

describe('a profile', () => {
  const TOP = `${BASE}mode: shadow
transition: { crm: { status: Transition, for: 30s, then: Away }, telephony: Available }
no_sync: { telephony: [Out of Office] }
conflict: { prefer: crm, window: 5s }
limits: { writes_per_minute: 20, freeze: 2m }
blocking:
  telephony: { channels: [chat], min_items: 2, status: Handling, release_after: 10s }
profiles:
  - name: p
    agents: [lee@acme.example]
`
  const profile = (own: string) => {
    const ruleset = load(`${TOP}${own}`).rules.profiles.get('p')
    if (!ruleset) throw new Error('no profile')
    return ruleset
  }

  test('keeps what it does not name inside blocking, transition, no_sync, conflict and limits', () => {
    const own = profile(`    blocking: { telephony: { min_items: 1 } }
    transition: { crm: { for: 5s } }
    no_sync: { crm: [Pause] }
    conflict: { window: 1s }
    limits: { freeze: 1m }
`)
    expect(own.profile).toBe('p')
    expect(own.blocking.telephony).toMatchObject({ minItems: 1, status: 'Handling', releaseAfterMs: 10_000 })
    expect(own.transition.crm).toMatchObject({ status: 'Transition', ends: { afterMs: 5_000, status: 'Away' } })
    expect(own.transition.telephony).toMatchObject({ status: 'Available' })
    expect([...own.noSync.crm.keys(), ...own.noSync.telephony.keys()]).toEqual(['Pause', 'Out of Office'])
    expect(own.conflict).toEqual({ prefer: 'crm', windowMs: 1_000 })
    expect(own.limits).toEqual({ writesPerMinute: 20, freezeMs: 60_000, massLogoutShare: 0.3 })
  })

  test('replaces every other key as a whole', () => {
    const own = profile(
      '    mapped: [{ crm: Lunch, telephony: Meal }]\n    available: { crm: [Lunch], telephony: [] }\n',
    )
    expect([...own.partners.crm.keys()]).toEqual(['Lunch'])
    expect(own.available).toEqual({ crm: new Set(['Lunch']), telephony: new Set() })
  })

  test('inherits nothing where it says a plain name, on or off', () => {
    const own = profile('    transition: { crm: Wait }\n    blocking: { telephony: on }\n')
    expect(own.transition.crm).toMatchObject({ status: 'Wait', ends: null })
    expect(own.blocking.telephony).toMatchObject({ channels: null, minItems: 1, status: 'Available' })
    expect(profile('    blocking: { telephony: off }\n').blocking.telephony).toBeNull()
  })

  test('is in the mode of the top level unless it says otherwise', () => {
    expect(profile('    login: lead\n').mode).toBe('shadow')
    expect(profile('    mode: live\n').mode).toBe('live')
  })

  test('is checked as it is when laid over the top level', () => {
    const text = `${TOP}    available: { crm: [On Queue, Transition], telephony: [On Queue, Handling] }\n`
    const { findings, mapping } = loadMapping(text, { file: 'm.yaml' })
    expect(mapping).toBeNull()
    const errors = findings.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code }) => code)).toEqual(['transition-available', 'block-available'])
  })
})

describe('findings', () => {
  test('of shape and of meaning come together, in the order of the file', () => {
    const text = `available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: 7 }
  - { crm: Lunch, telephony: Meal }
  - { crm: Lunch, telephony: Meal }
transition: { crm: On Queue }
confirm_within: soon
`
    const { findings } = loadMapping(text, { file: 'm.yaml' })
    const told = findings.map(({ line, column, code }) => `${line}:${column} ${code}`)
    expect(told).toEqual(['3:33 wrong-type', '5:5 duplicate-row', '6:20 transition-available', '7:17 wrong-value'])
  })

  test('of a file that is too large come without reading it', () => {
    const { findings } = loadMapping('#'.repeat(1_000_001), { file: 'm.yaml' })
    expect(findings.map(({ code }) => code)).toEqual(['file-too-large'])
  })

  test('come quickly for a file that doubles itself with every alias', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 20; n += 1)
      lines.push(
        `a${n}: &a${n} [${Array(9)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      )
    const started = performance.now()
    const { findings } = loadMapping(lines.join('\n'), { file: 'm.yaml' })
    expect(findings.map(({ code }) => code)).toEqual(['yaml-limits'])
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})
