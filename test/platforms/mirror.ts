// The other side of a conformance test: a platform in memory that does at once what it is told, so that what it shows is what the bridge made of
// the platform under test.

import type { Catalogue, PlatformAdapter, PlatformSink } from '../../src/domain/platform.ts'
import { OFFLINE, type PlatformUserId, type Side, type StatusId } from '../../src/domain/side.ts'

export type Mirror = {
  readonly adapter: PlatformAdapter
  shown(user: PlatformUserId): string
  choose(user: PlatformUserId, status: string): void
}

/** `statuses`: its names, the first of which takes work. People are logged in, in the first. */
export function createMirror(at: {
  readonly side: Side
  readonly people: readonly PlatformUserId[]
  readonly statuses: readonly string[]
}): Mirror {
  const [first = ''] = at.statuses
  const shown = new Map<PlatformUserId, { status: StatusId; at: number }>()
  const now = (user: PlatformUserId) => Math.max(Date.now(), (shown.get(user)?.at ?? 0) + 1)
  let sink: PlatformSink | null = null
  for (const user of at.people) shown.set(user, { status: first as StatusId, at: Date.now() - 60_000 })

  function set(user: PlatformUserId, status: StatusId, by: 'agent' | 'unknown'): void {
    if (shown.get(user)?.status === status) return
    const stamp = { at: now(user) }
    shown.set(user, { status, at: stamp.at })
    sink?.report(user, { kind: 'status', status, stamp, by })
  }

  const catalogue: Catalogue = {
    statuses: [...at.statuses, OFFLINE].map((name, index) => ({
      id: name as StatusId,
      label: name,
      apiName: name,
      available: index === 0,
      settable: true,
    })),
    channels: [],
  }

  return {
    shown: (user) => shown.get(user)?.status ?? OFFLINE,
    choose: (user, status) => set(user, status as StatusId, 'agent'),
    adapter: {
      side: at.side,
      title: 'the mirror',
      catalogue: async () => catalogue,
      roster: async () => [],
      async start(_users, to) {
        sink = to
        to.link({ up: true, why: 'in memory' })
      },
      snapshot: async (users) =>
        new Map(
          users.flatMap((user) => {
            const spell = shown.get(user)
            return spell ? [[user, { status: spell.status, stamp: { at: spell.at }, work: [] }] as const] : []
          }),
        ),
      async setStatus(user, status) {
        set(user, status, 'unknown')
        return { kind: 'accepted' }
      },
      health: () => ({ link: { up: true, since: 0, why: 'in memory' }, details: {} }),
      stop: async () => {
        sink = null
      },
    },
  }
}
