// Times of which the record cannot tell everything (the bridge or a link was down), and times in which nothing was written (pauses).

import type { ServiceEvent } from '../domain/history.ts'
import type { LogRecord } from '../domain/record.ts'
import type { Side } from '../domain/side.ts'
import type { Gap } from '../domain/timeline.ts'
import { ALWAYS, createSpells, type Spells } from './spells.ts'

type Words = Pick<Gap, 'kind' | 'words'>

export const DOWN: Readonly<Record<Side, Gap['kind']>> = { crm: 'crm_down', telephony: 'telephony_down' }

/** From service events in the order of time. */
export function serviceGaps(events: readonly ServiceEvent[]): readonly Gap[] {
  const bridge = createSpells<Words>()
  const links = { crm: createSpells<Words>(), telephony: createSpells<Words>() }
  for (const event of events) {
    const { kind, side, time } = event
    if (kind === 'stopped') bridge.begin({ kind: 'bridge_down', words: event.words }, time)
    else if (kind === 'started') started(bridge, event)
    else if (kind === 'link_down' && side !== undefined) down(links[side], side, event)
    else if (kind === 'link_up' && side !== undefined) links[side].end(time)
    // Without a bridge there are no links: those of the next one tell of themselves.
    if (kind === 'stopped' || kind === 'started')
      for (const link of Object.values(links)) link.end(event.aliveUntil ?? time)
  }
  return [...bridge.all(), ...links.crm.all(), ...links.telephony.all()].sort(byBegin)
}

/** One that ended without a word was alive until then at least. */
function started(bridge: Spells<Words>, { time, aliveUntil, words }: ServiceEvent): void {
  if (bridge.open() === null && aliveUntil !== undefined && aliveUntil < time)
    bridge.begin({ kind: 'bridge_down', words }, aliveUntil)
  bridge.end(time)
}

function down(link: Spells<Words>, side: Side, { time, words }: ServiceEvent): void {
  if (link.open() === null) link.begin({ kind: DOWN[side], words }, time)
}

/** When the bridge began anew, each with when the one before was last known to be alive. */
export function breaksOf(events: readonly ServiceEvent[]): readonly { readonly at: string; readonly last: string }[] {
  let stopped: string | null = null
  return events.flatMap(({ kind, time, aliveUntil }) => {
    if (kind === 'stopped') stopped = time
    if (kind !== 'started') return []
    const last: string = stopped ?? aliveUntil ?? time
    stopped = null
    return [{ at: time, last }]
  })
}

export type Pauses = {
  take(record: LogRecord): void
  gaps(): readonly Gap[]
}

/** "paused by Anna (training)", as the record of an order begins; "pause", "resume" where nobody said who. */
const PAUSED = /^paused?\b/i
const RESUMED = /^resumed?\b/i

export function createPauses(): Pauses {
  const pauses = createSpells<Words>()
  return {
    take({ event, writes, time }) {
      const what = event.kind === 'admin' ? (event.what ?? '') : ''
      if (RESUMED.test(what)) pauses.end(time)
      else if (PAUSED.test(what)) pauses.begin({ kind: 'paused', words: what }, time)
      else if (writes.some((w) => w.outcome === 'paused')) {
        if (pauses.open() === null)
          pauses.begin({ kind: 'paused', words: 'paused' }, pauses.all().length === 0 ? ALWAYS : time)
      } else if (writes.length > 0) pauses.end(time) // somebody resumed them, though no record of it is left
    },
    gaps: () => pauses.all(),
  }
}

export function byBegin(a: Pick<Gap, 'from'>, b: Pick<Gap, 'from'>): number {
  return a.from < b.from ? -1 : a.from > b.from ? 1 : 0
}
