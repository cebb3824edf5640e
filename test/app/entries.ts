// Agents of the host loop, as far as its parts look at them.

import { type AgentEntry, createAgents } from '../../src/app/agents.ts'
import type { Rules } from '../../src/domain/rules.ts'
import type { AgentId, PlatformUserId, StatusId } from '../../src/domain/side.ts'
import { ruleset } from '../support/rules.ts'

const RULES: Rules = {
  hash: 'sha256:1f0c',
  file: 'mappings.yaml',
  top: ruleset({ available: { crm: ['Q'], telephony: ['Q'] }, rows: [{ crm: ['Q'], telephony: ['Q'] }] }),
  profiles: new Map(),
  statuses: { crm: new Set(), telephony: new Set() },
  label: (_, status) => status,
}

export function entriesOf(...names: readonly string[]): readonly AgentEntry[] {
  const members = names.map((name) => ({
    agent: name as AgentId,
    name,
    aliases: [],
    users: { crm: `crm-${name}` as PlatformUserId, telephony: `telephony-${name}` as PlatformUserId },
    profile: null,
  }))
  return createAgents(members, RULES).all
}

/** The platform reported this status of the side. */
export function shows(entry: AgentEntry, side: 'crm' | 'telephony', status: string): void {
  entry.state = { ...entry.state, [side]: { ...entry.state[side], observed: status as StatusId } }
}
