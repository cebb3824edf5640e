// Events that may be older than the last reading, such as those that are replayed after a cut: they are not told, the people are read instead.
// Where nobody can be read, because the API calls are used up, they are believed after a while: then events are all that there is.

import type { Cancel, Clock } from '../../../domain/clock.ts'
import type { StatusReport, WorkReport } from '../../../domain/report.ts'
import type { PlatformUserId } from '../../../domain/side.ts'
import type { Memory } from '../memory.ts'

type Doubts = {
  add(user: PlatformUserId, report: StatusReport | WorkReport): void
  stop(): void
}

/** What was not told of one person, and the reading that it may be older than. */
type Doubt = { readonly asOf: number; readonly reports: readonly (StatusReport | WorkReport)[] }

/** How long people are collected before they are read: replayed events come in crowds. */
const COLLECT_MS = 100
/** How long their reading is waited for. */
const PATIENCE_MS = 3_000
/** Reports of one person that wait for it; the last ones say how it stands. */
const REPORTS_MAX = 20

export function createDoubts(deps: { readonly clock: Clock; readonly memory: Memory }): Doubts {
  const { clock, memory } = deps
  /** At most the people who are watched. */
  let collected = new Map<PlatformUserId, Doubt>()
  let collecting: Cancel | null = null
  /** At most PATIENCE_MS / COLLECT_MS. */
  const waiting = new Set<Cancel>()

  function ask(): void {
    collecting = null
    const doubts = collected
    collected = new Map()
    memory.gap('it is not known whether events came before or after the last reading', [...doubts.keys()])
    const cancel = clock.after(PATIENCE_MS, () => {
      waiting.delete(cancel)
      believe(doubts)
    })
    waiting.add(cancel)
  }

  function believe(doubts: ReadonlyMap<PlatformUserId, Doubt>): void {
    for (const [user, { asOf, reports }] of doubts) {
      if (memory.readAsOf(user) === asOf) for (const report of reports) memory.tell(user, report)
    }
  }

  return {
    add(user, report) {
      if (!memory.watches(user)) return
      const reports = [...(collected.get(user)?.reports ?? []), report].slice(-REPORTS_MAX)
      collected.set(user, { asOf: memory.readAsOf(user), reports })
      collecting ??= clock.after(COLLECT_MS, ask)
    },
    stop() {
      collecting?.()
      for (const cancel of waiting) cancel()
      waiting.clear()
    },
  }
}
