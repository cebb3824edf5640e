// What a replay cannot play as it was: counted by kind, so that nobody takes a replay for more than it is.

import type { ServiceEvent } from '../domain/history.ts'
import type { LogRecord, WriteOutcome } from '../domain/record.ts'

/** In the order in which they are told. */
export const LEFT_OUT = {
  refused: 'writes that the platform refused: played as done',
  failed: 'writes that were given up: played as done',
  ignored: 'writes that the platform took and did not do: played as done',
  not_taken: 'writes that the platform had not taken yet: played as done',
  shadow: 'writes withheld in shadow mode: withheld here too',
  paused: 'writes withheld while paused: withheld here too',
  drift: 'looks at an agent that found a difference nobody reported: nothing drifts here',
  suspect: 'log-outs held in a burst: only what was believed in the end is played',
  late: 'reports that came late or twice: left out',
  link_down: 'times that a link was lost: what was read afterwards is played at the time of the reading',
  bridge_down: 'times that the bridge did not run: what was read afterwards is played at the time of the reading',
  in_the_middle: 'agents whose records begin in the middle: where they stood is taken from the first records',
  strangers: 'records about people who are not kept in step: left out',
  chasing: 'times that the rules chased each other without end: cut short',
  ambiguous: 'labels that several statuses have: taken for the first of them',
} as const

export type LeftOutKind = keyof typeof LEFT_OUT

const OF_OUTCOME: Readonly<Partial<Record<WriteOutcome, LeftOutKind>>> = {
  refused: 'refused',
  failed: 'failed',
  ignored: 'ignored',
  waiting: 'not_taken',
  shadow: 'shadow',
  paused: 'paused',
}

export type LeftOut = {
  count(kind: LeftOutKind, times?: number): void
  /** Of a record, what became of its writes. */
  writes(record: LogRecord): void
  service(events: readonly ServiceEvent[]): void
  /** Those that were counted. */
  found(): readonly { readonly kind: LeftOutKind; readonly count: number }[]
}

export function createLeftOut(): LeftOut {
  const counts = new Map<LeftOutKind, number>()
  const count = (kind: LeftOutKind, times = 1) => void counts.set(kind, (counts.get(kind) ?? 0) + times)
  return {
    count,
    writes({ writes }) {
      for (const { outcome } of writes) {
        const kind = OF_OUTCOME[outcome]
        if (kind !== undefined) count(kind)
      }
    },
    service(events) {
      for (const { kind, aliveUntil } of events) {
        if (kind === 'link_down') count('link_down')
        if (kind === 'stopped' || (kind === 'started' && aliveUntil !== undefined)) count('bridge_down')
      }
    },
    found: () =>
      (Object.keys(LEFT_OUT) as LeftOutKind[]).flatMap((kind) => {
        const times = counts.get(kind) ?? 0
        return times === 0 ? [] : [{ kind, count: times }]
      }),
  }
}
