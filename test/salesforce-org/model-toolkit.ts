// The Omni-Channel toolkit of one agent's console in the stand-in org: the same methods, events and forms of ids as the real one.
//
// Deduced, as nothing documents it: that asking for the status of somebody who is not logged in is refused.

import type { SalesforceModel } from '../../src/sandbox/salesforce/model.ts'
import type { WorkRow } from '../../src/sandbox/salesforce/tables.ts'

export type ToolkitEvent = { readonly name: string; readonly params: Readonly<Record<string, string>> }
type Question = { readonly method: string; readonly args: Readonly<Record<string, string>> | null }

const WORK_EVENTS = {
  assigned: 'workAssigned',
  accepted: 'workAccepted',
  declined: 'workDeclined',
  closed: 'workClosed',
} as const

export function createModelToolkit({
  model,
  user,
  tell,
}: {
  readonly model: SalesforceModel
  readonly user: string
  readonly tell: (event: ToolkitEvent) => void
}) {
  const unwatch = model.on((happening) => {
    if (happening.kind === 'change' || happening.user !== user) return
    if (happening.kind === 'work') tell({ name: WORK_EVENTS[happening.state], params: workIds(happening.work) })
    else if (happening.apiName === 'Offline') tell({ name: 'logout', params: { reason: happening.reason } })
    else tell({ name: 'statusChanged', params: { ...shown(happening.apiName), reason: happening.reason } })
  })

  function shown(apiName: string) {
    const status = model.status(apiName)
    if (!status) throw new Error('The agent is not logged in.')
    return {
      statusId: status.Id.slice(0, 15),
      statusApiName: status.DeveloperName,
      statusName: status.MasterLabel,
      channels: '[]',
    }
  }

  function set(apiName: string): void {
    const outcome = model.setPresence({ user, apiName, by: 'toolkit' })
    if (outcome === 'not_granted') throw new Error('The user has no access to this presence status.')
    if (outcome !== 'ok') throw new Error(`The presence could not be set: ${outcome}`)
  }

  const full = (workId = '') => model.work.openOf(user).find((row) => row.Id.startsWith(workId))?.Id ?? ''

  /** Gives what the toolkit resolves with; throws what it rejects with. */
  function carryOut({ method, args }: Question): unknown {
    switch (method) {
      case 'getServicePresenceStatusId':
        return shown(model.presence(user))
      case 'setServicePresenceStatus': {
        const wanted = (model.rows('ServicePresenceStatus') ?? []).find((row) =>
          row.Id.startsWith(args?.statusId ?? '?'),
        )
        set(String(wanted?.DeveloperName ?? ''))
        return shown(model.presence(user))
      }
      case 'logout':
        set('Offline')
        return true
      case 'getAgentWorks': {
        const works = model.work.openOf(user)
        return { works: JSON.stringify(works.map((row) => ({ ...workIds(row), isEngaged: row.Status === 'Opened' }))) }
      }
      case 'acceptAgentWork':
        return model.work.accept(full(args?.workId))
      case 'declineAgentWork':
        return model.work.decline(full(args?.workId), args?.declineReason)
      case 'closeAgentWork':
        return model.work.close(full(args?.workId))
      default:
        throw new Error(`The toolkit has no method ${method}.`)
    }
  }

  return { carryOut, close: unwatch }
}

function workIds(row: WorkRow) {
  return { workId: row.Id.slice(0, 15), workItemId: row.WorkItemId.slice(0, 15) }
}
