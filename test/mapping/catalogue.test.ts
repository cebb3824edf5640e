// A mapping file against the statuses that the platforms really have.

import { describe, expect, test } from '@jest/globals'
import type { Catalogue, CatalogueStatus } from '../../src/domain/platform.ts'
import { OFFLINE, type StatusId } from '../../src/domain/side.ts'
import { loadMapping } from '../../src/mapping/compile.ts'

const id = (name: string) => name as StatusId

function status(key: string, label: string, more: Partial<CatalogueStatus> = {}): CatalogueStatus {
  return { id: id(key), label, apiName: label.replaceAll(' ', '_'), available: false, settable: true, ...more }
}

const crm: Catalogue = {
  statuses: [
    status('0N5a', 'On Queue', { available: true }),
    status('0N5b', 'Lunch'),
    status('0N5c', 'Busy'),
    status('0N5d', 'Wrap Up', { apiName: 'Busy_Wrap' }),
    status('0N5e', 'Busy_Wrap', { apiName: 'Other' }),
  ],
  channels: ['chat', 'case'],
}
const telephony: Catalogue = {
  statuses: [
    status('q', 'On Queue', { available: true }),
    status('m', 'Meal'),
    status('a', 'Available'),
    status('nr', 'Not Responding', { settable: false }),
    status('i', 'Interacting', { settable: false }),
  ],
  channels: ['call'],
}

const HEAD =
  'available: { crm: [On Queue], telephony: [On Queue] }\nno_sync: { telephony: [Interacting, Not Responding] }\nmapped:\n  - { crm: On Queue, telephony: On Queue }\n'

function check(text: string, catalogue = { crm, telephony }) {
  const { findings, mapping } = loadMapping(text, { file: 'm.yaml', catalogue })
  return {
    mapping,
    told: findings.map(({ code, line, column, hint }) => `${line}:${column} ${code} ${hint ?? ''}`.trim()),
  }
}

describe('with a catalogue', () => {
  test('labels, API names and ids become ids, case notwithstanding, and Offline stays what it is', () => {
    const { mapping, told } = check(
      `${HEAD}  - { crm: lunch, telephony: m }\n  - { crm: Offline, telephony: Offline }\n`,
    )
    expect(told).toEqual([])
    const partners = mapping?.rules.top.partners.crm
    expect(partners?.get(id('0N5a'))?.map((partner) => partner.status)).toEqual(['q'])
    expect(partners?.get(id('0N5b'))?.map((partner) => partner.status)).toEqual(['m'])
    expect(partners?.get(OFFLINE)?.map((partner) => partner.status)).toEqual([OFFLINE])
  })

  test('statuses are shown by their labels, and all of the platform are known', () => {
    const { rules } = check(HEAD).mapping ?? {}
    expect(rules?.label('crm', id('0N5d'))).toBe('Wrap Up')
    expect(rules?.label('crm', id('gone'))).toBe('gone')
    expect(rules?.statuses.telephony).toEqual(new Set([OFFLINE, 'q', 'm', 'a', 'nr', 'i']))
  })

  test('a status that the platform has not is an error with the nearest name', () => {
    const { mapping, told } = check(`${HEAD}  - { crm: Lunhc, telephony: Meal }\n`)
    expect(told).toEqual(['5:12 unknown-status did you mean "Lunch"?'])
    expect(mapping).toBeNull()
  })

  test('a status of the other side is told as such', () => {
    expect(check(`${HEAD}  - { crm: Meal, telephony: Lunch }\n`).told).toEqual([
      '5:12 unknown-status telephony has a status of this name: are the two sides swapped?',
      '5:29 unknown-status the CRM has a status of this name: are the two sides swapped?',
    ])
  })

  test('what is hardly seen in a name is told, and accents may be written either way', () => {
    expect(check(`${HEAD}  - { crm: Wrap\u00a0Up, telephony: Meal }\n`).told).toEqual([
      '5:12 unknown-status it has a no-break space (U+00A0): write "Wrap Up"',
    ])
    const own = { ...crm, statuses: [...crm.statuses, status('0N5x', 'Café')] }
    const row = `  - { crm: ${'Café'.normalize('NFD')}, telephony: Meal }\n`
    expect(check(`${HEAD}${row}`, { crm: own, telephony }).told).toEqual([])
  })

  test('a name that is one status’s label and another’s API name is an error', () => {
    const { told } = check(`${HEAD}  - { crm: Busy_Wrap, telephony: Meal }\n`)
    expect(told).toEqual(['5:12 ambiguous-status write the id: "0N5d" or "0N5e"'])
  })

  test('a status written with its label here and its API name there is an error', () => {
    const { told } = check(`${HEAD}  - { crm: On_Queue, telephony: Meal, direction: to_crm }\n`)
    expect(told).toEqual(['5:12 two-names write "On Queue" everywhere'])
  })

  test('a status that cannot be set is an error as a target, and none where it only leads', () => {
    const bare = HEAD.replace(', Not Responding', '')
    const { told } = check(`${bare}  - { crm: Busy, telephony: Not Responding }\n`)
    expect(told).toEqual([
      '5:29 status-not-settable add "direction: to_crm", or put a status before it that can be set',
    ])
    expect(check(`${bare}  - { crm: Busy, telephony: Not Responding, direction: to_crm }\n`).told).toEqual([])
    expect(check(`${bare}  - { crm: Busy, telephony: [Meal, Not Responding] }\n`).told).toEqual([])
  })

  test('an available list that disagrees with the platform is a warning, either way', () => {
    const text = HEAD.replace('crm: [On Queue]', 'crm: [Lunch]')
    expect(check(`${text}  - { crm: Lunch, telephony: Meal }\n`).told).toEqual([
      '1:19 available-disagrees add what is missing',
      '1:20 available-disagrees remove it from the list',
    ])
  })

  test('a list that leaves out a status with work shows where the bridge would write it', () => {
    const text = HEAD.replace('telephony: [On Queue]', 'telephony: []')
    const { findings } = loadMapping(`${text}transition: { telephony: On Queue }\n`, {
      file: 'm.yaml',
      catalogue: { crm, telephony },
    })
    const [finding] = findings
    expect(finding?.code).toBe('available-disagrees')
    expect(finding?.related?.map(({ line, column }) => `${line}:${column}`)).toEqual(['5:26'])
  })

  test('a channel that the other platform has not is a warning', () => {
    const { told } = check(`${HEAD}blocking: { telephony: { status: Available, channels: [chat, cases] } }\n`)
    expect(told).toEqual(['5:62 unknown-channel did you mean "case"?'])
  })

  test('a system state without a row is a warning', () => {
    const { told } = check(HEAD.replace(', Not Responding', ''))
    expect(told).toEqual(['3:1 system-state-without-row add a row with "direction: to_crm", or list it under no_sync'])
  })
})

describe('without a catalogue', () => {
  test('a name is its own id', () => {
    const { mapping } = loadMapping(HEAD, { file: 'm.yaml' })
    expect(mapping?.rules.top.partners.crm.get(id('On Queue'))?.[0]?.status).toBe('On Queue')
    expect(mapping?.rules.label('crm', id('On Queue'))).toBe('On Queue')
  })

  test('the well-known system states still cannot be targets', () => {
    const { findings } = loadMapping(`${HEAD}blocking: { telephony: { status: Interacting } }\n`, { file: 'm.yaml' })
    expect(findings.map(({ code }) => code)).toEqual(['status-not-settable'])
  })
})
