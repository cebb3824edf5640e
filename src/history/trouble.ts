// What wants explaining: its form, and the words that all kinds of it share.

import type { JournalEntry } from '../domain/journal.ts'
import { type Side, sideName } from '../domain/side.ts'
import type { Gap, Timeline, WorkSpell } from '../domain/timeline.ts'

export type Trouble = {
  readonly kind: 'paused' | 'down' | 'shadow' | 'write' | 'reached' | 'rule' | 'blocked' | 'exposed'
  readonly from: string
  readonly to: string | null
  /** A sentence. */
  readonly words: string
  /** What to do; null where there is nothing to be done. */
  readonly remedy: string | null
}

export type TroubleAsk = {
  readonly timeline: Timeline
  readonly entries: readonly JournalEntry[]
  /** The moment that is asked about. */
  readonly at: string
  /** How long before and after it something still has to do with it, ms. */
  readonly aroundMs: { readonly before: number; readonly after: number }
  /** A time as the reader's clock shows it. */
  readonly clock: (iso: string) => string
}

/** A gap in words, and what to do about it. */
export const DOWN_WORDS: Readonly<
  Record<Exclude<Gap['kind'], 'paused'>, { readonly words: string; readonly remedy: string }>
> = {
  bridge_down: {
    words: 'The bridge was not running',
    remedy: 'Start the bridge; its service log says why it ended. What changed meanwhile it finds when it starts.',
  },
  crm_down: {
    words: 'The CRM was not reachable for the bridge',
    remedy:
      'Nothing can be done for this person alone: the connection to the CRM is what to look at, on the page or in the service log.',
  },
  telephony_down: {
    words: 'Telephony was not reachable for the bridge',
    remedy:
      'Nothing can be done for this person alone: the connection to telephony is what to look at, on the page or in the service log.',
  },
}

export function linkDown(side: Side, { gaps }: Timeline, from: string, to: string): Gap | null {
  const kind = side === 'crm' ? 'crm_down' : 'telephony_down'
  return gaps.find((gap) => gap.kind === kind && gap.from <= to && (gap.to === null || gap.to >= from)) ?? null
}

export function downWords(side: Side, { from, to, words }: Gap, { clock }: TroubleAsk): string {
  const said = words === '' ? '' : ` (${words})`
  return `${sideName(side)} was not reachable from ${clock(from)}${to === null ? '' : ` to ${clock(to)}`}${said}`
}

export function isNear(
  { from, to }: { readonly from: string; readonly to: string | null },
  { at, aroundMs }: TroubleAsk,
): boolean {
  const ms = Date.parse(at)
  return Date.parse(from) <= ms + aroundMs.after && (to === null || Date.parse(to) >= ms - aroundMs.before)
}

export function itemWords({ channel, item }: Pick<WorkSpell, 'channel' | 'item'>, state: string | null = null): string {
  const name = `${channel ?? 'work item'} ${item}`
  return state === null ? name : `${name} (${state.replace('_', '-')})`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
