// A day of a contact centre as a run: shifts, breaks, lunch, chats and calls every few minutes, and every kind of fault now and then.

import { OFFLINE, SIDES, type Side } from '../../src/domain/side.ts'
import { type Act, type DiskFaults, type Faults, GOOD_DISK, NO_FAULTS, type Schedule } from './acts.ts'
import { type Chance, chanceOf } from './chance.ts'
import type { RulesetPlan, RulesPlan } from './plan.ts'
import type { What } from './schedule.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const TROUBLE_EVERY_MS = 20 * MINUTE

type Diary = (at: number, what: What) => void

export type DayOptions = { readonly seed: number; readonly agents: number; readonly hours: number }

export function daySchedule({ seed, agents, hours }: DayOptions): Schedule {
  const noted: { at: number; what: What }[] = []
  const end = Math.min(DAY, hours * HOUR)
  const diary: Diary = (at, what) => {
    if (at < end) noted.push({ at: Math.round(at), what })
  }
  for (let agent = 0; agent < agents; agent += 1) shift(chanceOf('day', seed, agent), agent, diary, end)
  troubles(chanceOf('troubles', seed), { agents, end }, diary)
  noted.sort((a, b) => a.at - b.at)
  return {
    seed,
    agents: Array.from({ length: agents }, (_, n) => (n % 50 === 7 ? 'watched' : n % 10 === 3 ? 'other' : null)),
    calm: false,
    plan: dayPlan(0),
    skewMs: { crm: -400, telephony: 700 },
    versions: { crm: false, telephony: true },
    resyncMs: 5 * MINUTE,
    acts: noted.map(({ at, what }, id): Act => ({ ...what, id, at })),
  }
}

/** Work in both systems, each kept free while there is some in the other. `variant`: what a reload changes. */
function dayPlan(variant: number): RulesPlan {
  const block = { from: 'offered', minItems: 1, wrapUp: true, onOverride: 'reassert' } as const
  const top: RulesetPlan = {
    mode: 'live',
    available: { crm: ['Q'], telephony: ['Q'] },
    rows: [
      { crm: ['Q'], telephony: ['Q'], direction: 'both' },
      { crm: ['L'], telephony: ['L'], direction: 'both' },
      { crm: ['B', 'R'], telephony: ['B'], direction: 'both' },
    ],
    transition: { crm: { status: 'T', forMs: 30 * SECOND, end: 'M' }, telephony: { status: 'T' } },
    unmapped: {},
    noSync: {},
    login: 'follow',
    startup: 'adopt',
    prefer: 'latest',
    windowMs: 2 * SECOND,
    blocking: {
      telephony: { ...block, status: 'T', channels: ['chat'], releaseAfterMs: variant === 1 ? 0 : 5 * SECOND },
      crm: { ...block, status: 'T', channels: ['call'], releaseAfterMs: 0 },
    },
    writesPerMinute: 10,
    freezeMs: 60 * SECOND,
    massLogoutShare: 0.3,
    confirmWithinMs: 10 * SECOND,
  }
  const other: RulesetPlan = { ...top, blocking: { ...top.blocking, crm: undefined } }
  return { yaml: false, statuses: null, top, profiles: { other, watched: { ...top, mode: 'shadow' } } }
}

function shift(chance: Chance, agent: number, diary: Diary, end: number): void {
  const begin =
    chance.pick([0, 1, 6, 7, 8, 8, 9, 10, 12, 14].map((h) => (h * end) / 24)) + chance.between(0, 40 * MINUTE)
  const over = Math.min(end, begin + 8 * HOUR)
  const set = (at: number, side: Side, status: string) => diary(at, { kind: 'status', agent, side, status })
  const first = chance.pick(SIDES)
  set(begin, first, 'M')
  set(begin + chance.between(5, 60) * SECOND, first === 'crm' ? 'telephony' : 'crm', 'M')
  let at = begin + 2 * MINUTE
  let item = 0
  let pause = at + chance.between(60, 130) * MINUTE
  set(at, chance.pick(SIDES), 'Q')
  while (at < over) {
    if (at > pause) {
      const [status, minutes] = chance.pick([
        ['B', 15],
        ['B', 10],
        ['L', 45],
        ['M', 20],
        ['R', 15],
      ] as const)
      const side = status === 'R' ? 'crm' : chance.pick(SIDES)
      set(at, side, status)
      at += minutes * MINUTE
      set(at, chance.hits(0.8) ? side : chance.pick(SIDES), 'Q')
      pause = at + chance.between(60, 130) * MINUTE
    }
    at += chance.between(20, 300) * SECOND
    item += 1
    at = work(chance, { agent, item: `${agent}-${item}`, at }, diary)
    if (chance.hits(0.03)) set(at + SECOND, chance.pick(SIDES), chance.pick(['Q', 'Q', 'B', 'M'])) // chosen against a block, or by mistake
  }
  set(over, 'crm', OFFLINE)
  set(over + chance.between(0, 90) * SECOND, 'telephony', OFFLINE)
}

