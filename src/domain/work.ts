// Work items: a piece of work (call, chat, case …) that a platform gave an agent.

export const OPEN_STATES = ['offered', 'accepted', 'wrap_up'] as const
export const END_STATES = ['closed', 'declined', 'timed_out', 'cancelled', 'transferred'] as const

export type OpenState = (typeof OPEN_STATES)[number]
type EndState = (typeof END_STATES)[number]
export type WorkState = OpenState | EndState

export function isOpen(state: WorkState): state is OpenState {
  return (OPEN_STATES as readonly string[]).includes(state)
}
