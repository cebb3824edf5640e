// What YAML makes possible, and what people take it for.

import { describe, expect, test } from '@jest/globals'
import { loadMapping } from '../../src/mapping/compile.ts'

const HEAD = `available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
`

function told(text: string): readonly string[] {
  const { findings } = loadMapping(text, { file: 'm.yaml', patience: 100_000 })
  return findings.map(({ line, column, code, hint }) => `${line}:${column} ${code}${hint ? `: ${hint}` : ''}`)
}

/** What the CRM's statuses lead to. */
function partners(text: string): Readonly<Record<string, readonly string[]>> {
  const { mapping, findings } = loadMapping(text, { file: 'm.yaml', patience: 100_000 })
  if (!mapping) throw new Error(JSON.stringify(findings))
  const entries = [...mapping.rules.top.partners.crm].map(([status, list]) => [status, list.map((one) => one.status)])
  return Object.fromEntries(entries)
}

describe('the same file', () => {
  const plain = partners(`${HEAD}  - { crm: Lunch, telephony: Meal }\n`)

  test.each([
    [
      'with the marks of another system at its lines’ ends',
      `${HEAD}  - { crm: Lunch, telephony: Meal }\n`.replaceAll('\n', '\r\n'),
    ],
    ['with the line ends of an old one', `${HEAD}  - { crm: Lunch, telephony: Meal }\n`.replaceAll('\n', '\r')],
    ['with a byte order mark', `\uFEFF${HEAD}  - { crm: Lunch, telephony: Meal }\n`],
    ['without a line end at its end', `${HEAD}  - { crm: Lunch, telephony: Meal }`],
    ['with a beginning and an end marked', `---\n${HEAD}  - { crm: Lunch, telephony: Meal }\n...\n`],
    ['in quotes', `${HEAD}  - { "crm": 'Lunch', 'telephony': "Meal" }\n`],
    ['with comments everywhere', `# a\n${HEAD} # b\n  - { crm: Lunch, telephony: Meal } # c\n    # d\n`],
    ['in blocks', `${HEAD}  - crm: Lunch\n    telephony:\n      - Meal\n`],
    [
      'as JSON',
      JSON.stringify({
        available: { crm: ['On Queue'], telephony: ['On Queue'] },
        mapped: [
          { crm: 'On Queue', telephony: 'On Queue' },
          { crm: 'Lunch', telephony: 'Meal' },
        ],
      }),
    ],
    ['with an anchor and an alias', `${HEAD}  - { crm: Lunch, telephony: &meal Meal }\nno_sync: { telephony: [] }\n`],
    ['with a merge key', `${HEAD}  - { <<: { crm: Lunch, telephony: Meal } }\n`],
    ['with a merge key that gives way', `${HEAD}  - { <<: [{ crm: Dinner }, { telephony: Meal }], crm: Lunch }\n`],
  ])('%s', (_how, text) => {
    expect(told(text)).toEqual([])
    expect(partners(text)).toEqual(plain)
  })
})

