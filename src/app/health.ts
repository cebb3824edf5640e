// What must be true for the bridge to be ready, and since when it is not.

import type { Clock } from '../domain/clock.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'

/** A link that is down for longer makes the bridge not ready. */
const LINK_GRACE_MS = 60_000

type HealthCheck = { readonly name: string; readonly ok: boolean; readonly why: string }

type SideHealth = {
  /** Why the side could not be read lately; null: it could. */
  unread: string | null
  linkDownSince: number | null
  linkWhy: string
}

export type Health = {
  read(side: Side, why: string | null): void
  link(side: Side, up: boolean, why: string): void
  began(): void
  /** From here on it is not ready any more. */
  stopping(): void
  checks(): readonly HealthCheck[]
}

export function createHealth(deps: { readonly clock: Clock; readonly journalOk: () => boolean }): Health {
  const { clock } = deps
  let begun = false
  let stopping = false
  const sides: BySide<SideHealth> = { crm: newSide(clock.now()), telephony: newSide(clock.now()) }

  function linkCheck(side: Side): HealthCheck {
    const { linkDownSince, linkWhy } = sides[side]
    const name = `${side} link`
    if (linkDownSince === null) return { name, ok: true, why: 'the event stream is open' }
    const downMs = clock.now() - linkDownSince
    return { name, ok: begun && downMs <= LINK_GRACE_MS, why: `down for ${Math.round(downMs / 1000)} s: ${linkWhy}` }
  }

  function readCheck(side: Side): HealthCheck {
    const { unread } = sides[side]
    const ok = begun || unread === null
    return { name: `${side} read`, ok: ok && begun, why: unread ?? (begun ? 'read' : 'not read yet') }
  }

  return {
    read(side, why) {
      sides[side].unread = why
    },
    link(side, up, why) {
      const s = sides[side]
      if (up) s.linkDownSince = null
      else s.linkDownSince ??= clock.now()
      s.linkWhy = why
    },
    began() {
      begun = true
    },
    stopping() {
      stopping = true
    },
    checks: () => [
      ...SIDES.flatMap((side) => [readCheck(side), linkCheck(side)]),
      journalCheck(deps.journalOk()),
      ...(stopping ? [STOPPING] : []),
    ],
  }
}

/** Told only while it is so: whoever sends people here shall stop doing that. */
const STOPPING: HealthCheck = { name: 'stopping', ok: false, why: 'the bridge was told to stop' }

function newSide(now: number): SideHealth {
  return { unread: 'not read yet', linkDownSince: now, linkWhy: 'not opened yet' }
}

function journalCheck(ok: boolean): HealthCheck {
  return { name: 'journal', ok, why: ok ? 'written' : 'cannot be written; see the service log' }
}
