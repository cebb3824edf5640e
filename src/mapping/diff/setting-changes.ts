// Rules that are no outcome by themselves: who takes work, what may never be, timings and limits. Told also where nothing else is different.

import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, SIDES, type Side, type StatusId, sideName } from '../../domain/side.ts'
import { durationWords } from '../matrix-words.ts'
import type { Both } from './twins.ts'

export type SettingChange = { readonly name: string; readonly before: string; readonly now: string }

export type Label = (side: Side, status: StatusId) => string

type Setting = { readonly name: string; readonly of: (rules: Ruleset, label: Label) => string }

const NONE = 'none'

export function settingChanges(rules: Both<Ruleset>, labels: Both<Label>): readonly SettingChange[] {
  const settings = [...SIDES.flatMap(sideSettings), ...AGENT_SETTINGS]
  return settings
    .map(({ name, of }) => ({ name, before: of(rules.before, labels.before), now: of(rules.now, labels.now) }))
    .filter(({ before, now }) => before !== now)
}

function sideSettings(side: Side): readonly Setting[] {
  return [
    { name: `statuses of ${sideName(side)} that take work`, of: (rules, label) => names(rules.available, side, label) },
    { name: `transition.${side}: for`, of: ({ transition }) => duration(transition[side]?.ends?.afterMs) },
    { name: `blocking.${side}: release_after`, of: ({ blocking }) => duration(blocking[side]?.releaseAfterMs) },
  ]
}

const AGENT_SETTINGS: readonly Setting[] = [
  { name: 'mode', of: ({ mode }) => mode },
  { name: 'exclusive', of: ({ exclusive }) => String(exclusive) },
  { name: 'startup', of: ({ startup }) => startup },
  { name: 'login', of: ({ login }) => login },
  { name: 'conflict.prefer', of: ({ conflict }) => conflict.prefer },
  { name: 'conflict.window', of: ({ conflict }) => duration(conflict.windowMs) },
  { name: 'limits.writes_per_minute', of: ({ limits }) => String(limits.writesPerMinute) },
  { name: 'limits.freeze', of: ({ limits }) => duration(limits.freezeMs) },
  { name: 'limits.mass_logout', of: ({ limits }) => `${Math.round(limits.massLogoutShare * 1_000) / 10}%` },
  { name: 'confirm_within', of: ({ confirmWithinMs }) => duration(confirmWithinMs) },
]

function names(available: BySide<ReadonlySet<StatusId>>, side: Side, label: Label): string {
  const labels = [...available[side]].map((status) => label(side, status))
  return labels.length === 0 ? NONE : labels.toSorted().join(', ')
}

function duration(ms: number | undefined): string {
  return ms === undefined ? NONE : durationWords(ms)
}
