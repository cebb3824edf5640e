// Random people, random rules, and rules with something changed.

import fc from 'fast-check'
import { SIDES, type Side } from '../../src/domain/side.ts'
import type { WorkState } from '../../src/domain/work.ts'
import { type Act, CRM, type Day, type MappingFile, TELEPHONY } from './day.ts'

const STATUSES = { crm: CRM, telephony: TELEPHONY }
const NAMES = ['Jane', 'Ben', 'Chloe']

export type Sketch = {
  readonly rows: readonly string[]
  readonly transition: { readonly crm: string; readonly telephony: string }
  readonly blocks: { readonly crm: string; readonly telephony: string }
  readonly noSync: string
  readonly unmapped: string
  readonly login: string
  readonly startup: string
  readonly prefer: string
}

const ROWS = [
  '{ crm: On Queue, telephony: On Queue }',
  '{ crm: Online, telephony: Available }',
  '{ crm: Busy, telephony: [Busy, Meeting] }',
  '{ crm: Lunch, telephony: Meal }',
  '{ crm: [Break, Coaching], telephony: Break }',
  '{ crm: Coaching, telephony: Meeting, direction: to_telephony }',
  '{ crm: Busy, telephony: On Queue, direction: to_crm }',
  '{ crm: Offline, telephony: Offline, direction: to_telephony }',
  '{ crm: Break, telephony: Meal, direction: to_crm }',
]

const block = (status: string, channel: string) =>
  fc
    .record({
      on: fc.boolean(),
      channels: fc.constantFrom('', `channels: [${channel}], `),
      from: fc.constantFrom('offered', 'accepted'),
      items: fc.constantFrom(1, 1, 2),
      wrapUp: fc.boolean(),
      after: fc.constantFrom('0s', '5s', '30s'),
      override: fc.constantFrom('reassert', 'allow'),
    })
    .map(({ on, channels, from, items, wrapUp, after, override }) =>
      on
        ? `{ ${channels}from: ${from}, min_items: ${items}, wrap_up: ${wrapUp}, status: ${status}, release_after: ${after}, on_override: ${override} }`
        : 'off',
    )

const FIELDS: { readonly [K in keyof Sketch]: fc.Arbitrary<Sketch[K]> } = {
  rows: fc.shuffledSubarray(ROWS, { minLength: 2 }),
  transition: fc.record({
    crm: fc.constantFrom('Transition', '{ status: Transition, for: 30s, then: Busy }'),
    telephony: fc.constantFrom('Available', '{ status: Available, for: 45s, then: Break }'),
  }),
  blocks: fc.record({ crm: block('Handling Call', 'call'), telephony: block('Handling Chat', 'chat') }),
  noSync: fc.constantFrom('{}', '{ crm: [Coaching] }', '{ telephony: [Meeting] }'),
  unmapped: fc.constantFrom('{ crm: ignore }', '{ crm: Break }', '{ telephony: Busy }'),
  login: fc.constantFrom('follow', 'lead'),
  startup: fc.constantFrom('adopt', 'crm', 'telephony'),
  prefer: fc.constantFrom('latest', 'crm', 'telephony', 'less_available'),
}

export const sketches: fc.Arbitrary<Sketch> = fc.record(FIELDS)

/** One thing changed, or two. */
export const edits: fc.Arbitrary<(sketch: Sketch) => Sketch> = fc
  .tuple(sketches, fc.subarray(Object.keys(FIELDS) as (keyof Sketch)[], { minLength: 1, maxLength: 2 }))
  .map(([other, fields]) => (sketch: Sketch) => ({
    ...sketch,
    ...Object.fromEntries(fields.map((field) => [field, other[field]])),
  }))

/** `layout`: of comments and blank lines, which mean nothing. */
export function mappingOf(sketch: Sketch, file: string, layout = ''): MappingFile {
  const left = /\[(.*)\]/.exec(sketch.noSync)?.[1] // what stands in no_sync stands in no row
  const text = [
    '# Random rules',
    'version: 1',
    layout,
    'available: { crm: [Online, On Queue], telephony: [On Queue] }',
    'mapped:',
    ...sketch.rows.filter((row) => left === undefined || !row.includes(left)).map((row) => `  - ${row}${layout}`),
    `transition: { crm: ${sketch.transition.crm}, telephony: ${sketch.transition.telephony} }`,
    'blocking:',
    ...SIDES.map((side) => `  ${side}: ${sketch.blocks[side]}`),
    `no_sync: ${sketch.noSync}`,
    `unmapped: ${sketch.unmapped}`,
    `login: ${sketch.login}`,
    `startup: ${sketch.startup}`,
    `conflict: { prefer: ${sketch.prefer} }`,
  ]
  return { file, text: `${text.join('\n')}\n` }
}

type Move = {
  readonly agent: number
  readonly side: Side
  readonly pick: number
  readonly kind: number
  readonly gap: number
}

const STATES: readonly WorkState[] = ['offered', 'accepted', 'wrap_up', 'closed']

export const days: fc.Arbitrary<Day> = fc
  .record({
    latencyMs: fc.constantFrom(0, 0, 150),
    moves: fc.array(
      fc.record<Move>({
        agent: fc.nat(NAMES.length - 1),
        side: fc.constantFrom(...SIDES),
        pick: fc.nat(1_000),
        kind: fc.nat(9),
        gap: fc.constantFrom(1_000, 1_700, 4_999, 20_000, 31_000, 90_000),
      }),
      { minLength: 20, maxLength: 120 },
    ),
  })
  .map(({ latencyMs, moves }) => {
    let at = 1_000
    const work = new Map<string, { readonly item: string; readonly next: number }>()
    const acts: Act[] = []
    for (const [index, { agent, side, pick, kind, gap }] of moves.entries()) {
      at += gap
      if (kind < 5) acts.push({ at, agent, kind: 'status', side, status: statusAt(side, pick) })
      else if (kind < 6) {
        // Both sides at the same instant.
        for (const one of SIDES)
          acts.push({ at, agent, kind: 'status', side: one, status: statusAt(one, pick + index) })
      } else {
        const key = `${agent} ${side} ${kind % 2}`
        const { item, next } = work.get(key) ?? { item: `w${index}`, next: 0 }
        const state = STATES[next] ?? 'closed'
        acts.push({ at, agent, kind: 'work', side, item, channel: side === 'crm' ? 'chat' : 'call', state })
        if (state === 'closed') work.delete(key)
        else work.set(key, { item, next: pick % 7 === 0 ? 3 : next + 1 })
      }
    }
    return { names: NAMES, acts, latencyMs, endsMs: at + 120_000 }
  })

function statusAt(side: Side, pick: number): string {
  const all = [...STATUSES[side], 'Offline']
  return all[pick % all.length] ?? 'Offline'
}
