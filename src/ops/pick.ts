// Which agents a page shows: those who need a look first.

import { SIDES } from '../domain/side.ts'
import type { AgentSummary } from './status.ts'

export function pickAgents(
  all: readonly AgentSummary[],
  { find, limit }: { find: string; limit: number },
): readonly AgentSummary[] {
  const wanted = find.trim().toLowerCase()
  const found = wanted === '' ? [...all] : all.filter((agent) => text(agent).includes(wanted))
  return found.sort((a, b) => attention(b) - attention(a)).slice(0, limit)
}

function text({ agent, name, profile, crm, telephony }: AgentSummary): string {
  return [agent, name, profile ?? '', crm.status, telephony.status].join('\n').toLowerCase()
}

/** Sorting keeps the given order among equals. */
function attention(agent: AgentSummary): number {
  const sides = SIDES.map((side) => agent[side])
  if (sides.some(({ pending }) => pending !== null)) return 4
  if (sides.some(({ status, target }) => status !== target)) return 3
  if (agent.blocked.length > 0) return 2
  return agent.paused ? 1 : 0
}
