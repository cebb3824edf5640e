// Random rules: plausible ones and rude ones.

import { OFFLINE, SIDES } from '../../src/domain/side.ts'
import type { Chance } from './chance.ts'
import type { RulesetPlan, RulesPlan } from './plan.ts'

const AVAILABLE = ['Q', 'R']
const BUSY = ['B', 'L', 'T', 'M']
export const NAMES = [...AVAILABLE, ...BUSY]
/** No platform has it, and yet it is reported. */
export const NOWHERE = 'X'
export const CHANNELS = ['call', 'chat']

type Row = RulesetPlan['rows'][number]

/** `calm`: limits that plausible people never reach. */
export function randomPlan(chance: Chance, { calm }: { readonly calm: boolean }): RulesPlan {
  const missing = !calm && chance.hits(0.3) ? chance.pick(BUSY) : null
  const known = NAMES.filter((name) => name !== missing)
  const top = randomRuleset(chance, known, calm)
  const other = { ...randomRuleset(chance, known, calm), massLogoutShare: top.massLogoutShare }
  const watched: RulesetPlan = { ...top, mode: 'shadow' }
  return {
    yaml: chance.hits(0.01), // the mapping room proves each by exploration, which takes a second
    statuses: missing === null ? null : known,
    top,
    // A profile without a transition has that of the top level.
    profiles: { other: { ...other, transition: { ...top.transition, ...other.transition } }, watched },
  }
}

function randomRuleset(chance: Chance, known: readonly string[], calm: boolean): RulesetPlan {
  const busy = known.filter((name) => BUSY.includes(name))
  const plan: RulesetPlan = {
    mode: 'live',
    available: { crm: AVAILABLE, telephony: AVAILABLE },
    rows: distinct(Array.from({ length: chance.between(1, 6) }, () => randomRow(chance, known))),
    transition: {},
    unmapped: {},
    noSync: {},
    login: chance.pick(['follow', 'lead'] as const),
    startup: chance.pick(['adopt', 'adopt', 'crm', 'telephony'] as const),
    prefer: chance.pick(['latest', 'crm', 'telephony', 'less_available'] as const),
    windowMs: chance.pick([0, 500, 2_000, 2_000, 5_000]),
    blocking: {},
    writesPerMinute: calm ? 1_000 : chance.pick([4, 10, 10, 60]),
    freezeMs: chance.pick([10_000, 60_000]),
    massLogoutShare: chance.pick([0.3, 0.3, 0.6]),
    confirmWithinMs: calm ? 10_000 : chance.pick([3_000, 10_000, 10_000, 30_000]),
  }
  const inRows = new Set(plan.rows.flatMap((row) => [...row.crm, ...row.telephony]))
  const free = busy.filter((name) => !inRows.has(name))
  for (const side of SIDES) {
    if (chance.hits(0.7)) plan.transition[side] = randomTransition(chance, known, busy)
    if (chance.hits(0.2)) plan.unmapped[side] = chance.pick(busy)
    if (chance.hits(0.8)) plan.blocking[side] = randomBlocking(chance, busy)
    if (free.length > 0 && chance.hits(0.3)) plan.noSync[side] = [chance.pick(free)]
  }
  return plan
}

function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

function randomBlocking(chance: Chance, busy: readonly string[]) {
  return {
    status: chance.pick(busy),
    channels: chance.some(CHANNELS, 2),
    from: chance.pick(['offered', 'accepted'] as const),
    minItems: chance.pick([1, 1, 2]),
    wrapUp: chance.hits(0.5),
    releaseAfterMs: chance.pick([0, 0, 5_000]),
    onOverride: chance.pick(['reassert', 'allow'] as const),
  }
}

function randomRow(chance: Chance, known: readonly string[]): Row {
  const names = chance.hits(0.1) ? [...known, OFFLINE] : known
  return {
    crm: chance.some(names, 2),
    telephony: chance.some(names, 2),
    direction: chance.pick(['both', 'both', 'to_crm', 'to_telephony'] as const),
  }
}

function randomTransition(chance: Chance, known: readonly string[], busy: readonly string[]) {
  const status = chance.pick(busy)
  return chance.hits(0.3) ? { status, forMs: 3_000, end: chance.pick(known) } : { status }
}