describe('a status may be called', () => {
  test.each([
    'yes',
    'No',
    'on',
    'Off',
    'y',
    'n',
    'Käse',
    '休憩',
    'Ünïcödé 😀',
    'Offline-ish',
    '1st line',
    '12:30',
    '0x',
    'null-ish',
    '"7"',
    "'true'",
    '"null"',
    '"Break #2"',
    '"a: b"',
    '"Busy, away"',
  ])('%s', (name) => {
    const text = `${HEAD}  - { crm: ${name}, telephony: Meal }\n`
    expect(told(text)).toEqual([])
    expect(partners(text)[name.replace(/^["'](.*)["']$/, '$1')]).toEqual(['Meal'])
  })

  test.each([
    ['7', '7'],
    ['007', '007'],
    ['1.50', '1.50'],
    ['0x1F', '0x1F'],
    ['1e3', '1e3'],
    ['true', 'true'],
    ['False', 'False'],
    ['.inf', '.inf'],
  ])('%s, but only in quotes', (name, quoted) => {
    expect(told(`${HEAD}  - { crm: ${name}, telephony: Meal }\n`)).toEqual([
      `4:12 wrong-type: put it in quotes: "${quoted}"`,
    ])
  })
})

describe('truth is written true and false', () => {
  test.each([
    ['yes', 'write true'],
    ['On', 'write true'],
    ['"true"', 'write true'],
    ['no', 'write false'],
    ['"off"', 'write false'],
  ])('not %s', (value, hint) => {
    expect(told(`${HEAD}exclusive: ${value}\n`)).toEqual([`4:12 wrong-type: ${hint}`])
  })

  test.each(['on', 'off', '"on"', 'true', 'false', '{}'])('a block may be %s', (value) => {
    expect(told(`${HEAD}transition: { crm: Busy }\nblocking: { crm: ${value} }\n`)).toEqual([])
  })
})

describe('places are those of the value', () => {
  test('on the first line behind a byte order mark', () => {
    expect(told('\uFEFFlogin: folow\n').at(-1)).toMatch(/^1:8 wrong-value/)
  })

  test('behind wide characters and in lines that end in CR LF', () => {
    const text = `${HEAD}  - { crm: [休憩, 7], telephony: 😀 }\n`.replaceAll('\n', '\r\n')
    expect(told(text)).toEqual(['4:17 wrong-type: put it in quotes: "7"'])
  })

  test('behind a tab', () => {
    expect(told(`${HEAD}login:\tfolow\n`)).toEqual(['4:8 wrong-value: did you mean "follow"?'])
  })

  test('where an alias stands, and inside what it stands for', () => {
    expect(told(`${HEAD}login: &word folow\nmode: *word\n`)).toEqual([
      '4:14 wrong-value: did you mean "follow"?',
      '5:7 wrong-value',
    ])
    const text = `${HEAD}blocking: { crm: &same { status: Busy, from: offerd }, telephony: *same }\n`
    expect(told(text)).toEqual(['4:46 wrong-value: did you mean "offered"?'])
  })

  test('where a merge key took it from', () => {
    const text = `${HEAD}blocking: { crm: &same { status: Busy, from: offerd }, telephony: { <<: *same, wrap_up: false } }\n`
    expect(told(text)).toEqual(['4:46 wrong-value: did you mean "offered"?'])
  })
})

describe('a text that would take the checker with it ends in one clear error', () => {
  const nines = (item: string) => Array(9).fill(item).join(', ')
  const laughs = [
    'a0: &a0 [x, x]',
    ...Array.from({ length: 20 }, (_none, n) => `a${n + 1}: &a${n + 1} [${nines(`*a${n}`)}]`),
  ]
  const merges = [
    'a0: &a0 { x: 1 }',
    ...Array.from({ length: 20 }, (_none, n) => `a${n + 1}: &a${n + 1} { <<: [${nines(`*a${n}`)}] }`),
  ]

  test.each([
    ['brackets without end', '['.repeat(50_000)],
    ['brackets that are all closed', `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['dashes without end', '- '.repeat(20_000)],
    ['keys in keys', Array.from({ length: 1_200 }, (_none, n) => `${' '.repeat(n)}a:`).join('\n')],
    ['aliases of aliases', laughs.join('\n')],
    ['an alias of itself', `${HEAD}agents: &a { exclude: *a }\n`],
    ['a merge key of itself', `${HEAD}conflict: &c { <<: *c, window: 1s }\n`],
    ['more values than anybody writes', `a: [${'x,'.repeat(120_000)}]`],
  ])('%s', (_what, text) => {
    const codes = told(text).map((line) => line.split(' ')[1]?.replace(/:$/, ''))
    expect(codes).toEqual(['yaml-limits'])
  })

  test('merge keys of merge keys are worked out once each', () => {
    const codes = new Set(told(merges.join('\n')).map((line) => line.split(' ')[1]?.replace(/:$/, '')))
    expect([...codes].sort()).toEqual(['missing-key', 'unknown-key'])
  })

  test.each([
    ['rows', `${HEAD}${'  - { crm: 7, telephony: x }\n'.repeat(5_000)}`, 5_000],
    ['keys that are not known', Array.from({ length: 5_000 }, (_none, n) => `key${n}: x\n`).join(''), 5_002],
    ['the same key', `${HEAD}${'login: lead\n'.repeat(5_000)}`, 4_999],
  ])('thousands of mistakes in %s are all counted', (_what, text, count) => {
    expect(told(text)).toHaveLength(count)
  })
})
