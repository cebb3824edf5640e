// R20: reads one side again, after a gap and every now and then. One reading at a time; what is asked meanwhile is read next.

import type { PlatformAdapter } from '../domain/platform.ts'
import type { Reading } from '../domain/report.ts'
import type { PlatformUserId, Side } from '../domain/side.ts'
import type { Arrivals } from './arrivals.ts'
import { type Patience, untilItWorks } from './patience.ts'
import { saneReadings } from './sane.ts'

export type Readings = { readonly of: ReadonlyMap<string, Reading>; readonly begunAt: number }

export type Resync = {
  /** Null: everybody. `lost`: writes under way are taken for lost, because the link was. */
  ask(users: readonly PlatformUserId[] | null, lost: boolean): void
}

export function createResync(deps: {
  readonly side: Side
  readonly adapter: Pick<PlatformAdapter, 'snapshot'>
  readonly everybody: readonly PlatformUserId[]
  readonly patience: Patience
  readonly arrivals: Arrivals
  readonly failed: (why: string | null) => void
  readonly done: (readings: Readings, lost: boolean) => void
}): Resync {
  let asked: { users: Set<PlatformUserId> | null; lost: boolean } | null = null
  let running = false

  async function run(): Promise<void> {
    running = true
    try {
      while (asked !== null) {
        const { users, lost } = asked
        asked = null
        deps.done(await readSide(deps, users === null ? deps.everybody : [...users]), lost)
      }
    } catch {
      // Stopped: nothing is read any more.
    } finally {
      running = false
    }
  }

  return {
    ask(users, lost) {
      const before = asked
      const everybody = users === null || before?.users === null
      asked = {
        users: everybody ? null : new Set([...(before?.users ?? []), ...users]),
        lost: lost || (before?.lost ?? false),
      }
      if (!running) void run()
    },
  }
}

/** Reads until it works; rejects only when stopped. */
export async function readSide(
  deps: {
    readonly side: Side
    readonly adapter: Pick<PlatformAdapter, 'snapshot'>
    readonly patience: Patience
    readonly arrivals: Arrivals
    readonly failed: (why: string | null) => void
  },
  users: readonly PlatformUserId[],
): Promise<Readings> {
  let begunAt = 0
  const of = await untilItWorks(deps.patience, {
    what: `reading ${deps.side}`,
    failed: deps.failed,
    run() {
      begunAt = deps.arrivals.next()
      return deps.adapter.snapshot(users)
    },
  })
  return { of: saneReadings(of), begunAt }
}
