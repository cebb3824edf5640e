// Plays a story that a comparison tells on the whole bridge, as `presence-bridge test` would.

import type { Rules, Ruleset } from '../../../src/domain/rules.ts'
import { loadStories } from '../../../src/mapping/stories.ts'
import { judge } from '../../../src/stories/judge.ts'
import { runStory } from '../../../src/stories/run.ts'

/** What was expected and did not come; nothing, where the story is true. */
export async function missesIn(rules: Rules, yaml: string): Promise<readonly string[]> {
  const { stories, findings } = loadStories(`stories:\n${yaml.replace(/^/gm, '  ')}\n`, { file: 's.yaml' })
  const [story] = stories
  if (story === undefined) throw new Error(`${findings.map(({ message }) => message).join(' ')}\n${yaml}`)
  const results = await runStory(story, rules, () => rules)
  return judge(results).map(({ result, what, expected, got }) => `step ${result.index}: ${what} ${expected} ≠ ${got}`)
}

/** A file that holds these rules only. */
export function rulesWith(top: Ruleset): Rules {
  const statuses = { crm: new Set<never>(), telephony: new Set<never>() }
  return { hash: 'h', file: 'm', top, profiles: new Map(), statuses, label: (_side, status) => status }
}
