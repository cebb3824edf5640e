// Who is kept in step: the people of both platforms, matched by what the mapping file says.

import type { Log } from '../domain/log.ts'
import type { Person } from '../domain/platform.ts'
import type { AgentId, BySide } from '../domain/side.ts'
import type { Matching } from '../mapping/mapping.ts'
import { matchPeople } from '../mapping/people.ts'
import type { Member } from './agents.ts'

export type Roster = BySide<readonly Person[]>

/** Says how many were found; those who were not are named for whoever looks closely. */
export function membersOf(roster: Roster, matching: Matching, log: Log): readonly Member[] {
  const { agents, unmatched } = matchPeople(roster, matching)
  for (const { side, name, why } of unmatched)
    log.debug({ code: 'unmatched', side, person: name, why }, 'Somebody is not kept in step')
  const found = { agents: agents.length, unmatched: unmatched.length }
  const counts = { ...found, crm: roster.crm.length, telephony: roster.telephony.length }
  if (agents.length === 0)
    log.warn({ code: 'nobody', ...counts }, 'Nobody was found on both sides; see agents.match_by in the mapping file')
  else log.info({ code: 'people', ...counts }, 'People were matched; those in one system only are left alone')
  return agents.map(({ agent, users, name, email, profile }) => {
    return { agent, users, name, aliases: email === null ? [] : [email], profile }
  })
}

/**
 * Under new rules: the profile of everybody who is kept in step, and how many would be kept in step or not any more if the bridge were started
 * now. For those a restart is needed.
 */
export function regroup(
  roster: Roster,
  matching: Matching,
  members: readonly Member[],
): { readonly profiles: ReadonlyMap<AgentId, string | null>; readonly added: number; readonly removed: number } {
  const { agents } = matchPeople(roster, matching)
  const profiles = new Map(agents.map(({ agent, profile }) => [agent, profile]))
  const known = new Set(members.map(({ agent }) => agent))
  const added = agents.filter(({ agent }) => !known.has(agent)).length
  const removed = members.filter(({ agent }) => !profiles.has(agent)).length
  return { profiles, added, removed }
}
