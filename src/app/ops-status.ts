// What the ops server shows and does, answered from the running bridge.

import type { Clock } from '../domain/clock.ts'
import type { Journal, JournalEntry, JournalReader } from '../domain/journal.ts'
import type { PlatformAdapter } from '../domain/platform.ts'
import type { RuleRef } from '../domain/rules.ts'
import { type AgentId, type BySide, SIDES } from '../domain/side.ts'
import { timelineOf } from '../history/timeline.ts'
import type { Board } from '../ops/board.ts'
import type { AdminAction, AdminAnswer, AdminOrder, Load, OpsStatus } from '../ops/status.ts'
import { detailOf, summaryOf } from './agent-view.ts'
import type { AgentEntry } from './agents.ts'
import { budgetWords } from './budgets.ts'
import type { Health } from './health.ts'
import { createMappingSheets } from './mapping-sheets.ts'
import type { Reloader } from './reloader.ts'
import { createRuleText } from './rule-text.ts'
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
  readonly board: Board
  readonly forget: OpsStatus['forget']
}

const NOT_YET: AdminAnswer = { ok: false, status: 409, error: 'The bridge has not begun yet: see /readyz' }

export function createOpsStatus(deps: OpsStatusDeps): OpsStatus {
  const { runtime } = deps
  const rule = createRuleText(deps.history)
  const sheets = createMappingSheets()

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
        const { link, details, notes = [], budgets = [], rate } = adapters[side].health()
        return {
          side,
          title: adapters[side].title,
          up: link.up,
          since: new Date(link.since).toISOString(),
          why: link.why,
          notes,
          details,
          budgets: budgets.map((budget) => ({ ...budget, words: budgetWords(budget) })),
          ...(rate === undefined ? {} : { rate }),
        }
      })
    },
    load: () => loadOf(deps),
    board: deps.board,
    agents: () => {
      const running = runtime()
      return running === null ? [] : running.agents.all.map((entry) => summaryOf(entry, running.bridge.rules))
    },
    agent: (name) => {
      const running = runtime()
      const entry = running?.agents.byName(name)
      if (running === null || entry === undefined) return null
      const pending = running.outbox.waiting(entry.member.agent)
      const { rules } = running.bridge
      const quote = (ref: RuleRef | null) => rule.quote(rules, ref)
      return detailOf(entry, { rules, pending, shadow: deps.settings.shadow, quote })
    },
    log: (filter) => deps.journal()?.query(canonical(filter, runtime())) ?? [],
    timeline: (name, view) => {
      const [history, whose] = [deps.history(), personOf(deps, name)]
      if (history === null || whose === null) return null
      return timelineOf(history, { ...whose, ...view, now: new Date(deps.clock.now()).toISOString() })
    },
    figures: (view) => deps.history()?.figures(view) ?? [],
    mapping: () => {
      const running = runtime()
      if (running === null) return null
      const { rules } = running.bridge
      const { file, hash } = rules
      const last = deps.reloader.last()
      return { file, hash, text: rule.text(rules), last, profiles: sheets(rules, running.agents) }
    },
    follow(listener) {
      deps.followers.add(listener)
      return () => deps.followers.delete(listener)
    },
    work: async (order) => {
      const [running, adapters] = [runtime(), deps.adapters()]
      if (running === null || adapters === null || !running.begun) return NOT_YET
      return await actOnWork({ runtime: running, adapters, clock: deps.clock, shadow: deps.settings.shadow }, order)
    },
    forget: deps.forget,
    admin: {
      pause: all((running, entries, order) => {
        const sentence = `paused${byWhom(order)}`
        running.bridge.pause(entries, sentence, sentence)
      }),
      resume: all((running, entries, order) => running.bridge.pause(entries, null, `resumed${byWhom(order)}`)),
      release: all((running, entries, order) => {
        for (const entry of entries) running.bridge.release(entry, `released${byWhom(order)}`)
      }),
      resync: all((running, entries, order) => running.resync(entries, `read again${byWhom(order)}`)),
      reload: async (order) => {
        const answer = await deps.reloader.reload(`reloaded${byWhom(order)}`)
        return answer.ok ? answer : { ok: false, status: 409, error: answer.error }
      },
    },
  }
}

function loadOf({ runtime, journal, history }: OpsStatusDeps): Load {
  const [running, file] = [runtime(), history()]
  const kept = file === null ? null : { bytes: file.bytes(), decisions: journal()?.lastSeq() ?? 0 }
  return {
    inbox: running?.bridge.depth() ?? 0,
    outbox: running?.outbox.depth() ?? { crm: {}, telephony: {} },
    journal: kept === null ? null : { ok: running?.bridge.journalOk() ?? true, ...kept },
  }
}

/** Also somebody who is not kept in step any more. */
function personOf({ runtime, history }: OpsStatusDeps, name: string): { agent: AgentId; name: string } | null {
  const member = runtime()?.agents.byName(name)?.member
  return member ?? history()?.person(name) ?? null
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
