// Records name statuses by label, rules know them by id: from one to the other, by what the platforms had.

import type { Catalogue } from '../domain/platform.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId } from '../domain/side.ts'

export type Names = {
  /** The label itself where no platform had it. */
  id(side: Side, label: string): StatusId
  label(side: Side, id: StatusId): string
  /** What a platform had at some time; what was learned first wins. */
  learn(catalogue: BySide<Catalogue>): void
  /** Labels that more than one status has: they are taken for the one that was learned first. */
  ambiguous(): number
}

export function createNames(): Names {
  const ids: BySide<Map<string, StatusId>> = { crm: new Map(), telephony: new Map() }
  const labels: BySide<Map<StatusId, string>> = { crm: new Map(), telephony: new Map() }
  const ambiguous = new Set<string>()
  return {
    // Without a catalogue the name is the id, as in the rules.
    id: (side, label) => (label === OFFLINE ? OFFLINE : (ids[side].get(label) ?? (label as StatusId))),
    label: (side, id) => labels[side].get(id) ?? id,
    learn(catalogue) {
      for (const side of SIDES) {
        for (const { id, label } of catalogue[side].statuses) {
          const known = ids[side].get(label)
          if (known !== undefined && known !== id) ambiguous.add(`${side} ${label}`)
          if (known === undefined) ids[side].set(label, id)
          if (!labels[side].has(id)) labels[side].set(id, label)
        }
      }
    },
    ambiguous: () => ambiguous.size,
  }
}
