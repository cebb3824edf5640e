// The people that the bridge keeps in step, found by name or by either platform's user id.

import type { Cancel } from '../domain/clock.ts'
import type { Reason } from '../domain/reason.ts'
import type { Rules, Ruleset } from '../domain/rules.ts'
import type { AgentId, BySide, PlatformUserId, Side } from '../domain/side.ts'
import { type AgentState, newAgent } from '../engine/state.ts'

/** Somebody who was found on both sides. */
export type Member = {
  readonly agent: AgentId
  readonly name: string
  /** The other names under which people may ask for them, lower case. */
  readonly aliases: readonly string[]
  readonly users: BySide<PlatformUserId>
  /** At the start. */
  readonly profile: string | null
}

export type AgentEntry = {
  readonly member: Member
  /** By the mapping that is in force. */
  profile: string | null
  rules: Ruleset
  state: AgentState
  /** Null: not paused. */
  paused: string | null
  /** Paused because a step of theirs failed or broke a promise. */
  faulty: boolean
  /** Whether its sides were read; until then nothing is decided. */
  started: boolean
  /** When something was last decided, ms since 1970; null: never. */
  decidedAt: number | null
  /** The last decision that was more than an echo or a repeat; null: none since the start. */
  telling: { readonly reason: Reason; readonly at: number } | null
  wake: { readonly due: number; readonly cancel: Cancel } | null
}

export type Agents = {
  readonly all: readonly AgentEntry[]
  byUser(side: Side, user: PlatformUserId): AgentEntry | undefined
  /** By agent name or alias, whatever the case. */
  byName(name: string): AgentEntry | undefined
  ofProfile(profile: string): readonly AgentEntry[]
}

export function createAgents(members: readonly Member[], rules: Rules): Agents {
  const all = members.map(
    (member): AgentEntry => ({
      member,
      profile: member.profile,
      rules: rulesetOf(rules, member.profile),
      state: newAgent(),
      paused: null,
      faulty: false,
      started: false,
      decidedAt: null,
      telling: null,
      wake: null,
    }),
  )
  const byUser = {
    crm: new Map(all.map((e) => [e.member.users.crm, e])),
    telephony: new Map(all.map((e) => [e.member.users.telephony, e])),
  }
  const byName = new Map<string, AgentEntry>()
  for (const entry of all) for (const alias of entry.member.aliases) byName.set(alias.toLowerCase(), entry)
  for (const entry of all) byName.set(entry.member.agent.toLowerCase(), entry)
  return {
    all,
    byUser: (side, user) => byUser[side].get(user),
    byName: (name) => byName.get(name.toLowerCase()),
    ofProfile: (profile) => all.filter((e) => e.profile === profile),
  }
}

export function rulesetOf(rules: Rules, profile: string | null): Ruleset {
  return (profile === null ? undefined : rules.profiles.get(profile)) ?? rules.top
}
