// Everything that views share, made once when the page opens and handed down.

import { type Signal, signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type Admin, createAdmin } from './admin.ts'
import { type BoardData, createBoardData } from './board-data.ts'
import { createRouter, type Router } from './router.ts'
import { createSession, type Session } from './session.ts'
import { createStatusData, type StatusData } from './status-data.ts'

/** Ages are written anew so often, ms. */
const TICK_MS = 10_000

type BoardPlace = {
  /** Whom the keyboard was at. */
  agent: string | null
  /** How far down, px. */
  top: number
}

export type Page = {
  readonly session: Session
  readonly router: Router
  readonly board: BoardData
  readonly bridge: StatusData
  readonly admin: Admin
  readonly help: Signal<boolean>
  /** Where the reader was on the board, for the way back from an agent. */
  readonly place: BoardPlace
  /** Now, as far as ages go. */
  readonly now: Signal<number>
}

export function createPage(): Page {
  const session = createSession()
  const bridge = createStatusData()
  const now = signal(Date.now())
  setInterval(() => {
    now.value = Date.now()
  }, TICK_MS)
  const admin = createAdmin({ session, bridge })
  const place: BoardPlace = { agent: null, top: 0 }
  return { session, router: createRouter(), board: createBoardData(), bridge, admin, help: signal(false), place, now }
}

const Context = createContext<Page | null>(null)
export const PageProvider = Context.Provider

export function usePage(): Page {
  const page = useContext(Context)
  if (page === null) throw new Error('A view stands outside the page.')
  return page
}
