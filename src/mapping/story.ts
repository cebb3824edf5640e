// A story: what happens to one agent, step by step, and what must hold after each step.

import type { Reason } from '../domain/reason.ts'
import type { Actor } from '../domain/report.ts'
import type { BySide, Side } from '../domain/side.ts'
import type { WorkState } from '../domain/work.ts'
import type { Place } from './position.ts'

/** What holds after the whole step; null (an empty `reason`) is not checked. Statuses are names as the file writes them. */
export type Expectation = {
  readonly crm: string | null
  readonly telephony: string | null
  /** All of them are among the reasons of the step's decisions. */
  readonly reason: readonly Reason[]
  readonly writes: BySide<number | null>
  /** Exactly the sides with a block in force, in the order crm, telephony. */
  readonly blocked: readonly Side[] | null
}

type StatusStep = {
  readonly kind: 'status'
  /** One or two, the crm's first. */
  readonly changes: readonly { readonly side: Side; readonly status: string }[]
  readonly by: Actor
}
type WorkStep = {
  readonly kind: 'work'
  readonly side: Side
  readonly id: string
  /** null: the platform does not tell (yet). */
  readonly channel: string | null
  readonly state: WorkState
}
type LinkStep = { readonly kind: 'link'; readonly side: Side; readonly up: boolean; readonly writes: boolean }
type WriteResultStep = {
  readonly kind: 'write_result'
  readonly side: Side
  readonly next: 'transient' | 'refused' | 'ignored' | 'rate_limited'
  /** How many writes are accepted before. */
  readonly after: number
  readonly times: number
}
type RepeatStep = { readonly kind: 'repeat' }
/** Somebody whom the mapping file does not match with anybody sets a status. */
type StrangerStep = { readonly kind: 'stranger'; readonly side: Side; readonly status: string }
/** All colleagues set a status. */
type ColleaguesStep = { readonly kind: 'colleagues'; readonly side: Side; readonly status: string }
/** The event stream reports a status that the platform does not show. */
type RumourStep = {
  readonly kind: 'rumour'
  readonly side: Side
  readonly status: string
  readonly about: 'agent' | 'everybody'
}

/** What may happen at the same instant as something else. */
export type Happening =
  | StatusStep
  | WorkStep
  | LinkStep
  | WriteResultStep
  | RepeatStep
  | StrangerStep
  | ColleaguesStep
  | RumourStep

export type Action =
  | Happening
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'together'; readonly steps: readonly Happening[] }
  /** `fresh`: without its stored state, as if it had never seen anybody. */
  | { readonly kind: 'restart'; readonly fresh: boolean }
  /** `file` as written: relative to the file that the story stands in. */
  | { readonly kind: 'reload'; readonly file: string }

export type Step = Action & { readonly line: number; readonly column: number; readonly expect: Expectation | null }

/** A status that the story names, wherever it stands in it. */
export type StatusMention = { readonly side: Side; readonly status: string; readonly place: Place }

export type Story = {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** null: the top level's rules. */
  readonly profile: string | null
  readonly profilePlace: Place
  readonly start: BySide<string>
  /** How many other agents there are, in the statuses of `start`. */
  readonly colleagues: number
  readonly steps: readonly Step[]
  readonly mentions: readonly StatusMention[]
}

/** Every status that the story names, so that one which nothing else knows can be told. */
export function storyReferences(story: Story): readonly StatusMention[] {
  return story.mentions
}
