// What the ops server shows and does, behind one interface: plain JSON to read, a few orders to give.
// The server knows nothing of the engine; whoever runs the bridge provides this.

import type { Forgotten } from '../domain/forgotten.ts'
import type { MinuteFigures } from '../domain/history.ts'
import type { JournalEntry, LogFilter } from '../domain/journal.ts'
import type { Budget, CallRate } from '../domain/platform.ts'
import type { Reason } from '../domain/reason.ts'
import type { AgentId, BySide, Side } from '../domain/side.ts'
import type { Timeline } from '../domain/timeline.ts'
import type { Board } from './board.ts'
import type { MappingView } from './mapping-view.ts'

/** One named condition of being ready. */
export type Check = { readonly name: string; readonly ok: boolean; readonly why: string }

export type LinkSummary = {
  readonly side: Side
  /** "Salesforce". */
  readonly title: string
  readonly up: boolean
  /** ISO 8601. */
  readonly since: string
  readonly why: string
  /** What is not as it should be although the link stands. */
  readonly notes?: readonly string[]
  /** What the adapter tells of itself, by names of its own. */
  readonly details?: Readonly<Record<string, string | number | boolean>>
  /** What the platform allows in 24 hours, with the same in words; none where it does not tell. */
  readonly budgets?: readonly (Budget & { readonly words: string })[]
  /** The calls that the bridge may make in a minute; left out where it does not count them. */
  readonly rate?: CallRate
}

/** What waits and what is kept, in figures. */
export type Load = {
  /** Reports that were not decided yet. */
  readonly inbox: number
  /** Writes that wait, by side and urgency. */
  readonly outbox: BySide<Readonly<Record<string, number>>>
  /** Null until it is open. */
  readonly journal: { readonly ok: boolean; readonly bytes: number; readonly decisions: number } | null
}

type WorkSummary = { readonly item: string; readonly channel: string | null; readonly state: string }

/** Statuses by label. */
export type SideSummary = {
  readonly status: string
  readonly base: string
  readonly target: string
  /** The status that is being written; null where nothing is under way or waits. */
  readonly pending: string | null
  /** Open items on this side. */
  readonly work: readonly WorkSummary[]
}

export type AgentSummary = {
  readonly agent: AgentId
  /** As people call them. */
  readonly name: string
  readonly profile: string | null
  readonly crm: SideSummary
  readonly telephony: SideSummary
  /** Sides with a block in force. */
  readonly blocked: readonly Side[]
  readonly paused: boolean
  /** When something was last decided for the agent, ISO 8601; null: never. */
  readonly since: string | null
}

/** What `why` says. */
export type AgentDetail = AgentSummary & {
  /** Where the agent stands, for support staff. */
  readonly sentence: string
  /** Why each side's base is what it is, and what keeps it from its target. */
  readonly causes: readonly {
    readonly side: Side
    readonly reason: Reason
    readonly rule: string | null
    /** The line of the mapping file that `rule` names, as it is written; null where it cannot be read any more. */
    readonly quote: string | null
    readonly words: string | null
  }[]
  /** Writes that are not settled. */
  readonly writes: readonly {
    readonly side: Side
    readonly status: string
    readonly state: string
    readonly words: string | null
  }[]
  /** What happens next by itself; `at` in ISO 8601. */
  readonly next: readonly { readonly at: string; readonly what: string }[]
  /** Labels of the statuses in which each side pushes work, by this agent's rules. */
  readonly available: BySide<readonly string[]>
}

/** Both ISO 8601; `from` inclusive, `to` exclusive. */
export type View = { readonly from: string; readonly to: string }

type AdminTarget =
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'profile'; readonly profile: string }
  | { readonly kind: 'all' }

/** null where the one who asks did not say. */
export type AdminOrder = { readonly target: AdminTarget; readonly reason: string | null; readonly by: string | null }

export type AdminAnswer =
  | { readonly ok: true; readonly agents: number }
  /** 404: nobody of that name; 409: not possible as things are. */
  | { readonly ok: false; readonly status: 400 | 404 | 409; readonly error: string }

export type AdminAction = (order: AdminOrder) => AdminAnswer | Promise<AdminAnswer>

export const ADMIN_ACTIONS = ['pause', 'resume', 'release', 'resync', 'reload'] as const

export const WORK_ACTIONS = ['accept', 'decline', 'close'] as const

/** Whose records shall go, by any of their names. */
export type ForgetOrder = { readonly agent: string; readonly by: string | null }

export type ForgetAnswer =
  | { readonly ok: true; readonly agents: number; readonly removed: Forgotten }
  | Extract<AdminAnswer, { ok: false }>

/** Something to be done with one open work item in its agent's name. */
export type WorkOrder = {
  readonly agent: string
  /** As the platform calls it; stands with the agent's open work. */
  readonly work: string
  readonly action: (typeof WORK_ACTIONS)[number]
  /** For the record; declining, also for the platform. */
  readonly reason: string | null
  readonly by: string | null
}

export type OpsStatus = {
  /** For the page's head. `mapping` is "sha256:…". */
  about(): {
    readonly name: string
    readonly mode: 'live' | 'shadow'
    readonly mapping: string
    readonly version: string
    /** The mapping file as it is now was not taken, and why; null: it is in force. */
    readonly refused: { readonly at: string; readonly error: string } | null
  }
  /** Ready means that all of them are ok. */
  checks(): readonly Check[]
  live(): boolean
  links(): readonly LinkSummary[]
  load(): Load
  readonly board: Board
  agents(): readonly AgentSummary[]
  /** By either of an agent's names. */
  agent(name: string): AgentDetail | null
  log(filter: LogFilter): readonly JournalEntry[]
  /** By either of an agent's names; null: nobody of that name was ever kept in step, or there is nothing to read it from. */
  timeline(name: string, view: View): Timeline | null
  /** Minutes in which something happened, in their order. */
  figures(view: View): readonly MinuteFigures[]
  /** The rules in force; null until there are any. */
  mapping(): MappingView | null
  /** Called with each decision, and once more when its writes are settled. Returns how to end it. */
  follow(listener: (entry: JournalEntry) => void): () => void
  readonly admin: Readonly<Record<(typeof ADMIN_ACTIONS)[number], AdminAction>>
  work(order: WorkOrder): AdminAnswer | Promise<AdminAnswer>
  forget(order: ForgetOrder): Promise<ForgetAnswer>
}
