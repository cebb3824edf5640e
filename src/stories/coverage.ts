// What the stories have touched of the matrix and what they have not: counted from the records of their decisions.

import type { LogRecord } from '../domain/record.ts'
import type { Rules, Ruleset } from '../domain/rules.ts'
import { OFFLINE, otherSide, type SIDES } from '../domain/side.ts'
import { ANY_OTHER, matrixOf } from '../mapping/matrix.ts'
import { type CoverageCell, cellsOf, isCell, type Touch } from './coverage-cells.ts'
import type { StepResult } from './run.ts'

export type Coverage = {
  /** The mapping file, as it was given. */
  readonly mappings: string
  readonly total: number
  readonly covered: number
  /** In the order of the matrix. */
  readonly missing: readonly CoverageCell[]
}

export type CoverageCount = {
  /** What happened in a story under the rules of this profile; null: the top level's. */
  add(profile: string | null, results: readonly StepResult[]): void
  result(): Coverage
}

export function countCoverage(rules: Rules, mappings: string): CoverageCount {
  const rulesets = [rules.top, ...rules.profiles.values()]
  const cells = cellsOf(rulesets.map((ruleset) => matrixOf(rules, ruleset)))
  const known = {
    crm: new Set([...rules.statuses.crm].map((status) => rules.label('crm', status))),
    telephony: new Set([...rules.statuses.telephony].map((status) => rules.label('telephony', status))),
  }
  const touched = new Set<CoverageCell>()
  return {
    add(profile, results) {
      const ruleset = rulesets.find((one) => one.profile === profile) ?? rules.top
      for (const { moments } of results) {
        for (const { record, bases } of moments) {
          if (record.mapping !== rules.hash) continue // after a `reload` other rules decide
          const touches = touchesOf(ruleset, record).map((touch) => {
            if (touch.kind === 'left') return { ...touch, subject: bases[touch.side] }
            const isOther = touch.kind === 'chosen' && !known[touch.side].has(touch.subject ?? '')
            return isOther ? { ...touch, subject: ANY_OTHER } : touch
          })
          for (const cell of cells) if (touches.some((touch) => isCell(cell, touch, ruleset.profile))) touched.add(cell)
        }
      }
    },
    result: () => ({
      mappings,
      total: cells.length,
      covered: touched.size,
      missing: cells.filter((cell) => !touched.has(cell)),
    }),
  }
}

/** Rounded down, so that only what is whole is 100. */
export function percentOf({ total, covered }: Pick<Coverage, 'total' | 'covered'>): number {
  return total === 0 ? 100 : Math.floor((100 * covered) / total)
}

/** Reasons with which a report is no change, or none that the rules have answered. */
const NO_CHANGE: ReadonlySet<string> = new Set(['echo', 'repeat', 'stale', 'suspect', 'logged_out', 'unknown_agent'])

function touchesOf(rules: Ruleset, { event, decisions }: LogRecord): readonly Touch[] {
  const touches: Touch[] = []
  for (const { side, reason, rule } of decisions) {
    if (reason === 'released' && event.kind !== 'admin') touches.push({ kind: 'released', side, subject: null })
    if (reason === 'reasserted' || reason === 'overridden') touches.push({ kind: 'override', side, subject: null })
    if (reason === 'transition_over') touches.push({ kind: 'transition_over', side, subject: null })
    const touched = event.side
    if (touched === undefined) continue
    const other = otherSide(touched)
    if (event.kind === 'work' && side === other && (reason === 'blocked' || reason === 'blocked_quiet'))
      touches.push({ kind: 'blocks', side: touched, subject: channelOf(rules, event.channel, other) })
    if (event.kind !== 'status' || NO_CHANGE.has(reason)) continue
    const isLogin = event.from === OFFLINE && event.to !== OFFLINE
    const followed = side === touched && (reason === 'login' || reason === 'already')
    if (isLogin && (followed || side === other)) touches.push({ kind: 'login', side: touched, subject: null })
    if (side !== other) continue
    touches.push({ kind: 'chosen', side: touched, subject: event.to ?? null })
    if (isTransition(rules, other, { reason, rule })) touches.push({ kind: 'left', side: touched, subject: null })
  }
  return touches
}

/** R4, also by way of R15; or that nothing is configured for it. */
function isTransition(
  { transition }: Ruleset,
  side: (typeof SIDES)[number],
  { reason, rule }: { readonly reason: string; readonly rule: string | undefined },
): boolean {
  if (reason === 'transition') return true
  const there = transition[side]
  return there === null ? reason === 'unmapped' : reason === 'conflict' && rule === there.rule
}

/** Null where the rules do not tell channels apart. */
function channelOf({ blocking }: Ruleset, channel: string | undefined, blocked: (typeof SIDES)[number]): string | null {
  return blocking[blocked]?.channels == null ? null : (channel?.toLowerCase() ?? null)
}
