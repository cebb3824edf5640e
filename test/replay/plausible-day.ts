// A day as people have it: a shift with breaks, calls and chats, now and then something chosen against the bridge.

import { chanceOf } from '../sim/chance.ts'
import type { Act, Day, MappingFile } from './day.ts'

const MINUTE = 60_000
const SHIFT_MS = 8 * 60 * MINUTE

const FIRST = ['Jane', 'Ben', 'Chloe', 'Dana', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivo', 'June']

const RULES = `version: 1
available: { crm: [Online, On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
  - { crm: Lunch, telephony: Meal }
  - { crm: [Break, Coaching], telephony: Break }
  - { crm: Busy, telephony: [Busy, Meeting], direction: to_crm }
transition: { crm: Transition, telephony: Available }
blocking:
  telephony: { channels: [chat], status: Handling Chat, release_after: 5s }
  crm: { channels: [call], status: Handling Call }
`

export const OLD: MappingFile = { file: 'mappings.yaml', text: RULES }

/** Coaching gets a partner of its own, calls keep the CRM blocked for a little longer, and meetings are not synchronised. */
export const NEW: MappingFile = {
  file: 'new.yaml',
  text: RULES.replace(
    '  - { crm: [Break, Coaching], telephony: Break }\n',
    '  - { crm: Break, telephony: Break }\n  - { crm: Coaching, telephony: Busy }\n',
  )
    .replace(
      'crm: { channels: [call], status: Handling Call }',
      'crm: { channels: [call], status: Handling Call, release_after: 10s }',
    )
    .replace(
      '  - { crm: Busy, telephony: [Busy, Meeting], direction: to_crm }\n',
      '  - { crm: Busy, telephony: Busy, direction: to_crm }\n',
    )
    .concat('no_sync: { telephony: [Meeting] }\n'),
}

export function plausibleDay(seed: number, agents: number): Day {
  const acts = Array.from({ length: agents }, (_, agent) => shiftOf(seed, agent)).flat()
  acts.sort((a, b) => a.at - b.at)
  const names = Array.from({ length: agents }, (_, n) => `${FIRST[n % FIRST.length]}${n < FIRST.length ? '' : n}`)
  return { names, acts, latencyMs: 180, endsMs: SHIFT_MS + 120 * MINUTE }
}

function shiftOf(seed: number, agent: number): readonly Act[] {
  const chance = chanceOf('plausible', seed, agent)
  const acts: Act[] = []
  let at = chance.between(1_000, 60 * MINUTE)
  const over = at + SHIFT_MS
  const choose = (side: 'crm' | 'telephony', status: string) => acts.push({ at, agent, kind: 'status', side, status })
  choose('telephony', 'Available')
  at += 20_000
  choose('crm', 'Online')
  at += 60_000
  choose('telephony', 'On Queue')
  for (let item = 0; at < over; item += 1) {
    at += chance.between(20_000, 5 * MINUTE)
    if (chance.hits(0.12)) {
      const [side, status] = chance.pick([
        ['crm', 'Lunch'],
        ['crm', 'Coaching'],
        ['telephony', 'Break'],
        ['telephony', 'Meeting'],
        ['crm', 'Busy'],
      ] as const)
      choose(side, status)
      at += chance.between(5, 40) * MINUTE
      choose(side, 'On Queue')
      continue
    }
    at = work({ agent, item: `${agent}-${item}`, at }, chance.hits(0.4), chance.between(60_000, 6 * MINUTE), acts)
    if (chance.hits(0.05)) choose('crm', 'On Queue') // during or right after the work
  }
  at += MINUTE
  choose('crm', 'Offline')
  at += 5_000
  choose('telephony', 'Offline')
  return acts
}

function work(
  { agent, item, at }: { readonly agent: number; readonly item: string; readonly at: number },
  isChat: boolean,
  lastsMs: number,
  acts: Act[],
): number {
  const about = {
    agent,
    kind: 'work',
    side: isChat ? 'crm' : 'telephony',
    item,
    channel: isChat ? 'chat' : 'call',
  } as const
  acts.push({ ...about, at, state: 'offered' })
  acts.push({ ...about, at: at + 4_000, state: 'accepted' })
  acts.push({ ...about, at: at + lastsMs, state: 'wrap_up' })
  acts.push({ ...about, at: at + lastsMs + 12_000, state: 'closed' })
  return at + lastsMs + 13_000
}
