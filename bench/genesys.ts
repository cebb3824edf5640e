// 10,000 agents on the stand-in of Genesys Cloud at its limit of 300 calls a minute: a cold start, an hour of nothing, all channels lost at once,
// and a shift change. Minutes are the stand-in's; the clock runs faster than the machine's, so what the machine itself takes counts several times.

import { type Hall, type Label, openHall } from './genesys-hall.ts'
import { type Table, whole } from './table.ts'

const AGENTS = 10_000
const CHANGING = 2_000
const SHIFT_MS = 60_000
const STEADY_MS = 20.5 * 60_000
const MISSED = 200
const PER_BULK = 50
const LIMIT = 300
/** How much faster the clock runs: where the machine has much to do, and where it waits. */
const BUSY_SPEED = 4
const QUIET_SPEED = 20
const PATIENCE_MS = 20 * 60_000

type Part = { readonly tookMs: number; readonly calls: ReadonlyMap<string, number>; readonly refused: number }
type Shift = Part & {
  readonly blocks: number
  readonly blocksMs: number
  readonly slowestBlockMs: number
  readonly wrong: number
}

export type GenesysFigures = {
  readonly cold: Part
  readonly progress: readonly string[]
  readonly steady: Part
  readonly lost: Part & { readonly missed: number; readonly links: string }
  readonly shift: Shift
}

export async function benchGenesys(note: (line: string) => void): Promise<GenesysFigures> {
  const hall = await openHall(AGENTS)
  try {
    hall.clock.speed(BUSY_SPEED)
    const cold = await measured(hall, async () => {
      await hall.adapter.roster()
      await hall.start()
      // The adapter tells of calls from its start on; its budget counts all.
      const counted = Number(hall.adapter.health().details.callsInLastMinute)
      const told = [...hall.calls.values()].reduce((sum, count) => sum + count, 0)
      hall.calls.set('for statuses and roster', counted - told)
    })
    note('started')
    hall.clock.speed(QUIET_SPEED)
    const steady = await measured(hall, () => passed(hall, STEADY_MS))
    note('quiet for a while')
    hall.clock.speed(BUSY_SPEED)
    const lost = await loseAll(hall)
    note('channels lost and open again')
    await passed(hall, 61_000)
    const shift = await changeShift(hall)
    return { cold, progress: hall.progress, steady, lost, shift }
  } finally {
    await hall.close()
  }
}

async function measured(hall: Hall, act: () => Promise<void>): Promise<Part> {
  const [from, before, refused] = [hall.clock.now(), new Map(hall.calls), hall.refused()]
  await act()
  const counts = [...hall.calls].map(([operation, count]) => [operation, count - (before.get(operation) ?? 0)] as const)
  const calls = new Map(counts.filter(([, count]) => count > 0))
  return { tookMs: hall.clock.now() - from, calls, refused: hall.refused() - refused }
}

/** Everybody's channel is forgotten by the platform; meanwhile people change whom nobody hears. */
async function loseAll(hall: Hall): Promise<GenesysFigures['lost']> {
  const linksBefore = hall.links.length
  const part = await measured(hall, async () => {
    hall.server.faults.evictChannels()
    for (let at = 0; at < MISSED; at++) hall.model.setPresence(hall.members[at]?.users.telephony ?? '', 'Break')
    const last = () => Array.from({ length: MISSED }, (_, at) => at).every((at) => hall.crm(at) === 'Break')
    await until(hall, () => hall.links.at(-1) === true && hall.links.length > linksBefore && last())
  })
  const missed = Array.from({ length: MISSED }, (_, at) => hall.crm(at)).filter((label) => label !== 'Break').length
  const links = hall.links.slice(linksBefore).map((up) => (up ? 'up' : 'down'))
  return { ...part, missed, links: links.join(', ') }
}

