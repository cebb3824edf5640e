// The bars of a lane: what lasts on a side at a moment, in three columns.

import type { BlockSpell, Lane } from '../domain/timeline.ts'
import type { Paint } from './paint.ts'

type Lasting = { readonly from: string; readonly to: string | null }

/** What lasts at the moment, also what begins with it. */
function lastingAt<T extends Lasting>(spells: readonly T[], time: string): readonly T[] {
  return spells.filter(({ from, to }) => from <= time && (to === null || to > time))
}

const BLOCKS: Readonly<Record<BlockSpell['phase'], string>> = { standing: '█', quiet: '░', holding: '▒', gave_way: '╎' }

/** The legend of what follows. */
export const LEGEND =
  '│ logged in  ┃ at work  █ blocked  ░ nothing to write  ▒ held after work  ╎ gave way  ! work could come'

export function bars(lane: Lane, time: string, paint: Paint): string {
  const status = lastingAt(lane.statuses, time).at(-1)?.status
  const work = lastingAt(lane.work, time).length > 0 ? paint('blue', '┃') : null
  const block = lastingAt(lane.blocks, time).at(-1)
  const presence = status === undefined ? '?' : status === 'Offline' ? ' ' : paint('dim', '│')
  return [
    work ?? presence,
    block === undefined ? ' ' : paint('yellow', BLOCKS[block.phase]),
    lastingAt(lane.exposures, time).length > 0 ? paint(['red', 'bold'], '!') : ' ',
  ].join('')
}
