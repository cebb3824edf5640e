// The rules in force as tables: for everybody and for each profile.

import type { Rules, Ruleset } from '../domain/rules.ts'
import { matrixOf } from '../mapping/matrix.ts'
import { sheetOf } from '../mapping/matrix-words.ts'
import type { MappingView } from '../ops/mapping-view.ts'
import type { Agents } from './agents.ts'

type Sheets = { readonly rules: Rules; readonly sheets: ReadonlyMap<Ruleset, MappingView['profiles'][number]['sheet']> }

/** Tables are made once for each mapping that takes effect. */
export function createMappingSheets(): (rules: Rules, agents: Agents) => MappingView['profiles'] {
  let known: Sheets | null = null
  return (rules, agents) => {
    const all = [rules.top, ...rules.profiles.values()]
    if (known?.rules !== rules)
      known = { rules, sheets: new Map(all.map((ruleset) => [ruleset, sheetOf(matrixOf(rules, ruleset))])) }
    const { sheets } = known
    return all.flatMap((ruleset) => {
      const sheet = sheets.get(ruleset)
      const { profile, mode } = ruleset
      const count = agents.all.filter((entry) => entry.rules === ruleset).length
      return sheet === undefined ? [] : [{ profile, mode, agents: count, sheet }]
    })
  }
}
