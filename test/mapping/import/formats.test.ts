// Each format, from a file as a person has it to the mapping that is made of it. What is told of a source names its line.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import { loadMapping } from '../../../src/mapping/compile.ts'
import { detectFormat, type ImportOptions, importMapping } from '../../../src/mapping/import/import-mapping.ts'
import { callCentre, presenceRule, rulesExport } from './sources.ts'

function imported(text: string, from: ImportOptions['from'] = 'auto', given: Partial<ImportOptions['available']> = {}) {
  const result = importMapping([{ file: 'f', text }], { from, available: { crm: [], telephony: [], ...given } })
  if (result.kind === 'unreadable') throw new Error(`${result.line}:${result.column} ${result.words}`)
  const { findings } = loadMapping(result.text, { file: 'm.yaml' })
  return {
    text: result.text,
    mapping: parse(result.text) as Record<string, unknown>,
    told: result.leftOut.map(({ origin, words }) => `${origin.line} ${words}`),
    errors: findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  }
}

function refused(text: string, from: ImportOptions['from'] = 'auto') {
  const result = importMapping([{ file: 'f', text }], { from, available: { crm: [], telephony: [] } })
  return result.kind === 'unreadable' ? `${result.line}:${result.column} ${result.words}` : 'was read'
}

describe('plain CSV', () => {
  const TEXT =
    'CRM;Telephony;Direction\nOn Queue;On Queue\nBreak;Break;both\nCoaching;Break;<->\nBusy;Meeting;to_crm\nMissed Call;Not Responding;<-\nLunch;;\nLunch;Meal;upwards\n'

  test('becomes rows; directions are words or arrows between the columns', () => {
    const { mapping, errors } = imported(TEXT)
    expect(mapping.mapped).toEqual([
      { crm: 'On Queue', telephony: 'On Queue' },
      { crm: ['Break', 'Coaching'], telephony: 'Break' },
      { crm: 'Busy', telephony: 'Meeting', direction: 'to_crm' },
      { crm: 'Missed Call', telephony: 'Not Responding', direction: 'to_crm' },
    ])
    expect(mapping.available).toEqual({ crm: ['On Queue'], telephony: ['On Queue'] })
    expect(errors).toEqual([])
  })

  test('holes and directions that mean nothing are told with their lines, and stand as comments in their places', () => {
    const { text, told } = imported(TEXT)
    expect(told).toEqual([
      '7 "Lunch" has no status on the other side.',
      '8 "Lunch" and "Meal": the direction "upwards" is none of both, to_crm and to_telephony.',
    ])
    const rows = text.split('\n').filter((line) => /^ {2}(-|#)/.test(line) && line.includes('line'))
    expect(rows.at(-2)).toContain('# LEFT OUT (line 7): "Lunch" has no status')
  })

  test('columns may stand the other way round, and an arrow then means the other way', () => {
    const { mapping } = imported('telephony,crm,direction\nMeal,Lunch,->\n')
    expect(mapping.mapped).toEqual([{ crm: 'Lunch', telephony: 'Meal', direction: 'to_crm' }])
  })

  test('without a header the first column is the CRM’s, and the file says so', () => {
    const { mapping, text } = imported('Lunch\tMeal\n')
    expect(mapping.mapped).toEqual([{ crm: 'Lunch', telephony: 'Meal' }])
    expect(text).toContain('# No line names the columns')
  })

  test('a column that nothing was made of is told', () => {
    expect(imported('crm,telephony,Team\nLunch,Meal,Sales\n').told).toEqual([
      '1 Nothing of the column "Team" was used.',
    ])
  })

  test('one column alone, or nothing, is no table', () => {
    expect(refused('Lunch\nMeal\n')).toMatch(/^1:null There is only one column/)
    expect(refused('')).toMatch(/There is no row/)
  })
})

describe('a presence map', () => {
  const MAP =
    'key,GenesysCloudPresenceId\r\nAway,5e5c5c66-ea97-4e7f-ac41-6424784829f2\r\nBRB,5E5C5C66-EA97-4E7F-AC41-6424784829F2\r\nOut,01234567-89ab-cdef-0123-456789abcdef\r\n'

  test('works one way, and the platform’s own ids become the labels that people see', () => {
    const { mapping, told, errors } = imported(MAP)
    expect(mapping.mapped).toEqual([
      { crm: ['Away', 'BRB'], telephony: 'Away', direction: 'to_telephony' },
      { crm: 'Out', telephony: '01234567-89ab-cdef-0123-456789abcdef', direction: 'to_telephony' },
    ])
    expect([told, errors]).toEqual([[], []])
  })

  test('only On Queue takes work there, whatever else is called Available', () => {
    const { mapping } = imported('key,GenesysCloudPresenceId\nAvailable,6a3af858-942f-489d-9700-5f9bcdcdae9b\n')
    expect(mapping.available).toEqual({ crm: ['Available'], telephony: ['On Queue'] })
  })

  test('is known by its ids without a header, and the columns may be swapped', () => {
    const { mapping } = imported('5e5c5c66-ea97-4e7f-ac41-6424784829f2;Pause\n')
    expect(mapping.mapped).toEqual([{ crm: 'Pause', telephony: 'Away', direction: 'to_telephony' }])
  })

  test('a key with two presences keeps the first, and the second is told', () => {
    expect(imported(`${MAP}Away,31fe3bac-dea6-44b7-bed7-47f91660a1a0\n`).told).toEqual([
      '5 In the CRM "Away" leads to "Away" already (line 2), so "Busy" would never be set.',
    ])
  })
})

describe('a call-centre definition', () => {
  const NEW = { toggle: 'enableOmniChannelSync', crm: 'omniChannelNotReadyReason', telephony: 'wxCCIdleReasonCode' }
  const OLD = {
    toggle: 'isOmniStateSyncEnabled',
    crm: 'defaultOmniStateForCall',
    telephony: 'defaultOmniStateForOmniChannel',
  }

  test.each([
    ['of the newer connector', NEW],
    ['of the older connector', OLD],
  ])('%s becomes the two blocks', (_which, names) => {
    const { mapping, told, errors } = imported(
      callCentre({ names, on: 'true', crm: 'On a call', telephony: 'CRM &amp; chat' }),
    )
    expect(mapping.blocking).toEqual({
      crm: { status: 'On a call', from: 'accepted' },
      telephony: { status: 'CRM & chat', from: 'accepted' },
    })
    expect([mapping.mapped, told, errors]).toEqual([[], [], []])
  })

  test('as it is retrieved by deployment tools says the same', () => {
    const item = (name: string, value: string) =>
      `<items><label>x</label><name>${name}</name><value>${value}</value></items>`
    const items = [item(NEW.toggle, 'true'), item(NEW.crm, 'Busy'), item(NEW.telephony, 'Idle')].join('\n')
    const { mapping } = imported(`<CallCenter xmlns="x"><sections>${items}</sections></CallCenter>`)
    expect(mapping.blocking).toEqual({
      crm: { status: 'Busy', from: 'accepted' },
      telephony: { status: 'Idle', from: 'accepted' },
    })
  })

  test('that is switched off leaves its blocks as comments, and nothing is lost', () => {
    const { mapping, text, told } = imported(callCentre({ names: NEW, on: 'false', crm: 'Busy', telephony: '' }))
    expect(mapping.blocking).toBeUndefined()
    expect(text).toContain('#   crm: { status: Busy, from: accepted } # line 5, where it is switched off')
    expect(told).toEqual([])
  })

  test('that is switched on without a status is told', () => {
    expect(imported(callCentre({ names: NEW, on: 'true', crm: '', telephony: 'Idle' })).told).toEqual([
      '5 omniChannelNotReadyReason is empty: nothing says what the CRM shows while there is work in telephony.',
    ])
  })

  test('what is no XML is told with its place, and so is XML about something else', () => {
    expect(refused('<callCenter>\n<item></callCenter>')).toMatch(
      /^2:\d+ This is not XML: Missing end tag for element item\.$/,
    )
    expect(refused('<callCenter><item name="a">b</item></callCenter>')).toMatch(/None of its items is about presence/)
    expect(refused('<a>'.repeat(100_000))).not.toBe('was read')
  })

  test('entities of a document type are not expanded', () => {
    const bomb =
      '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><callCenter><item name="x">&c;</item></callCenter>'
    expect(refused(bomb)).toMatch(/This is not XML/)
  })
})

describe('presence sync rules', () => {
  test('a rule each way becomes one row, in whatever way the fields are spelled', () => {
    const { mapping, told, errors } = imported(
      rulesExport([
        presenceRule({
          source: 'Connect Agent State Change',
          a: 'Connect Agent New State',
          b: 'Lunch',
          to: 'Salesforce Agent State',
          value: 'Meal_Time',
        }),
        {
          name: 'back',
          source: 'SalesforceAgentStateChange',
          operandA: { type: 'StaticValue', value: 'Meal_Time' },
          comparator: '==',
          operandB: { type: 'Salesforce Agent New State' },
          destination: 'ConnectAgentState',
          value: 'Lunch',
        },
      ]),
    )
    expect(mapping.mapped).toEqual([{ crm: 'Meal_Time', telephony: 'Lunch' }])
    expect([told, errors]).toEqual([[], []])
  })

  test('states around a call become the block of the CRM, from the first of them', () => {
    const onCall = (b: string) =>
      presenceRule({
        source: 'Connect Agent State Change',
        a: 'Connect Agent New State',
        b,
        to: 'Salesforce Agent State',
        value: 'On_Call',
      })
    expect(imported(rulesExport([onCall('Busy')])).mapping.blocking).toEqual({
      crm: { status: 'On_Call', from: 'accepted' },
    })
    const all = imported(rulesExport([onCall('Busy'), onCall('PendingBusy'), onCall('AfterCallWork')]))
    expect([all.mapping.blocking, all.told]).toEqual([{ crm: { status: 'On_Call' } }, []])
    expect(imported(rulesExport([onCall('AfterCallWork')])).told).toEqual([expect.stringContaining('wrap-up alone')])
  })

  test('accepted work becomes the block of telephony, with its channels', () => {
    const accepted = (b: string, value = 'Media') =>
      presenceRule({
        source: 'Salesforce Work Accepted',
        a: 'Salesforce Service Channel',
        b,
        to: 'Connect Agent State',
        value,
      })
    const { mapping, told } = imported(rulesExport([accepted('chat'), accepted('case'), accepted('lead', 'Other')]))
    expect(mapping.blocking).toEqual({ telephony: { status: 'Media', channels: ['chat', 'case'], from: 'accepted' } })
    expect(told).toEqual([
      expect.stringContaining('Telephony would show "Other" here, but a block has one status, "Media"'),
    ])
  })

  const LEFT: readonly (readonly [string, Parameters<typeof presenceRule>[0], string])[] = [
    ['a comparison other than equal', { comparator: 'Not equal to' }, 'only "new state equal to" makes a row'],
    ['a look at the old state', { a: 'Connect Agent Old State' }, '"transition" says what happens then'],
    [
      'a system state as the target',
      {
        source: 'Salesforce Agent State Change',
        a: 'Salesforce Agent New State',
        to: 'Connect Agent State',
        value: 'AfterCallWork',
      },
      'set by the platform itself',
    ],
    [
      'the touched side as the target',
      { source: 'Salesforce Agent State Change', a: 'Salesforce Agent New State' },
      'never touched back',
    ],
    [
      'a way back to a fixed status',
      { source: 'Salesforce Workload Changed', a: 'Salesforce New Workload', b: '0', to: 'Connect Agent State' },
      'goes back to what the agent chose last',
    ],
    [
      'a share of the workload',
      {
        source: 'Salesforce Workload Changed',
        a: 'Salesforce New Workload Pct',
        b: '50',
        comparator: '>',
        to: 'Connect Agent State',
      },
      'workloads are not compared',
    ],
    ['an unknown source', { source: 'Full Moon' }, 'source "Full Moon" is not understood'],
    ['no status to set', { value: '' }, 'does not say which status'],
  ]
  test.each(LEFT)('%s is told, never guessed', (_what, rule, words) => {
    const { told, mapping } = imported(rulesExport([presenceRule(rule)]))
    expect(told).toEqual([expect.stringContaining(words)])
    expect(mapping.mapped).toEqual([])
  })

  test('a rule that is switched off is a note', () => {
    const { told, text } = imported(rulesExport([presenceRule({}), { ...presenceRule({ b: 'Gym' }), active: false }]))
    expect(told).toEqual([])
    expect(text).toContain('was switched off')
  })

  test('lines are those of the rules, also in an export with tabs and wrappers', () => {
    const text = JSON.stringify({ result: { records: [presenceRule({}), presenceRule({ source: 'x' })] } }, null, '\t')
    const line = text.split('\n').findIndex((one) => one.includes('"x"'))
    const [told = ''] = imported(text).told
    expect(Number(told.split(' ')[0])).toBeGreaterThan(line - 4)
    expect(Number(told.split(' ')[0])).toBeLessThanOrEqual(line + 1)
  })

  test('what is no JSON is told with its place, and so is JSON about something else', () => {
    expect(refused('[{"a": 1,\n}]')).toMatch(/^2:1 This is not JSON: /)
    expect(refused('{"a": 1}')).toMatch(/There is no list of rules/)
    expect(refused('[]')).toMatch(/The list of rules is empty/)
    expect(refused('[1, {"name": "x"}]')).toMatch(/None of its objects has a source/)
  })
})

describe('any source', () => {
  test('is told apart by its content', () => {
    expect(detectFormat('\uFEFF <?xml version="1.0"?><callCenter/>')).toBe('cisco-xml')
    expect(detectFormat('\n[ {} ]')).toBe('amazon-connect')
    expect(detectFormat('key;GenesysCloudPresenceId\n')).toBe('genesys-csv')
    expect(detectFormat('crm,telephony\nLunch,Meal\n')).toBe('csv')
  })

  test('that is too large or no text is refused in a sentence', () => {
    expect(refused('a,b\n'.repeat(300_000))).toMatch(/too large: at most 1,000,000 characters/)
    expect(refused('a,b\u0000')).toMatch(/It is no text/)
  })

  test('makes a file that is YAML, or is refused in a sentence, whatever is in it', () => {
    const noise = fc.string({
      unit: fc.constantFrom('<', '>', '{', '}', '[', ']', '"', ',', ':', '/', 'a', ' ', '\n', '&', ';'),
      maxLength: 60,
    })
    fc.assert(
      fc.property(noise, fc.constantFrom('auto', 'csv', 'cisco-xml', 'amazon-connect', 'genesys-csv'), (text, from) => {
        const result = importMapping([{ file: 'f', text }], { from, available: { crm: [], telephony: [] } })
        if (result.kind === 'unreadable') expect(result.words).toMatch(/\.$/)
        else expect(() => parse(result.text)).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })

  test('available statuses that a person names are not guessed', () => {
    expect(imported('crm,telephony\nOnline,Ready\n', 'auto', { crm: ['Chatting'] }).mapping.available).toEqual({
      crm: ['Chatting'],
      telephony: ['Ready'],
    })
  })

  test('several files become one mapping in their order; a second block of a side is told with its file', () => {
    const block = callCentre({
      names: { toggle: 'enableOmniChannelSync', crm: 'omniChannelNotReadyReason', telephony: 'wxCCIdleReasonCode' },
      on: 'true',
      crm: 'A',
      telephony: 'B',
    })
    const sources = [
      { file: 'one.csv', text: 'crm,telephony\nLunch,Meal\n' },
      { file: 'two.xml', text: block },
      { file: 'three.xml', text: block.replace('>A<', '>C<') },
    ]
    const result = importMapping(sources, { from: 'auto', available: { crm: [], telephony: [] } })
    if (result.kind === 'unreadable') throw new Error(result.words)
    expect(parse(result.text)).toMatchObject({
      mapped: [{ crm: 'Lunch', telephony: 'Meal' }],
      blocking: { crm: { status: 'A' } },
    })
    expect(result.text).toContain('# one.csv, line 2')
    expect(result.leftOut.map(({ origin }) => origin.file)).toEqual(['three.xml', 'three.xml'])
  })
})
