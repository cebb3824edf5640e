// What a story expected against what came.

import { SIDES } from '../domain/side.ts'
import type { StepResult } from './run.ts'

export type Miss = {
  readonly result: StepResult
  readonly what: string
  /** Where `expect` says it. */
  readonly path: readonly string[]
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
  const miss = (missed: Omit<Miss, 'result'>) => misses.push({ result, ...missed })
  for (const side of SIDES) {
    const status = expect[side]
    const shows = result.shows[side]
    if (status !== null && status !== shows) miss({ what: side, path: [side], expected: status, got: shows })
    const writes = expect.writes[side]
    const written = result.writes[side]
    if (writes !== null && writes !== written)
      miss({ what: `writes to ${side}`, path: ['writes', side], expected: `${writes}`, got: `${written}` })
  }
  const missing = expect.reason.filter((reason) => !result.reasons.includes(reason))
  if (missing.length > 0) {
    const got = result.reasons.join(', ') || 'no decision'
    miss({ what: 'reason', path: ['reason'], expected: expect.reason.join(', '), got })
  }
  const blocked = expect.blocked
  if (blocked !== null && blocked.join() !== result.blocked.join()) {
    const names = (sides: readonly string[]) => sides.join(', ') || 'no side'
    miss({ what: 'blocked', path: ['blocked'], expected: names(blocked), got: names(result.blocked) })
  }
  return misses
}
