// Draws a run from a seed: who there is, which rules hold, and everything that happens and goes wrong.

import { OFFLINE, otherSide, SIDES } from '../../src/domain/side.ts'
import { type Act, type ActOf, type Faults, NO_FAULTS, type Schedule } from './acts.ts'
import { type Chance, chanceOf } from './chance.ts'
import { CHANNELS, NAMES, NOWHERE, randomPlan } from './rules.ts'

export type SimOptions = { readonly seed: number; readonly agents: number; readonly events: number }

export type What = Act extends infer A ? (A extends Act ? Omit<A, 'id' | 'at'> : never) : never
type Draw = { readonly chance: Chance; readonly agents: number; readonly calm: boolean }

/** In a calm run one act is over before the next begins. */
const CALM_GAPS_MS = [200, 1_000, 1_500, 4_000, 12_000, 30_000]
const GAPS_MS = [0, 1, 20, 200, 1_000, 5_000, 15_000]

/** How often things happen, in parts of whatever the sum is. */
const USUAL: readonly (readonly [number, (draw: Draw) => readonly What[]])[] = [
  [45, person],
  [35, work],
  [2, reload],
  [1, pause],
  [2, resume],
  [1, release],
  [2, restart],
]
const TROUBLES: typeof USUAL = [
  [6, faults],
  [4, link],
  [2, rumour],
  [2, odd],
  [4, again],
  [1, massLogout],
  [2, silence],
  [3, disk],
  [4, crash],
]

export function randomSchedule({ seed, agents, events }: SimOptions): Schedule {
  const chance = chanceOf('schedule', seed)
  const calm = chance.hits(0.35)
  const draw: Draw = { chance, agents, calm }
  const profiled = chance.hits(0.4)
  return {
    seed,
    agents: Array.from({ length: agents }, () => (profiled ? chance.pick([null, 'other', 'watched'] as const) : null)),
    calm,
    plan: randomPlan(chance, { calm }),
    skewMs: { crm: calm ? 0 : chance.between(-2_000, 2_000), telephony: calm ? 0 : chance.between(-2_000, 2_000) },
    versions: { crm: chance.hits(0.3), telephony: chance.hits(0.5) },
    resyncMs: chance.pick([60_000, 60_000, 300_000]),
    acts: randomActs(draw, events),
  }
}

function randomActs(draw: Draw, events: number): Act[] {
  const { chance, calm } = draw
  const table = calm ? USUAL : [...USUAL, ...TROUBLES]
  const parts = table.reduce((sum, [part]) => sum + part, 0)
  const acts: Act[] = []
  let at = 0
  while (acts.length < events) {
    if (chance.hits(0.015))
      for (const what of obstinate(draw)) {
        at += chance.pick([200, 200, 1_000])
        acts.push({ ...what, id: acts.length, at })
      }
    at += chance.hits(0.003) ? 5 * 3_600_000 : chance.pick(calm ? CALM_GAPS_MS : GAPS_MS)
    const drawn = drawFrom(table, chance.next() * parts)
    for (const what of drawn(draw)) acts.push({ ...what, id: acts.length, at })
    if (!calm && chance.hits(0.08)) acts.push({ ...(person(draw)[0] as What), id: acts.length, at }) // at the same instant
  }
  return acts
}

function drawFrom(table: typeof USUAL, dice: number) {
  let left = dice
  for (const [part, what] of table) {
    left -= part
    if (left < 0) return what
  }
  return person
}

function person({ chance, agents, calm }: Draw): readonly [What] {
  const odd = !calm && chance.hits(0.03) ? NOWHERE : null
  const status = odd ?? (chance.hits(0.12) ? OFFLINE : chance.pick(NAMES))
  return [{ kind: 'status', agent: chance.between(0, agents - 1), side: chance.pick(SIDES), status }]
}

function work({ chance, agents }: Draw): readonly What[] {
  const side = chance.pick(SIDES)
  const item = `${side}-${chance.between(1, 3)}`
  const state = chance.pick(['offered', 'accepted', 'wrap_up', 'closed', 'closed', 'declined'] as const)
  return [{ kind: 'work', agent: chance.between(0, agents - 1), side, item, channel: chance.pick(CHANNELS), state }]
}

