// Small things that many views show: times, badges, messages.

import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icons.tsx'
import { usePage } from './page.ts'
import { clockTime, exactTime, isoOf, lasting } from './time.ts'
import type { Tone } from './words.ts'

/** In the reader's zone; the ISO time on hover. */
export function Time({ at, exact = false }: { readonly at: number; readonly exact?: boolean }) {
  const { now } = usePage()
  return (
    <time dateTime={isoOf(at)} title={isoOf(at)}>
      {exact ? exactTime(at) : clockTime(at, now.value)}
    </time>
  )
}

export function Age({ at }: { readonly at: number }) {
  const { now } = usePage()
  return (
    <time dateTime={isoOf(at)} title={`since ${isoOf(at)}`}>
      {lasting(now.value - at)}
    </time>
  )
}

export function Badge(props: {
  readonly tone: Tone
  readonly icon?: IconName
  readonly title?: string
  readonly children: ComponentChildren
}) {
  const { tone, icon, title, children } = props
  return (
    <span class={`badge ${tone}`} title={title}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </span>
  )
}

/** Only for those who listen. */
export function Spoken({ children }: { readonly children: ComponentChildren }) {
  return <span class="spoken">{children}</span>
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  )
}

export function Failure({ words, again }: { readonly words: string; readonly again?: () => void }) {
  return (
    <div class="failure" role="alert">
      <Icon name="alert" />
      <span>{words}</span>
      {again === undefined ? null : (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  )
}

/** Text with the places that were looked for set apart. */
export function marked(text: string, find: string): ComponentChildren {
  const at = find === '' ? -1 : text.toLowerCase().indexOf(find)
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + find.length)}</mark>
      {text.slice(at + find.length)}
    </>
  )
}
