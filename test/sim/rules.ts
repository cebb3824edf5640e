// Random rules: plausible ones and rude ones.

import type { Rules } from '../../src/domain/rules.ts'
import { OFFLINE, SIDES, type Side } from '../../src/domain/side.ts'
import { type Row, ruleset, type Sketch } from '../support/rules.ts'
import type { Chance } from './chance.ts'

const AVAILABLE = ['Q', 'R']
const BUSY = ['B', 'L', 'T', 'M']
export const NAMES = [...AVAILABLE, ...BUSY]
export const CHANNELS = ['call', 'chat']

export function randomRules(chance: Chance): Rules {
  const top = ruleset(randomSketch(chance))
  const hash = `sim:${chance.between(0, 1_000_000)}`
  const statuses = { crm: new Set<never>(), telephony: new Set<never>() }
  return { hash, file: 'sim.yaml', top, profiles: new Map(), statuses, label: (_side, status) => status }
}

function randomSketch(chance: Chance): Sketch {
  const transition: Partial<Record<Side, ReturnType<typeof randomTransition>>> = {}
  const unmapped: Partial<Record<Side, string>> = {}
  const blocking: Partial<Record<Side, ReturnType<typeof randomBlocking>>> = {}
  for (const side of SIDES) {
    if (chance.hits(0.7)) transition[side] = randomTransition(chance)
    if (chance.hits(0.2)) unmapped[side] = chance.pick(BUSY)
    if (chance.hits(0.8)) blocking[side] = randomBlocking(chance)
  }
  return {
    available: { crm: AVAILABLE, telephony: AVAILABLE },
    rows: Array.from({ length: chance.between(1, 6) }, () => randomRow(chance)),
    login: chance.pick(['follow', 'lead'] as const),
    prefer: chance.pick(['latest', 'crm', 'telephony', 'less_available'] as const),
    transition,
    unmapped,
    blocking,
  }
}

function randomBlocking(chance: Chance) {
  return {
    status: chance.pick(BUSY),
    channels: chance.some(CHANNELS, 2),
    from: chance.pick(['offered', 'accepted'] as const),
    minItems: chance.pick([1, 1, 2]),
    wrapUp: chance.hits(0.5),
    releaseAfterMs: chance.pick([0, 0, 5_000]),
    onOverride: chance.pick(['reassert', 'allow'] as const),
  }
}

function randomRow(chance: Chance): Row {
  const names = chance.hits(0.1) ? [...NAMES, OFFLINE] : NAMES
  return {
    crm: chance.some(names, 2),
    telephony: chance.some(names, 2),
    direction: chance.pick(['both', 'both', 'to_crm', 'to_telephony'] as const),
  }
}

function randomTransition(chance: Chance): { status: string; forMs?: number; end?: string } {
  const status = chance.pick(BUSY)
  return chance.hits(0.3) ? { status, forMs: 3_000, end: chance.pick(NAMES) } : { status }
}