/** Half of those who change leave the queue: these are blocks. The others come from a break or go on to something else. */
async function changeShift(hall: Hall): Promise<Shift> {
  const first = 1_000
  const targets = Array.from(
    { length: CHANGING },
    (_, at): Label => (at % 2 === 0 ? 'Meal' : at % 4 === 1 ? 'Training' : 'Meeting'),
  )
  // Every second one is not on the queue before the shift ends.
  for (let at = 1; at < CHANGING; at += 2)
    hall.model.setPresence(hall.members[first + at]?.users.telephony ?? '', 'Break')
  await until(hall, () => targets.every((_, at) => at % 2 === 0 || hall.crm(first + at) === 'Break'))
  await passed(hall, 61_000)
  const askedAt = new Map<number, number>()
  const stoodAt = new Map<number, number>()
  hall.onStood((agent, label) => {
    if (label === targets[agent - first] && !stoodAt.has(agent)) stoodAt.set(agent, hall.clock.now())
  })
  const from = hall.clock.now()
  const part = await measured(hall, async () => {
    for (let made = 0; made < CHANGING; ) {
      const due = Math.min(CHANGING, Math.ceil(((hall.clock.now() - from) * CHANGING) / SHIFT_MS))
      for (; made < due; made++) {
        askedAt.set(first + made, hall.clock.now())
        hall.choose(first + made, targets[made] ?? 'Meal')
      }
      await realMs(2)
    }
    await until(hall, () => stoodAt.size === CHANGING)
  })
  const blocks = [...stoodAt].filter(([agent]) => (agent - first) % 2 === 0)
  const wrong = targets.filter((label, at) => hall.telephony(first + at) !== label || hall.crm(first + at) !== label)
  return {
    ...part,
    blocks: blocks.length,
    blocksMs: Math.max(...blocks.map(([, at]) => at)) - from,
    slowestBlockMs: Math.max(...blocks.map(([agent, at]) => at - (askedAt.get(agent) ?? at))),
    wrong: wrong.length,
  }
}

function passed(hall: Hall, ms: number): Promise<void> {
  return new Promise((resolve) => void hall.clock.after(ms, resolve))
}

function realMs(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}

async function until(hall: Hall, done: () => boolean): Promise<void> {
  const patience = hall.clock.now() + PATIENCE_MS
  while (!done() && hall.clock.now() < patience) await realMs(5)
}

export function genesysTables({ cold, progress, steady, lost, shift }: GenesysFigures): readonly Table[] {
  const perHour = (totalOf(steady) * 3_600_000) / steady.tookMs
  return [
    {
      title: `Genesys Cloud, ${whole(AGENTS)} agents, ${LIMIT} calls a minute allowed`,
      head: ['', 'time', 'calls', 'refused', 'of which'],
      rows: [
        row('cold start', cold),
        row(`nothing happens for ${STEADY_MS / 60_000} min (${whole(perHour)} calls an hour)`, steady),
        row(`all channels lost, ${MISSED} changes meanwhile, ${lost.missed} missed; link ${lost.links}`, lost),
        row(`${whole(CHANGING)} people change within ${SHIFT_MS / 1_000} s, ${shift.wrong} wrong in the end`, shift),
      ],
    },
    {
      title: 'Shift change, beside the least that is possible',
      head: ['', 'bridge', 'one call each', `${PER_BULK} a call`],
      rows: [
        [`all ${whole(shift.blocks)} blocks stand`, seconds(shift.blocksMs), seconds(SHIFT_MS), seconds(SHIFT_MS)],
        ['slowest block, from the change', seconds(shift.slowestBlockMs), '', ''],
        ['all statuses stand', seconds(shift.tookMs), seconds((CHANGING / LIMIT) * 60_000), seconds(SHIFT_MS)],
        ['calls a change', (totalOf(shift) / CHANGING).toFixed(3), '1', (1 / PER_BULK).toFixed(3)],
      ],
    },
    { title: 'What the log told of long readings', head: ['line'], rows: progress.slice(0, 3).map((line) => [line]) },
  ]
}

function row(what: string, part: Part): readonly string[] {
  const kinds = [...part.calls].map(([operation, count]) => `${count} ${operation}`).join(', ')
  return [what, seconds(part.tookMs), whole(totalOf(part)), whole(part.refused), kinds]
}

function totalOf({ calls }: Part): number {
  return [...calls.values()].reduce((sum, count) => sum + count, 0)
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
