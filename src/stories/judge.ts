// What a story expected against what came.

import { SIDES } from '../domain/side.ts'
import type { StepResult } from './run.ts'

export type Miss = {
  readonly result: StepResult
  readonly what: string
  readonly expected: string
  readonly got: string
}

export function judge(results: readonly StepResult[]): readonly Miss[] {
  return results.flatMap(judgeStep)
}

function judgeStep(result: StepResult): readonly Miss[] {
  const { expect } = result.step
  if (expect === null) return []
  const misses: Miss[] = []
  const miss = (what: string, expected: string, got: string) => misses.push({ result, what, expected, got })
  for (const side of SIDES) {
    const status = expect[side]
    if (status !== null && status !== result.shows[side]) miss(side, status, result.shows[side])
    const writes = expect.writes[side]
    if (writes !== null && writes !== result.writes[side])
      miss(`writes to ${side}`, `${writes}`, `${result.writes[side]}`)
  }
  const missing = expect.reason.filter((reason) => !result.reasons.includes(reason))
  if (missing.length > 0) miss('reason', expect.reason.join(', '), result.reasons.join(', ') || 'no decision')
  const blocked = expect.blocked
  if (blocked !== null && blocked.join() !== result.blocked.join()) {
    miss('blocked', blocked.join(', ') || 'no side', result.blocked.join(', ') || 'no side')
  }
  return misses
}
