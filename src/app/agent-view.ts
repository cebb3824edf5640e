// An agent's state in the words of people: for the page, the API and `why`.

import type { RuleRef, Rules } from '../domain/rules.ts'
import { type BySide, otherSide, SIDES, type Side, sideName } from '../domain/side.ts'
import { isOpen } from '../domain/work.ts'
import { holders } from '../engine/counting.ts'
import type { SideState } from '../engine/state.ts'
import { target } from '../engine/target.ts'
import { isBlocked, liveWrite } from '../engine/turn.ts'
import type { AgentDetail, AgentSummary, SideSummary } from '../ops/status.ts'
import type { PendingWrite } from '../outbox/outbox.ts'
import type { AgentEntry } from './agents.ts'
import { itemsIn } from './sentence.ts'

export function summaryOf(entry: AgentEntry, rules: Rules): AgentSummary {
  const { member, state } = entry
  return {
    agent: member.agent,
    name: member.name,
    profile: entry.profile,
    crm: sideOf(entry, 'crm', rules),
    telephony: sideOf(entry, 'telephony', rules),
    blocked: SIDES.filter((side) => isBlocked(state[side])),
    paused: entry.paused !== null,
    since: entry.decidedAt === null ? null : new Date(entry.decidedAt).toISOString(),
  }
}

/** `shadow`: of the whole bridge; a profile may be in shadow mode by itself. */
export function detailOf(
  entry: AgentEntry,
  args: {
    readonly rules: Rules
    readonly pending: readonly PendingWrite[]
    readonly shadow: boolean
    readonly quote?: (rule: RuleRef | null) => string | null
  },
): AgentDetail {
  const { state } = entry
  const { rules, pending } = args
  return {
    ...summaryOf(entry, rules),
    sentence: standing(entry, rules, args.shadow || entry.rules.mode === 'shadow'),
    causes: SIDES.map((side) => {
      const { cause, stuck } = state[side]
      const { reason, rule } = cause
      return { side, reason, rule, quote: args.quote?.(rule) ?? null, words: stuck?.words ?? null }
    }),
    writes: pending.map((p) => ({
      side: p.write.side,
      status: rules.label(p.write.side, p.write.status),
      state: p.state,
      words: p.words,
    })),
    next: [...frozenUntil(state), ...SIDES.flatMap((side) => nextOf(side, state[side], rules))],
    available: { crm: availableOf(entry, 'crm', rules), telephony: availableOf(entry, 'telephony', rules) },
  }
}

function availableOf(entry: AgentEntry, side: Side, rules: Rules): readonly string[] {
  return [...entry.rules.available[side]].map((status) => rules.label(side, status))
}

function sideOf(entry: AgentEntry, side: Side, rules: Rules): SideSummary {
  const s = entry.state[side]
  const write = pendingOf(s)
  return {
    status: rules.label(side, s.observed),
    base: rules.label(side, s.base),
    target: rules.label(side, target(entry.rules, side, s)),
    pending: write === null ? null : rules.label(side, write.status),
    work: s.work.filter((w) => isOpen(w.state)).map(({ item, channel, state }) => ({ item, channel, state })),
  }
}

/** What is held back by shadow mode or a pause is not under way. */
function pendingOf(s: Readonly<SideState>) {
  const write = liveWrite(s)
  return write?.phase === 'withheld' ? null : write
}

/** Where the agent stands, in a sentence a side. */
function standing(entry: AgentEntry, rules: Rules, isShadow: boolean): string {
  const { member, state } = entry
  const parts: BySide<string> = { crm: lane(entry, 'crm', rules), telephony: lane(entry, 'telephony', rules) }
  const paused = entry.paused === null ? '' : ` ${entry.paused}.`
  const shadow = isShadow ? ' Nothing is written: shadow mode.' : ''
  const waiting = SIDES.filter((side) => pendingOf(state[side]) !== null).map(
    (side) => ` A change of ${sideName(side)} is under way.`,
  )
  return `${member.name} is ${parts.crm} and ${parts.telephony}.${waiting.join('')}${paused}${shadow}`
}

function lane(entry: AgentEntry, side: Side, rules: Rules): string {
  const s = entry.state[side]
  const blocked = isBlocked(s) ? ` (${whyBlocked(entry, side)})` : ''
  return `${rules.label(side, s.observed)} in ${sideName(side)}${blocked}`
}

function whyBlocked({ state, rules }: AgentEntry, side: Side): string {
  if (state[side].block?.phase === 'holding') return 'still blocked for a moment after work on the other side'
  return `blocked by ${itemsIn(otherSide(side), holders(rules, side, state))}`
}

function frozenUntil({ frozen }: AgentEntry['state']): AgentDetail['next'] {
  if (frozen === null) return []
  return [{ at: new Date(frozen.due).toISOString(), what: 'writes are made again, after too many in a minute' }]
}

function nextOf(side: Side, s: Readonly<SideState>, rules: Rules): readonly { at: string; what: string }[] {
  const next: { at: string; what: string }[] = []
  if (s.block?.release) {
    next.push({ at: new Date(s.block.release.due).toISOString(), what: `the block of ${sideName(side)} ends` })
  }
  if (s.transition) {
    const what = `the transition status of ${sideName(side)} becomes ${rules.label(side, s.transition.status)}`
    next.push({ at: new Date(s.transition.due).toISOString(), what })
  }
  if (s.retry) {
    const what = `${sideName(side)} is written again, because the platform ignored it`
    next.push({ at: new Date(s.retry.due).toISOString(), what })
  }
  return next
}
