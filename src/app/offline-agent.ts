// Where an agent stands by what the journal keeps, when no bridge runs that could be asked.

import type { PersonEntry } from '../domain/history.ts'
import type { JournalReader } from '../domain/journal.ts'
import type { PlatformUserId } from '../domain/side.ts'
import { compileText } from '../mapping/compile-text.ts'
import type { AgentDetail } from '../ops/status.ts'
import { detailOf } from './agent-view.ts'
import { rulesetOf } from './agents.ts'
import { ALIVE } from './chronicle.ts'
import { PAUSED, pausedOf } from './paused.ts'
import { createRuleText } from './rule-text.ts'
import { parseState } from './stored-state.ts'

export type OfflineAgent = {
  readonly detail: AgentDetail
  /** When the bridge was last known to be alive, ISO 8601; null where that is not known. */
  readonly asOf: string | null
}

const NOBODY = '' as PlatformUserId

/** Null where the journal has no state of this person, or no mapping to read it by. `shadow`: of the whole bridge. */
export function offlineAgent(
  reader: JournalReader,
  person: PersonEntry,
  { shadow }: { readonly shadow: boolean },
): OfflineAgent | null {
  const { agent, name, aliases, profile } = person
  const text = reader.state(agent)
  const state = text === undefined ? null : parseState(text)
  const entry = reader.mapping()
  if (state === null || entry === null) return null
  const { file, catalogue } = entry
  // It was proved before it came into force.
  const rules = compileText(entry.text, { file, catalogue }).mapping?.rules
  if (rules === undefined) return null
  const newest = reader.query({ agent, limit: 1 })[0]?.record.time
  const known = {
    member: { agent, name, aliases, users: { crm: NOBODY, telephony: NOBODY }, profile },
    ...{ profile, rules: rulesetOf(rules, profile), state, faulty: false, started: true, telling: null, wake: null },
    paused: pausedOf(reader.mark(PAUSED)).get(agent) ?? null,
    decidedAt: newest === undefined ? null : Date.parse(newest),
  }
  const texts = createRuleText(() => reader)
  const detail = detailOf(known, { rules, pending: [], shadow, quote: (rule) => texts.quote(entry, rule) })
  return { detail, asOf: later(reader.mark(ALIVE), newest) }
}

/** The last sign of life is told once in a while; what was decided since is one as well. */
function later(a: string | undefined, b: string | undefined): string | null {
  const known = [a, b].filter((time) => time !== undefined).sort()
  return known.at(-1) ?? null
}
