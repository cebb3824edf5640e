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
  readonly times: number
}
type RepeatStep = { readonly kind: 'repeat' }

/** What may happen at the same instant as something else. */
export type Happening = StatusStep | WorkStep | LinkStep | WriteResultStep | RepeatStep

export type Action =
  | Happening
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'together'; readonly steps: readonly Happening[] }
  | { readonly kind: 'restart' }
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
  readonly steps: readonly Step[]
  readonly mentions: readonly StatusMention[]
}

/** Every status that the story names, so that one which nothing else knows can be told. */
export function storyReferences(story: Story): readonly StatusMention[] {
  return story.mentions
}
