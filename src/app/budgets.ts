// What a platform allows in a day: when the bridge reads less often to keep within it, and when the operator is told.

import type { Log } from '../domain/log.ts'
import type { Budget } from '../domain/platform.ts'
import type { Side } from '../domain/side.ts'

/**
 * Of the daily API calls: from this share on, only every so many-th periodic reading is made; what a gap demands is always read. The last
 * step is as good as none: one reading an hour at the usual interval of 5 min, since only an answer tells that there is room again.
 */
const PACES: readonly { readonly share: number; readonly every: number }[] = [
  { share: 0.95, every: 12 },
  { share: 0.9, every: 4 },
  { share: 0.8, every: 2 },
]
/** Of any budget: from here on the operator is told. */
const HIGH_SHARE = 0.8
const SLACK = 0.05

/** Every how many-th periodic reading is to be made. */
export function paceOf(budgets: readonly Budget[]): number {
  const calls = budgets.find(({ name }) => name === 'api_calls')
  const share = calls === undefined ? 0 : shareOf(calls)
  return PACES.find((pace) => share >= pace.share)?.every ?? 1
}

function shareOf({ used, limit }: Budget): number {
  return limit > 0 ? used / limit : 1
}

/** "12,345 of 100,000 API calls in 24 h, 20,000 expected" */
export function budgetWords({ name, used, limit, forecast }: Budget): string {
  const count = (value: number) => value.toLocaleString('en')
  const expected = forecast === null ? '' : `, ${count(forecast)} expected`
  return `${count(used)} of ${count(limit)} ${name.replaceAll('_', ' ').replace('api', 'API')} in 24 h${expected}`
}

type Level = 'fine' | 'expected' | 'high'

export type BudgetWatch = {
  /** Says what became worse or better since the last look, once each way; gives the pace of periodic readings. */
  look(side: Side, budgets: readonly Budget[]): number
}

export function createBudgetWatch({ log }: { readonly log: Log }): BudgetWatch {
  const levels = new Map<string, Level>()
  const paces = new Map<Side, number>()

  function tellLevel(side: Side, budget: Budget): void {
    const key = `${side} ${budget.name}`
    const before = levels.get(key) ?? 'fine'
    const level = levelOf(budget, before)
    levels.set(key, level)
    if (level === before) return
    const context = { code: 'budget', side, budget: budget.name, level, words: budgetWords(budget) }
    if (level === 'high') log.warn(context, "Most of a day's allowance of the platform is used")
    else if (level === 'expected')
      log.warn(context, "If it goes on like this, a day's allowance of the platform will not do")
    else log.info(context, "A day's allowance of the platform is enough again")
  }

  function tellPace(side: Side, pace: number): void {
    const before = paces.get(side) ?? 1
    paces.set(side, pace)
    if (pace === before) return
    const context = { code: 'reading_pace', side, every: pace }
    if (pace === 1) log.info(context, 'Periodic readings are made at their usual interval again')
    else log.warn(context, 'Periodic readings are made less often, to keep within the API calls; gaps are read as ever')
  }

  return {
    look(side, budgets) {
      for (const budget of budgets) tellLevel(side, budget)
      const pace = paceOf(budgets)
      tellPace(side, pace)
      return pace
    },
  }
}

/** What was told once ends only well below the mark: a figure that hovers there is told once, not at every look. */
function levelOf(budget: Budget, before: Level): Level {
  const expected = budget.forecast === null || budget.limit <= 0 ? 0 : budget.forecast / budget.limit
  if (shareOf(budget) >= HIGH_SHARE - (before === 'high' ? SLACK : 0)) return 'high'
  return expected > 1 - (before === 'fine' ? 0 : SLACK) ? 'expected' : 'fine'
}
