// What writing by capacity cannot do at all, in words for the person who reads why.

import type { CatalogueStatus, WriteResult } from '../../../domain/platform.ts'
import { OFFLINE, type StatusId } from '../../../domain/side.ts'
import type { Person } from './person.ts'

/** Null: it can be tried. */
export function refusalOf(
  wanted: StatusId,
  { actual, block }: Person,
  statusOf: (id: StatusId) => CatalogueStatus | undefined,
): WriteResult | null {
  const target = statusOf(wanted)
  if (wanted === OFFLINE) return refused('the capacity writer cannot log anybody out')
  if (target === undefined) return refused(`this org has no presence status with the id ${wanted}`)
  if (target.available === undefined)
    return refused(
      'which statuses take work cannot be read in this org (ServiceChannelStatus); the capacity writer needs it',
    )
  if (actual === null) return { kind: 'transient', words: 'what Salesforce shows of this agent is not known yet' }
  if (actual.status === OFFLINE) return refused('not logged in to Omni-Channel')
  if (actual.status === wanted) return null
  const own = statusOf(actual.status)
  if (!target.available && (own?.available !== false || block !== null)) return null
  const shown = own?.label ?? actual.status
  return refused(
    target.available
      ? `only the agent can choose ${target.label}: Salesforce shows ${shown}, and no server can set another status`
      : `the agent is in ${shown} and gets no work anyway; no server can set another status`,
  )
}

export function refused(words: string): WriteResult {
  return { kind: 'refused', words }
}
