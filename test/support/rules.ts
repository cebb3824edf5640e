// Builds rules without a mapping file, for tests of the engine.

import type { Blocking, Partner, Ruleset, Transition } from '../../src/domain/rules.ts'
import { type BySide, SIDES, type Side, type StatusId } from '../../src/domain/side.ts'

export type Row = { crm: string[]; telephony: string[]; direction?: 'both' | 'to_crm' | 'to_telephony' }

export type Sketch = {
  available: BySide<string[]>
  rows: Row[]
  /** What the platforms have; left out: not known. */
  statuses?: Partial<BySide<string[]>>
  transition?: Partial<BySide<{ status: string; forMs?: number; end?: string }>>
  unmapped?: Partial<BySide<string>>
  noSync?: Partial<BySide<string[]>>
  login?: 'follow' | 'lead'
  prefer?: Ruleset['conflict']['prefer']
  blocking?: Partial<
    BySide<{
      status: string
      channels?: string[]
      from?: 'offered' | 'accepted'
      minItems?: number
      wrapUp?: boolean
      releaseAfterMs?: number
      onOverride?: 'reassert' | 'allow'
    }>
  >
}

export const id = (name: string) => name as StatusId

export function ruleset(sketch: Sketch): Ruleset {
  return {
    profile: null,
    mode: 'live',
    available: bySide((side) => new Set(sketch.available[side].map(id))),
    exclusive: false,
    statuses: bySide((side) => {
      const statuses = sketch.statuses?.[side]
      return statuses === undefined ? null : new Set(statuses.map(id))
    }),
    partners: bySide((side) => partners(sketch.rows, side)),
    related: (crm, telephony) => sketch.rows.some((r) => r.crm.includes(crm) && r.telephony.includes(telephony)),
    transition: bySide((side) => transition(sketch, side)),
    unmapped: bySide((side) => {
      const status = sketch.unmapped?.[side]
      return status === undefined ? null : { status: id(status), rule: 'unmapped' }
    }),
    noSync: bySide((side) => new Map((sketch.noSync?.[side] ?? []).map((s) => [id(s), 'no_sync']))),
    login: sketch.login ?? 'follow',
    startup: 'adopt',
    conflict: { prefer: sketch.prefer ?? 'latest', windowMs: 2_000 },
    blocking: bySide((side) => blocking(sketch, side)),
    limits: { writesPerMinute: 10, freezeMs: 60_000, massLogoutShare: 0.3 },
    confirmWithinMs: 10_000,
  }
}

function bySide<T>(make: (side: Side) => T): BySide<T> {
  return { crm: make('crm'), telephony: make('telephony') }
}

function partners(rows: Row[], side: Side): Map<StatusId, readonly Partner[]> {
  const other = SIDES[side === 'crm' ? 1 : 0]
  const found = new Map<StatusId, Partner[]>()
  for (const [index, row] of rows.entries()) {
    const direction = row.direction ?? 'both'
    if (direction !== 'both' && direction !== `to_${other}`) continue
    for (const from of row[side]) {
      const list = found.get(id(from)) ?? []
      for (const to of row[other]) {
        if (!list.some((p) => p.status === to)) list.push({ status: id(to), rule: `row ${index + 1}` })
      }
      found.set(id(from), list)
    }
  }
  return found
}

function transition(sketch: Sketch, side: Side): Transition | null {
  const t = sketch.transition?.[side]
  if (t === undefined) return null
  const ends = t.forMs === undefined || t.end === undefined ? null : { afterMs: t.forMs, status: id(t.end) }
  return { status: id(t.status), rule: `transition ${side}`, ends }
}

function blocking(sketch: Sketch, side: Side): Blocking | null {
  const b = sketch.blocking?.[side]
  if (b === undefined) return null
  return {
    channels: b.channels === undefined ? null : new Set(b.channels),
    from: b.from ?? 'offered',
    minItems: b.minItems ?? 1,
    wrapUp: b.wrapUp ?? true,
    status: id(b.status),
    releaseAfterMs: b.releaseAfterMs ?? 0,
    onOverride: b.onOverride ?? 'reassert',
    rule: `blocking ${side}`,
  }
}
