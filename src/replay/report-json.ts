// The replay for programs. Other people's programs read these names.

import type { Difference } from './compare.ts'
import type { Group } from './groups.ts'
import { leftOutWords } from './left-out.ts'
import type { Replay } from './replay.ts'
import { mergedInstead } from './report.ts'
import { differenceWords } from './words.ts'

export function replayJson(replay: Replay): string {
  const { kind, files, from, to, agents, touched, totals, groups, differences, unlisted, leftOut } = replay
  const json = {
    compared: kind === 'mapping' ? 'mappings' : 'with what was recorded',
    files,
    from: iso(from),
    to: iso(to),
    agents,
    agentsTouched: touched,
    decisions: totals.compared,
    differing: totals.differing,
    instead: mergedInstead(groups),
    // Of what was recorded only statuses are known.
    ...(kind === 'mapping' ? { blockedMs: totals.blockedMs, exposedMs: totals.exposedMs } : {}),
    groups: groups.map((group) => groupJson(group, replay)),
    differences: differences.map((difference) => differenceJson(difference, replay)),
    unlisted,
    leftOut: leftOut.map((one) => ({ code: one.kind, count: one.count, words: leftOutWords(one) })),
  }
  return `${JSON.stringify(json, null, 2)}\n`
}

function groupJson({ examples, ...figures }: Group, replay: Replay): object {
  return { ...figures, examples: examples.map((difference) => differenceJson(difference, replay)) }
}

function differenceJson(difference: Difference, { nameOf }: Replay): object {
  const { agent, at, event, before, now } = difference
  return { time: iso(at), agent, event, before, now, sentence: differenceWords(difference, nameOf(agent)) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
