// What a replay cannot play as it was: counted by kind, so that nobody takes a replay for more than it is.

import type { ServiceEvent } from '../domain/history.ts'
import type { LogRecord, WriteOutcome } from '../domain/record.ts'

/** In the order in which they are told. */
const LEFT_OUT = {
  refused: { what: 'writes that the platform refused', how: 'played as done' },
  failed: { what: 'writes that were given up', how: 'played as done' },
  ignored: { what: 'writes that the platform took and did not do', how: 'played as done' },
  not_taken: { what: 'writes that the platform had not taken yet', how: 'played as done' },
  shadow: { what: 'writes withheld in shadow mode', how: 'withheld here too' },
  paused: { what: 'writes withheld while paused', how: 'withheld here too' },
  drift: { what: 'looks at an agent that found a difference nobody reported', how: 'nothing drifts here' },
  suspect: { what: 'log-outs held in a burst', how: 'only what was believed in the end is played' },
  late: { what: 'reports that came late or twice', how: 'left out' },
  link_down: {
    what: 'times that a link was lost',
    how: 'what was read afterwards is played at the time of the reading',
  },
  bridge_down: {
    what: 'times that the bridge did not run',
    how: 'what was read afterwards is played at the time of the reading',
  },
  in_the_middle: {
    what: 'agents whose records begin in the middle',
    how: 'where they stood is taken from the first records',
  },
  strangers: { what: 'records about people who are not kept in step', how: 'left out' },
  chasing: { what: 'times that the rules chased each other without end', how: 'cut short' },
  ambiguous: { what: 'labels that several statuses have', how: 'taken for the first of them' },
} as const

/** "writes that the platform refused (3): played as done" */
export function leftOutWords({ kind, count }: { readonly kind: LeftOutKind; readonly count: number }): string {
  const { what, how } = LEFT_OUT[kind]
  return `${what} (${count.toLocaleString('en')}): ${how}`
}

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
        if (kind === 'started' && aliveUntil !== undefined) count('bridge_down')
      }
    },
    found: () =>
      (Object.keys(LEFT_OUT) as LeftOutKind[]).flatMap((kind) => {
        const times = counts.get(kind) ?? 0
        return times === 0 ? [] : [{ kind, count: times }]
      }),
  }
}
