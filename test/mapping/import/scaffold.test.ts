// A mapping that is made from what two platforms have: it must hold against them, and must never guess anybody into work.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { CatalogueStatus } from '../../../src/domain/platform.ts'
import type { StatusId } from '../../../src/domain/side.ts'
import { loadMapping } from '../../../src/mapping/compile.ts'
import { catalogueNews, unmentioned } from '../../../src/mapping/import/news.ts'
import { type Pulled, parsePulled, pulledText } from '../../../src/mapping/import/pulled.ts'
import { scaffold } from '../../../src/mapping/import/scaffold.ts'

const AT = '2026-11-21T10:00:00.000Z'

function status(label: string, more: Partial<CatalogueStatus> = {}): CatalogueStatus {
  const apiName = label.replaceAll(' ', '_')
  return { id: `id-${label}` as StatusId, label, apiName, available: false, settable: true, ...more }
}

function platform(title: string, statuses: readonly CatalogueStatus[]): Pulled {
  return { title, statuses, channels: ['chat'] }
}

const WORDS = [
  'On Queue',
  'Available',
  'Online',
  'Lunch',
  'Meal',
  'Break',
  'Pause',
  'Busy',
  'Away',
  'Idle',
  'Offline',
  'true',
  'a: b',
  'Missed Call',
  'Not Responding',
]

const anyStatus = fc.record({
  label: fc.constantFrom(...WORDS),
  apiName: fc.constantFrom(...WORDS.map((word) => word.replaceAll(' ', '_'))),
  available: fc.constantFrom(true, false, false, undefined),
  settable: fc.constantFrom(true, true, true, false),
})

const anyPlatform = fc.array(anyStatus, { maxLength: 6 }).map((all) =>
  platform(
    'A',
    all.map((one, index) => ({ ...one, id: `id-${index}` as StatusId })),
  ),
)

describe('a scaffold', () => {
  test('has no error beside the platforms that it was made from', () => {
    fc.assert(
      fc.property(anyPlatform, anyPlatform, (crm, telephony) => {
        const text = scaffold({ crm, telephony }, AT)
        const { findings } = loadMapping(text, { file: 'm.yaml', catalogue: { crm, telephony } })
        expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('relates no status that takes work with one that takes none', () => {
    fc.assert(
      fc.property(anyPlatform, anyPlatform, (crm, telephony) => {
        const { mapping } = loadMapping(scaffold({ crm, telephony }, AT), {
          file: 'm.yaml',
          catalogue: { crm, telephony },
        })
        const top = mapping?.rules.top
        for (const [from, partners] of top?.partners.crm ?? [])
          for (const { status: to } of partners) {
            expect([from, to, top?.available.telephony.has(to)]).toEqual([from, to, top?.available.crm.has(from)])
          }
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('takes names that are the same, that mean the same, and that are nearly the same; the last two are told as guesses', () => {
    const crm = platform(
      'A',
      ['Lunch', 'Break', 'Trainning', 'Coaching'].map((label) => status(label)),
    )
    const telephony = platform(
      'B',
      ['break', 'Meal', 'Training'].map((label) => status(label)),
    )
    const text = scaffold({ crm, telephony }, AT)
    expect(parse(text)).toMatchObject({
      mapped: [
        { crm: 'Lunch', telephony: 'Meal' },
        { crm: 'Break', telephony: 'break' },
        { crm: 'Trainning', telephony: 'Training' },
      ],
    })
    expect(text).toMatch(/Lunch, telephony: Meal \} # guessed: the names mean the same/)
    expect(text).toMatch(/Trainning, telephony: Training \} # guessed: the names are similar/)
    expect(text).toMatch(/Break, telephony: break \}\n/)
    expect(text).toContain('# note: without a row in the CRM: Coaching')
  })

  test('pairs what takes work on each side, also where the names tell nothing', () => {
    const crm = platform('A', [status('Available', { available: true }), status('Busy')])
    const telephony = platform('B', [status('Available'), status('Roaming', { available: true })])
    const { mapped, available } = parse(scaffold({ crm, telephony }, AT))
    expect(mapped).toEqual([{ crm: 'Available', telephony: 'Roaming' }])
    expect(available).toEqual({ crm: ['Available'], telephony: ['Roaming'] })
  })

  test('lets system states lead to what means the same, or nowhere', () => {
    const crm = platform('A', [status('Missed Call')])
    const telephony = platform('B', [
      status('Not Responding', { settable: false }),
      status('Idle', { settable: false }),
    ])
    expect(parse(scaffold({ crm, telephony }, AT))).toMatchObject({
      mapped: [{ crm: 'Missed Call', telephony: 'Not Responding', direction: 'to_crm' }],
      no_sync: { telephony: ['Idle'] },
    })
  })
})

describe('a catalogue in a file', () => {
  test('comes back as it was, with what is not known of it', () => {
    fc.assert(
      fc.property(anyPlatform, (crm) => {
        const [first, ...rest] = crm.statuses
        const granted = first === undefined ? [] : [{ ...first, grantedTo: new Set(['u1', 'u2'] as never[]) }]
        const sides = { crm: { ...crm, statuses: [...granted, ...rest] } }
        expect(parsePulled(pulledText(sides, AT))).toEqual({ version: 1, readAt: AT, ...sides })
      }),
    )
  })

  test('is refused in a sentence where it is something else', () => {
    expect(parsePulled('{')).toMatch(/^it is not JSON/)
    expect(parsePulled('{"version": 2}')).toMatch(/^it is no file of "catalogue --save"/)
  })
})

describe('what has become of a platform', () => {
  const before = platform('A', [status('Lunch'), status('Gone'), status('Chat', { available: false })])

  test('is told by ids: renamed, gone, new, and whether it takes work', () => {
    const now = platform('A', [
      status('Lunch', { label: 'Lunch Break' }),
      status('Chat', { available: true }),
      status('Ready', { available: true }),
    ])
    expect(catalogueNews('crm', before, now)).toEqual([
      'In the CRM "Gone" is gone.',
      'In the CRM "Lunch" is called "Lunch Break" now.',
      'In the CRM "Chat" takes work now.',
      'In the CRM "Ready" is new and takes work.',
    ])
    expect(catalogueNews('crm', before, before)).toEqual([])
  })

  test('statuses that no rule mentions are listed, those of profiles are not', () => {
    const text = `available: { crm: [], telephony: [] }
mapped: [{ crm: Lunch, telephony: Meal }]
profiles: [{ name: p, agents: [a@b.example], no_sync: { crm: [Chat] } }]
`
    const { mapping } = loadMapping(text, { file: 'm.yaml', catalogue: { crm: before, telephony: undefined } })
    if (mapping === null) throw new Error('The mapping has errors.')
    expect(unmentioned('crm', mapping.rules, before)).toEqual(['Gone'])
  })
})
