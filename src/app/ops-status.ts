// What the ops server shows and does, answered from the running bridge.

import type { Clock } from '../domain/clock.ts'
import type { Journal, JournalEntry, JournalReader } from '../domain/journal.ts'
import type { PlatformAdapter } from '../domain/platform.ts'
import { type BySide, SIDES } from '../domain/side.ts'
import type { AdminAction, AdminAnswer, AdminOrder, OpsStatus } from '../ops/status.ts'
import { detailOf, summaryOf } from './agent-view.ts'
import type { AgentEntry } from './agents.ts'
import { budgetWords } from './budgets.ts'
import type { Health } from './health.ts'
import type { Reloader } from './reloader.ts'
import type { Runtime } from './runtime.ts'
import type { Settings } from './settings.ts'
import { actOnWork } from './work-action.ts'

export type OpsStatusDeps = {
  readonly settings: Settings
  readonly version: string
  readonly clock: Clock
  /** Null until the bridge runs; so are the next two. */
  readonly runtime: () => Runtime | null
  readonly adapters: () => BySide<PlatformAdapter> | null
  readonly journal: () => Journal | null
  /** The same journal for longer questions. */
  readonly history: () => JournalReader | null
  readonly health: Health
  readonly followers: Set<(entry: JournalEntry) => void>
  readonly reloader: Reloader
}

const NOT_YET: AdminAnswer = { ok: false, status: 409, error: 'The bridge has not begun yet: see /readyz' }

export function createOpsStatus(deps: OpsStatusDeps): OpsStatus {
  const { runtime } = deps

  /** Does something with the agents that an order is about. */
  function all(act: (running: Runtime, entries: readonly AgentEntry[], order: AdminOrder) => void): AdminAction {
    return (order) => {
      const running = runtime()
      if (running === null) return NOT_YET
      const entries = targets(running, order)
      if (entries === null) return { ok: false, status: 404, error: `Nobody of that name: ${nameOf(order)}` }
      act(running, entries, order)
      return { ok: true, agents: entries.length }
    }
  }

  return {
    about: () => ({
      name: deps.settings.name,
      mode: deps.settings.shadow ? 'shadow' : 'live',
      mapping: runtime()?.bridge.rules.hash ?? '',
      version: deps.version,
      refused: deps.reloader.refused(),
    }),
    checks: () => deps.health.checks(),
    live: () => true,
    links: () => {
      const adapters = deps.adapters()
      if (adapters === null) return []
      return SIDES.map((side) => {
        const { link, details, notes = [], budgets = [] } = adapters[side].health()
        return {
          side,
          title: adapters[side].title,
          up: link.up,
          since: new Date(link.since).toISOString(),
          why: link.why,
          notes,
          details,
          budgets: budgets.map((budget) => ({ ...budget, words: budgetWords(budget) })),
        }
      })
    },
    agents: () => {
      const running = runtime()
      return running === null ? [] : running.agents.all.map((entry) => summaryOf(entry, running.bridge.rules))
    },
    agent: (name) => {
      const running = runtime()
      const entry = running?.agents.byName(name)
      if (running === null || entry === undefined) return null
      const pending = running.outbox.waiting(entry.member.agent)
      return detailOf(entry, { rules: running.bridge.rules, pending, shadow: deps.settings.shadow })
    },
    log: (filter) => deps.journal()?.query(canonical(filter, runtime())) ?? [],
    follow(listener) {
      deps.followers.add(listener)
      return () => deps.followers.delete(listener)
    },
    work: async (order) => {
      const [running, adapters] = [runtime(), deps.adapters()]
      if (running === null || adapters === null || !running.begun) return NOT_YET
      return await actOnWork({ runtime: running, adapters, clock: deps.clock, shadow: deps.settings.shadow }, order)
    },
    admin: {
      pause: all((running, entries, order) => {
        const sentence = `paused${byWhom(order)}`
        running.bridge.pause(entries, sentence, sentence)
      }),
      resume: all((running, entries, order) => running.bridge.pause(entries, null, `resumed${byWhom(order)}`)),
      release: all((running, entries, order) => {
        for (const entry of entries) running.bridge.release(entry, `released${byWhom(order)}`)
      }),
      reload: async () => {
        const answer = await deps.reloader.reload()
        return answer.ok ? answer : { ok: false, status: 409, error: answer.error }
      },
    },
  }
}

function targets(running: Runtime, { target }: AdminOrder): readonly AgentEntry[] | null {
  switch (target.kind) {
    case 'all':
      return running.agents.all
    case 'profile':
      return running.bridge.rules.profiles.has(target.profile) ? running.agents.ofProfile(target.profile) : null
    case 'agent': {
      const entry = running.agents.byName(target.agent)
      return entry === undefined ? null : [entry]
    }
  }
}

function nameOf({ target }: AdminOrder): string {
  return target.kind === 'agent' ? target.agent : target.kind === 'profile' ? target.profile : 'all'
}

function byWhom({ by, reason }: AdminOrder): string {
  return ` by ${by ?? 'somebody'}${reason === null ? '' : ` (${reason})`}`
}

/** The journal knows an agent by one name only. */
function canonical<F extends { readonly agent?: AgentEntry['member']['agent'] }>(
  filter: F,
  running: Runtime | null,
): F {
  const entry = filter.agent === undefined ? undefined : running?.agents.byName(filter.agent)
  return entry === undefined ? filter : { ...filter, agent: entry.member.agent }
}
