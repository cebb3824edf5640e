// Where an agent is at rest, in small numbers: a control and the places of both bases in `Shape.names`.

import { type BySide, OFFLINE, type Side } from '../../domain/side.ts'
import type { StatusMove } from './move.ts'
import type { Control } from './rest.ts'
import type { Shape } from './shape.ts'

export type Spot = BySide<number> & { readonly control: Control }

/** Where a side is that may show something else than its base. */
export function shownAt({ names }: Pick<Shape, 'names'>, spot: Spot, side: Side): number {
  const shows = spot.control.shows[side]
  return shows === null ? spot[side] : names[side].indexOf(shows)
}

/** Whether it is the base already is a question of its own: a block may show something else. */
export function kindOfChange({ changes, names }: Shape, spot: Spot, side: Side, status: number): number {
  const width = names.telephony.length
  const place = side === 'crm' ? status * width + spot.telephony : spot.crm * width + status
  return 2 * (changes[side].of[place] ?? 0) + (status === spot[side] ? 1 : 0)
}

export function statusMove({ names }: Pick<Shape, 'names'>, side: Side, status: number): StatusMove {
  return { kind: 'status', side, status: names[side][status] ?? OFFLINE }
}
