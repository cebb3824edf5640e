// Orders on their way: what is asked, with which words it went, and the token that is asked for when first needed.

import { type Signal, signal } from '@preact/signals'
import { order } from './api.ts'
import type { Session } from './session.ts'
import type { StatusData } from './status-data.ts'
import { counted } from './words.ts'

/** Told for so long, ms. */
const TOLD_MS = 6_000

type Target =
  | { readonly agent: string }
  | { readonly profile: string }
  | { readonly all: true }
  | Readonly<Record<never, never>>

export type Order = {
  /** `/api/…` */
  readonly action: 'pause' | 'resume' | 'release' | 'resync' | 'reload' | 'work'
  /** "Pause Jane Doe" */
  readonly title: string
  /** What it does, in a sentence. */
  readonly effect: string
  readonly target: Target & Readonly<Record<string, unknown>>
  /** It stops something, or reaches many. */
  readonly grave?: boolean
}

type Told = { readonly tone: 'ok' | 'bad'; readonly words: string }

export type Admin = {
  /** What the dialog is open for. */
  readonly asked: Signal<Order | null>
  readonly told: Signal<Told | null>
  /** Null: carried out; else why not, and whether the token was not taken. */
  give(
    order: Order,
    words: { readonly reason: string; readonly by: string; readonly token: string },
  ): Promise<Refusal | null>
}

type Refusal = { readonly error: string; readonly badToken: boolean }

export function createAdmin({ session, bridge }: { session: Session; bridge: StatusData }): Admin {
  const told = signal<Told | null>(null)
  let timer = 0

  function tell(what: Told): void {
    told.value = what
    clearTimeout(timer)
    timer = setTimeout(() => {
      told.value = null
    }, TOLD_MS)
  }

  return {
    asked: signal<Order | null>(null),
    told,
    async give({ action, target, title }, { reason, by, token }) {
      session.keepBy(by)
      const body = { ...target, ...(reason === '' ? {} : { reason }), ...(by === '' ? {} : { by }) }
      const answer = await order(`/api/${action}`, { body, token })
      if (!answer.ok) {
        const badToken = answer.code === 401
        if (badToken) session.keepToken(null)
        return { error: badToken ? 'The bridge does not take this token.' : answer.error, badToken }
      }
      session.keepToken(token)
      tell({ tone: 'ok', words: `${title}: done for ${counted(answer.value.agents, 'agent')}.` })
      void bridge.refresh()
      return null
    },
  }
}
