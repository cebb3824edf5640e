// A day as people have it: a shift with breaks, calls and chats, now and then something chosen against the bridge.

import { readFileSync } from 'node:fs'
import { chanceOf } from '../sim/chance.ts'
import type { Act, Day, MappingFile } from './day.ts'

const MINUTE = 60_000
const SHIFT_MS = 8 * 60 * MINUTE

const FIRST = ['Jane', 'Ben', 'Chloe', 'Dana', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivo', 'June']

export const OLD: MappingFile = fixture('test/replay/old.yaml')
export const NEW: MappingFile = fixture('test/replay/new.yaml')

function fixture(file: string): MappingFile {
  return { file, text: readFileSync(file, 'utf8') }
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