/** A chat or a call as its platform routes it; sometimes a second one at about the same time on the other side. */
function work(chance: Chance, { agent, item, at }: { agent: number; item: string; at: number }, diary: Diary): number {
  const side = chance.pick(SIDES)
  const channel = side === 'crm' ? 'chat' : 'call'
  const tell = (when: number, state: 'offered' | 'accepted' | 'wrap_up' | 'closed' | 'timed_out') =>
    diary(when, { kind: 'work', agent, side, item, channel, state, routed: true })
  tell(at, 'offered')
  if (chance.hits(0.25)) {
    const other = side === 'crm' ? 'telephony' : 'crm'
    const twin = { kind: 'work', agent, side: other, item: `${item}b`, routed: true } as const
    const twinAt = at + chance.between(0, 90 * SECOND)
    const twinChannel = other === 'crm' ? 'chat' : 'call'
    diary(twinAt, { ...twin, channel: twinChannel, state: 'offered' })
    diary(twinAt + 5 * SECOND, { ...twin, channel: twinChannel, state: 'accepted' })
    diary(twinAt + chance.between(60, 200) * SECOND, { ...twin, channel: twinChannel, state: 'closed' })
  }
  if (chance.hits(0.06)) {
    tell(at + 20 * SECOND, 'timed_out')
    return at + 20 * SECOND
  }
  const accepted = at + chance.between(2, 15) * SECOND
  const talked = accepted + chance.between(60, 400) * SECOND
  const done = talked + chance.between(5, 60) * SECOND
  tell(accepted, 'accepted')
  tell(talked, 'wrap_up')
  tell(done, 'closed')
  return done
}

/** Each lasts some minutes; between them everything works. */
function troubles(chance: Chance, { agents, end }: { agents: number; end: number }, diary: Diary): void {
  const network: Faults = {
    ...NO_FAULTS,
    loss: 0.02,
    twice: 0.05,
    delayMs: 2_000,
    callMs: 1_000,
    transient: 0.1,
    unheard: 0.03,
  }
  const moody: Faults = { ...NO_FAULTS, refused: 0.02, ignored: 0.05, limited: 0.05, silent: 0.01 }
  const disk: DiskFaults = { delayMs: 50, full: false, hangs: 0.002 }
  for (let at = TROUBLE_EVERY_MS; at < end - TROUBLE_EVERY_MS; at += TROUBLE_EVERY_MS) {
    const side = chance.pick(SIDES)
    const until = at + chance.between(1, 10) * MINUTE
    const crash = (torn: 'all' | 'nothing') => diary(at, { kind: 'crash', downMs: chance.pick([500, 20_000]), torn })
    const kinds: readonly (() => void)[] = [
      () => during({ kind: 'faults', side, faults: network }, { kind: 'faults', side, faults: NO_FAULTS }),
      () => during({ kind: 'faults', side, faults: moody }, { kind: 'faults', side, faults: NO_FAULTS }),
      () =>
        during(
          { kind: 'events', side, up: false, told: chance.hits(0.7) },
          { kind: 'events', side, up: true, told: true },
        ),
      () => during({ kind: 'calls', side, up: false, told: true }, { kind: 'calls', side, up: true, told: true }),
      () => during({ kind: 'disk', disk }, { kind: 'disk', disk: GOOD_DISK }),
      () => during({ kind: 'disk', disk: { ...disk, full: true } }, { kind: 'disk', disk: GOOD_DISK }),
      () => diary(at, { kind: chance.pick(['token', 'limit'] as const), side, forMs: 2 * MINUTE }),
      () => crash(chance.pick(['all', 'nothing'] as const)),
      () => diary(at, { kind: 'restart', downMs: 2_000 }),
      () => diary(at, { kind: 'mass_logout', side, real: false }),
      () => diary(at, { kind: 'reload', plan: dayPlan(chance.between(0, 1)) }),
      () => during({ kind: 'pause', agent: chance.between(0, agents - 1) }, { kind: 'resume', agent: null }),
    ]
    function during(begin: What, finish: What): void {
      diary(at, begin)
      diary(until, finish)
    }
    chance.pick(kinds)()
  }
}
