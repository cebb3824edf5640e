// The head of every view: which bridge this is, the way to the views, whether the line stands.

import type { LinkSummary } from '../ops/status.ts'
import { Spoken } from './bits.tsx'
import { Icon, type IconName } from './icons.tsx'
import { usePage } from './page.ts'
import { hashOf, VIEW_TITLES, VIEWS } from './route.ts'
import type { Theme } from './session.ts'
import { clockTime } from './time.ts'
import { SIDE_TITLES } from './words.ts'

const THEMES: Readonly<Record<Theme, { readonly icon: IconName; readonly words: string }>> = {
  system: { icon: 'system', words: 'Colours: as the system has them' },
  light: { icon: 'sun', words: 'Colours: light' },
  dark: { icon: 'moon', words: 'Colours: dark' },
}

export function Header() {
  const { bridge, session, help } = usePage()
  const status = bridge.status.value
  const theme = THEMES[session.theme.value]
  return (
    <header class="head">
      <h1 class="brand">
        <span class="brand-name">{status?.name ?? 'presence-bridge'}</span>
        {status === null ? null : <span class={`mode ${status.mode}`}>{status.mode}</span>}
      </h1>
      <Views />
      <div class="head-end">
        {status?.links.map((link) => (
          <LinkMark key={link.side} link={link} />
        ))}
        <LineMark />
        <button
          type="button"
          class="quiet-button"
          onClick={session.nextTheme}
          title={theme.words}
          aria-label={theme.words}
        >
          <Icon name={theme.icon} />
        </button>
        <button
          type="button"
          class="quiet-button"
          title="Keys and help (?)"
          aria-label="Keys and help"
          onClick={() => {
            help.value = true
          }}
        >
          <b aria-hidden="true">?</b>
        </button>
      </div>
    </header>
  )
}

function Views() {
  const { router, board } = usePage()
  const { view } = router.route.value
  const { total } = board.figures.value
  return (
    <nav aria-label="Views" class="views">
      {VIEWS.map((name) => (
        <a
          key={name}
          href={name === 'agents' ? router.board.value : hashOf({ view: name })}
          aria-current={name === view ? 'page' : undefined}
        >
          {VIEW_TITLES[name]}
          {name === 'agents' && total > 0 ? <span class="count">{total.toLocaleString('en')}</span> : null}
        </a>
      ))}
    </nav>
  )
}

function LinkMark({ link }: { readonly link: LinkSummary }) {
  const words = `${SIDE_TITLES[link.side]}, ${link.title}: ${link.up ? 'connected' : `not connected, ${link.why}`}`
  const notes = link.notes ?? []
  const tone = link.up ? (notes.length === 0 ? 'ok' : 'warn') : 'bad'
  return (
    <a href={hashOf({ view: 'health' })} class={`link-mark ${tone}`} title={[words, ...notes].join('\n')}>
      <Icon name={tone === 'ok' ? 'check' : tone === 'warn' ? 'alert' : 'cross'} />
      <span aria-hidden="true">{SIDE_TITLES[link.side]}</span>
      <Spoken>{words}</Spoken>
    </a>
  )
}

function LineMark() {
  const { board, now } = usePage()
  const { kind, heardAt } = board.line.value
  const words = {
    connecting: 'Connecting …',
    open: 'Live',
    lost: `Connection lost${heardAt === null ? '' : `, last heard ${clockTime(heardAt, now.value)}`}`,
    resting: 'Resting in the background',
  }[kind]
  return (
    <span class={`line-mark ${kind}`} role="status">
      {words}
    </span>
  )
}
