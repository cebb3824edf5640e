// One moment of a timeline: what stands on each side, since when, and who has made it so.

import type { BySide, Side } from '../domain/side.ts'
import type { BlockSpell, ExposureSpell, Gap, StatusSpell, Timeline, WorkSpell, WriteMark } from '../domain/timeline.ts'
import type { WorkState } from '../domain/work.ts'
import { bySide } from './by-side.ts'

export type SideMoment = {
  /** Null where it is not known. */
  readonly status: StatusSpell | null
  readonly block: BlockSpell | null
  readonly exposure: ExposureSpell | null
  /** Open then, each with the state it was in. */
  readonly work: readonly (Pick<WorkSpell, 'item' | 'channel' | 'from'> & { readonly state: WorkState | null })[]
  /** The last one that was decided until then. */
  readonly write: WriteMark | null
  /** It was not settled then. */
  readonly waits: boolean
}

export type Moment = { readonly at: string; readonly sides: BySide<SideMoment>; readonly gaps: readonly Gap[] }

type Lasting = { readonly from: string; readonly to: string | null }

export function lastsAt({ from, to }: Lasting, at: string): boolean {
  return from <= at && (to === null || to > at)
}

export function momentOf({ lanes, gaps }: Timeline, at: string): Moment {
  const side = (of: Side): SideMoment => {
    const lane = lanes[of]
    const write = lane.writes.findLast((w) => w.at <= at) ?? null
    return {
      status: lane.statuses.findLast((s) => lastsAt(s, at)) ?? null,
      block: lane.blocks.findLast((s) => lastsAt(s, at)) ?? null,
      exposure: lane.exposures.findLast((s) => lastsAt(s, at)) ?? null,
      work: lane.work
        .filter((s) => lastsAt(s, at))
        .map(({ item, channel, from, states }) => ({
          item,
          channel,
          from,
          state: states.findLast((s) => s.at <= at)?.state ?? states[0]?.state ?? null,
        })),
      write,
      waits: write !== null && isOpenAt(write, at) && !isOvertaken(lane.statuses, write, at),
    }
  }
  return { at, sides: bySide(side), gaps: gaps.filter((gap) => lastsAt(gap, at)) }
}

/** Not settled yet, by what is known now. */
function isOpenAt({ outcome, at: decided, ms }: WriteMark, at: string): boolean {
  if (outcome === 'shadow' || outcome === 'paused') return false
  if (outcome === 'waiting' || outcome === 'sent') return true
  return ms !== null && Date.parse(decided) + ms > Date.parse(at)
}

/** The side shows another status since: whatever became of the write, it is not waited for any more. */
function isOvertaken(statuses: readonly StatusSpell[], write: WriteMark, at: string): boolean {
  return statuses.some((s) => s.from > write.at && s.from <= at)
}
