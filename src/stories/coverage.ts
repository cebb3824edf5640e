// What the stories have touched of the matrix and what they have not.

import type { Rules } from '../domain/rules.ts'
import type { Side } from '../domain/side.ts'
import { ANY_OTHER, matrixOf } from '../mapping/matrix.ts'
import { type CoverageCell, cellsOf, isCell, type Touch } from './coverage-cells.ts'
import { touchesOf } from './coverage-touches.ts'
import { rulesetNamed } from './load.ts'
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
  const cells = cellsOf([rules.top, ...rules.profiles.values()].map((ruleset) => matrixOf(rules, ruleset)))
  const named = { crm: labels(rules, 'crm'), telephony: labels(rules, 'telephony') }
  const touched = new Set<CoverageCell>()

  function touch(profile: string | null, made: Touch): void {
    const isOther = made.kind === 'chosen' && !named[made.side].has(made.subject ?? '')
    const meant = isOther ? { ...made, subject: ANY_OTHER } : made
    for (const cell of cells) if (isCell(cell, meant, profile)) touched.add(cell)
  }

  return {
    add(profile, results) {
      const ruleset = rulesetNamed(rules, profile)
      // After a `reload` other rules decide.
      const moments = results.flatMap((result) => result.moments).filter(({ record }) => record.mapping === rules.hash)
      for (const made of moments.flatMap((moment) => touchesOf(ruleset, moment))) touch(profile, made)
    },
    result: () => ({
      mappings,
      total: cells.length,
      covered: touched.size,
      missing: cells.filter((cell) => !touched.has(cell)),
    }),
  }
}

function labels(rules: Rules, side: Side): ReadonlySet<string> {
  return new Set([...rules.statuses[side]].map((status) => rules.label(side, status)))
}

/** Rounded down, so that only what is whole is 100. */
export function percentOf({ total, covered }: Pick<Coverage, 'total' | 'covered'>): number {
  return total === 0 ? 100 : Math.floor((100 * covered) / total)
}
