// Where in the drawing the bands of a lane are, px. Pure.

import type { Side } from '../domain/side.ts'
import type { Item } from './timeline-items.ts'

export const AXIS_PX = 26
const NAME_PX = 18
const STATUS_PX = 26
const WORK_ROW_PX = 17
const LANE_GAP_PX = 16

export type LaneBox = { readonly top: number; readonly workRows: number }

export function laneBox(top: number, workRows: number): LaneBox {
  return { top, workRows }
}

const WORK_TOP_PX = NAME_PX + 8 + STATUS_PX + 22

export function laneHeight(workRows: number): number {
  return WORK_TOP_PX + workRows * WORK_ROW_PX + LANE_GAP_PX
}

/** From the top of the drawing, and how high. */
export function bandOf(
  item: Pick<Item, 'kind' | 'side' | 'row'>,
  { boxes, height }: { readonly boxes: Readonly<Record<Side, LaneBox>>; readonly height: number },
): { readonly y: number; readonly height: number } {
  const { side } = item
  if (side === null) return { y: AXIS_PX, height: height - AXIS_PX }
  const { top, workRows } = boxes[side]
  const status = top + NAME_PX + 8
  switch (item.kind) {
    case 'gap':
      return { y: top + NAME_PX, height: laneHeight(workRows) - NAME_PX - LANE_GAP_PX / 2 }
    case 'exposure':
      return { y: top + NAME_PX, height: 6 }
    case 'status':
      return { y: status, height: STATUS_PX }
    case 'block':
      return { y: status + STATUS_PX + 2, height: 5 }
    case 'write':
      return { y: status + STATUS_PX + 8, height: 10 }
    case 'work':
      return { y: top + WORK_TOP_PX + item.row * WORK_ROW_PX, height: WORK_ROW_PX - 3 }
  }
}
