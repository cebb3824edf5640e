// R20: the reading every now and then that repairs drift nobody reported; less often where a platform's calls run out.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { PlatformAdapter } from '../domain/platform.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import { createBudgetWatch } from './budgets.ts'

export function readPeriodically(deps: {
  readonly clock: Clock
  readonly log: Log
  readonly everyMs: number
  readonly adapters: BySide<Pick<PlatformAdapter, 'health'>>
  readonly read: (side: Side) => void
}): Cancel {
  const { clock, adapters } = deps
  const watch = createBudgetWatch(deps)
  const skipped = { crm: 0, telephony: 0 }
  let cancel = plan()

  function plan(): Cancel {
    return clock.after(deps.everyMs, () => {
      for (const side of SIDES) turn(side)
      cancel = plan()
    })
  }

  function turn(side: Side): void {
    const pace = watch.look(side, adapters[side].health().budgets ?? [])
    if (skipped[side] + 1 < pace) {
      skipped[side] += 1
      return
    }
    skipped[side] = 0
    deps.read(side)
  }

  return () => cancel()
}