/** Somebody has work on one side and wants to be available on the other one, again and again (R13). */
function obstinate({ chance, agents }: Draw): readonly What[] {
  const agent = chance.between(0, agents - 1)
  const side = chance.pick(SIDES)
  const other = otherSide(side)
  const choice = (): What => ({ kind: 'status', agent, side, status: chance.pick(NAMES.slice(0, 2)) })
  const items = CHANNELS.map((channel, n): What => {
    return { kind: 'work', agent, side: other, item: `${other}-${n + 1}`, channel, state: 'accepted' }
  })
  return [{ kind: 'status', agent, side: other, status: 'M' }, choice(), ...items, ...[1, 2, 3, 4, 5].map(choice)]
}

function reload({ chance, calm }: Draw): readonly What[] {
  return [{ kind: 'reload', plan: randomPlan(chance, { calm }) }]
}

function somebody({ chance, agents }: Draw): number | null {
  return chance.hits(0.2) ? null : chance.between(0, agents - 1)
}

function pause(draw: Draw): readonly What[] {
  return [{ kind: 'pause', agent: somebody(draw) }]
}

function resume(draw: Draw): readonly What[] {
  return [{ kind: 'resume', agent: somebody(draw) }]
}

function release({ chance, agents }: Draw): readonly What[] {
  return [{ kind: 'release', agent: chance.between(0, agents - 1) }]
}

function restart({ chance, calm }: Draw): readonly What[] {
  const downMs = calm ? 0 : chance.pick([0, 100, 30_000])
  if (calm && chance.hits(0.5)) return [{ kind: 'crash', downMs, torn: 'all' }]
  return [{ kind: 'restart', downMs }]
}

function crash({ chance }: Draw): readonly What[] {
  return [{ kind: 'crash', downMs: chance.pick([0, 100, 30_000]), torn: chance.pick(['all', 'nothing'] as const) }]
}

function faults({ chance }: Draw): readonly What[] {
  const often = () => chance.pick([0, 0, 0.05, 0.3])
  const seldom = () => chance.pick([0, 0, 0, 0.1])
  const one: Faults = {
    loss: chance.pick([0, 0, 0.1]),
    twice: often(),
    delayMs: chance.pick([1, 50, 1_000, 5_000]),
    callMs: chance.pick([1, 50, 1_000, 5_000]),
    transient: often(),
    unheard: often(),
    silent: seldom(),
    refused: seldom(),
    ignored: chance.pick([0, 0, 0.2]),
    limited: chance.pick([0, 0, 0.2]),
  }
  return [{ kind: 'faults', side: chance.pick(SIDES), faults: chance.hits(0.2) ? NO_FAULTS : one }]
}

function link({ chance }: Draw): readonly What[] {
  const side = chance.pick(SIDES)
  const [up, told] = [chance.hits(0.5), chance.hits(0.7)]
  const events: Omit<ActOf<'events'>, 'id' | 'at'> = { kind: 'events', side, up, told }
  const calls: Omit<ActOf<'calls'>, 'id' | 'at'> = { kind: 'calls', side, up, told }
  return chance.pick([[events], [calls], [events, calls]])
}

function rumour({ chance, agents }: Draw): readonly What[] {
  const when = chance.pick(['now', 'now', 'nan', 'far_future', 'long_ago'] as const)
  const status = chance.pick([...NAMES, NOWHERE, OFFLINE])
  return [{ kind: 'rumour', agent: chance.between(0, agents - 1), side: chance.pick(SIDES), status, when }]
}

function odd({ chance, agents }: Draw): readonly What[] {
  const what = chance.pick(['stranger', 'huge', 'huge_item', 'no_end'] as const)
  return [{ kind: 'odd', agent: chance.between(0, agents - 1), side: chance.pick(SIDES), what }]
}

function again({ chance, agents }: Draw): readonly What[] {
  const count = chance.between(1, 6)
  return [{ kind: 'again', agent: chance.between(0, agents - 1), side: chance.pick(SIDES), count }]
}

function massLogout({ chance }: Draw): readonly What[] {
  return [{ kind: 'mass_logout', side: chance.pick(SIDES), real: chance.hits(0.5) }]
}

/** A platform that wants no calls for a while. */
function silence({ chance }: Draw): readonly What[] {
  const forMs = chance.pick([5_000, 30_000, 120_000])
  return [{ kind: chance.pick(['token', 'limit'] as const), side: chance.pick(SIDES), forMs }]
}

function disk({ chance }: Draw): readonly What[] {
  const delayMs = chance.pick([0, 20, 50, 3_000])
  return [{ kind: 'disk', disk: { delayMs, full: chance.hits(0.25), hangs: chance.pick([0, 0, 0.1]) } }]
}
