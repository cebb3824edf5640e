// What everybody should know whichever view they look at: no line, links down, a mapping file that was not taken.

import { Icon } from './icons.tsx'
import { usePage } from './page.ts'
import { hashOf } from './route.ts'
import { clockTime } from './time.ts'
import { SIDE_TITLES } from './words.ts'

export function Banners() {
  const { bridge, board, now } = usePage()
  const status = bridge.status.value
  const { kind, heardAt } = board.line.value
  const banners: { key: string; words: string; view: 'health' | 'mapping' | null }[] = []
  if (kind === 'lost' && heardAt !== null) {
    const words = `Connection lost. What you see is from ${clockTime(heardAt, now.value)}; it is tried again.`
    banners.push({ key: 'line', words, view: null })
  }
  for (const { side, title, up, why } of status?.links ?? []) {
    if (up) continue
    const words = `${SIDE_TITLES[side]} (${title}) is not connected: ${why}. Decisions go on, writes wait.`
    banners.push({ key: side, words, view: 'health' })
  }
  if (status?.refused) {
    const words = `The mapping file was changed and not taken; the old rules stay in force. ${status.refused.error}`
    banners.push({ key: 'mapping', words, view: 'mapping' })
  }
  if (banners.length === 0) return null
  return (
    <div class="banners" role="status">
      {banners.map(({ key, words, view }) => (
        <p key={key} class="banner">
          <Icon name="alert" />
          <span>{words}</span>
          {view === null ? null : <a href={hashOf({ view })}>See more</a>}
        </p>
      ))}
    </div>
  )
}
