// Events about people who are not matched with anybody on the other side: the first one of each is recorded, so that support can find out why
// nothing follows them; the others are only counted, because there may be thousands of such people.

import { STRANGERS_MAX } from '../domain/limits.ts'
import type { LogRecord } from '../domain/record.ts'
import type { Report } from '../domain/report.ts'
import type { Rules } from '../domain/rules.ts'
import { type AgentId, OFFLINE, type PlatformUserId, type Side } from '../domain/side.ts'
import { reportEvent } from './record.ts'
import { sentence } from './sentence.ts'

export type Strangers = {
  /** The record of the first event of somebody; null: they were met before, or too many were. */
  meet(about: { readonly side: Side; readonly user: PlatformUserId; readonly report: Report }): LogRecord | null
}

export function createStrangers(deps: { readonly now: () => number; readonly rules: () => Rules }): Strangers {
  const met = new Set<string>()
  return {
    meet({ side, user, report }) {
      const key = `${side} ${user}`
      if (met.has(key) || met.size >= STRANGERS_MAX) return null
      met.add(key)
      const rules = deps.rules()
      const now = deps.now()
      const event = reportEvent({ rules, before: OFFLINE, now }, { side, report })
      const shows = report.kind === 'status' ? report.status : OFFLINE
      const from = rules.label(side, OFFLINE)
      const decisions = [{ side, reason: 'unknown_agent' as const, from, to: rules.label(side, shows) }]
      return {
        time: new Date(now).toISOString(),
        // By the platform's own id, for want of a name that both sides know.
        agent: String(user) as AgentId,
        event,
        decisions,
        writes: [],
        mapping: rules.hash,
        sentence: sentence({ name: String(user), event, decisions, overlaps: [] }),
      }
    },
  }
}
