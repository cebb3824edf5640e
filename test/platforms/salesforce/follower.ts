// Who listens to an adapter as the bridge does: takes reports by their times, and reads anew after each way up of the link and each gap.
// What it believes is what the bridge would believe; a test compares it with the org.

import type { PlatformAdapter, PlatformSink } from '../../../src/domain/platform.ts'
import type { PlatformUserId, StatusId } from '../../../src/domain/side.ts'
import { cleanup } from './kit.ts'

export type Follower = {
  readonly sink: PlatformSink
  /** What is believed of everybody. */
  believes(): Readonly<Record<string, StatusId>>
  readonly links: readonly boolean[]
  readonly gaps: readonly string[]
  /** Status reports of this person that came from the stream. */
  reports(user: PlatformUserId): number
  /** Reads everybody every so often, as the bridge does every five minutes. */
  readEvery(realMs: number): void
}

type Belief = { readonly status: StatusId; readonly at: number; readonly heard: number }

export function createFollower(adapter: Pick<PlatformAdapter, 'snapshot'>, users: readonly PlatformUserId[]): Follower {
  const beliefs = new Map<PlatformUserId, Belief>()
  const counts = new Map<PlatformUserId, number>()
  const links: boolean[] = []
  const gaps: string[] = []
  let turn = 0
  let over = false
  let asked = false
  let reading = false
  cleanup(() => {
    over = true
  })

  async function readAgain(): Promise<void> {
    asked = true
    if (reading) return
    reading = true
    while (asked && !over) {
      asked = false
      const begun = ++turn
      try {
        const found = await adapter.snapshot(users)
        for (const [user, { status, stamp }] of found) {
          const known = beliefs.get(user)
          const isNewer = known === undefined || known.heard < begun || known.at < stamp.at
          if (isNewer) beliefs.set(user, { status, at: Math.max(stamp.at, known?.at ?? 0), heard: ++turn })
        }
      } catch {
        asked = true
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    reading = false
  }

  const sink: PlatformSink = {
    report(user, report) {
      if (report.kind !== 'status') return
      counts.set(user, (counts.get(user) ?? 0) + 1)
      const known = beliefs.get(user)
      if (known !== undefined && report.stamp.at < known.at) return
      beliefs.set(user, { status: report.status, at: report.stamp.at, heard: ++turn })
    },
    link({ up }) {
      links.push(up)
      if (up) void readAgain()
    },
    gap(why) {
      gaps.push(why)
      void readAgain()
    },
    reachable() {},
    call() {},
  }
  return {
    sink,
    believes: () => Object.fromEntries([...beliefs].map(([user, { status }]) => [user, status])),
    links,
    gaps,
    reports: (user) => counts.get(user) ?? 0,
    readEvery(realMs) {
      const timer = setInterval(() => void readAgain(), realMs)
      cleanup(() => clearInterval(timer))
    },
  }
}
