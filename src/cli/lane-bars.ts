// The bars of a lane: what lasts on a side at a moment, in three columns.

import type { BlockSpell, Lane } from '../domain/timeline.ts'
import type { Paint } from './paint.ts'

type Lasting = { readonly from: string; readonly to: string | null }

const BLOCKS: Readonly<Record<BlockSpell['phase'], string>> = { standing: '█', quiet: '░', holding: '▒', gave_way: '╎' }

/** The legend of what follows. */
export const LEGEND =
  '│ logged in  ┃ at work  █ blocked  ░ nothing to write  ▒ held after work  ╎ gave way  ! work could come'

/** What lasts at the moment, also what begins with it. */
export type Bars = (time: string) => string

export function barsOf(lane: Lane, paint: Paint): Bars {
  const work = together(lane.work)
  return (time) => {
    const status = lastingAt(lane.statuses, time)?.status
    const block = lastingAt(lane.blocks, time)
    const presence = status === undefined ? '?' : status === 'Offline' ? ' ' : paint('dim', '│')
    return [
      lastingAt(work, time) === null ? presence : paint('blue', '┃'),
      block === null ? ' ' : paint('yellow', BLOCKS[block.phase]),
      lastingAt(lane.exposures, time) === null ? ' ' : paint(['red', 'bold'], '!'),
    ].join('')
  }
}

/** Of spells that follow each other; halving, because a lane has hundreds and is looked at as often. */
function lastingAt<T extends Lasting>(spells: readonly T[], time: string): T | null {
  let [low, high] = [0, spells.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spells[middle]?.from ?? '') <= time) low = middle + 1
    else high = middle
  }
  const last = spells[low - 1]
  return last !== undefined && (last.to === null || last.to > time) ? last : null
}

/** Pieces of work may overlap: the times in which there was any. */
function together(spells: readonly Lasting[]): readonly Lasting[] {
  const joined: { from: string; to: string | null }[] = []
  for (const { from, to } of spells.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = joined.at(-1)
    if (last === undefined || (last.to !== null && last.to < from)) joined.push({ from, to })
    else if (last.to !== null && (to === null || to > last.to)) last.to = to
  }
  return joined
}
