// The line that a rule reference names.

import type { RuleRef } from '../domain/rules.ts'

/** "mappings.yaml:7" → 7; null where it names none. */
export function lineOf(rule: RuleRef): number | null {
  const found = /:(\d+)$/.exec(rule)?.[1]
  return found === undefined ? null : Number(found)
}
