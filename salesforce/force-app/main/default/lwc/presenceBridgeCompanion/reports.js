// Events of the toolkit as frames for the bridge, and the first frame of a connection.

import { LABEL_MAX, NAME_MAX } from './limits'
import { clip } from './records'

const WORK = {
  workAssigned: 'assigned',
  workAccepted: 'accepted',
  workDeclined: 'declined',
  workClosed: 'closed',
}

/** The frame, or null for what the bridge has no use for. `now`: the browser's clock; the bridge only shows it. */
export function frameOf(name, params, { now, named }) {
  const at = new Date(now).toISOString()
  if (name === 'statusChanged') return { ...statusFrame(named(params), params.reason), at }
  // Only the id comes with it. Where the toolkit tells the status change as well, the second is a repeat.
  if (name === 'loginSuccess') return { ...statusFrame(named(params), 'OmniLoginStatusChange'), at }
  if (name === 'logout') return { type: 'logout', reason: params.reason ? clip(params.reason, NAME_MAX) : null, at }
  if (name === 'workloadChanged') return workload(params)
  const state = WORK[name]
  if (!state || !params.workId) return null
  return { type: 'work', ...workOf(params), state, at }
}

/** Without `reason` where nobody told one. */
export function statusFrame({ id, apiName, label }, reason) {
  const told = { type: 'status', id, apiName: clip(apiName, LABEL_MAX), label: clip(label, LABEL_MAX) }
  return reason ? { ...told, reason: clip(reason, NAME_MAX) } : told
}

export function hello({ token, tab, status, works }) {
  const told = status && {
    id: status.id,
    apiName: clip(status.apiName, LABEL_MAX),
    label: clip(status.label, LABEL_MAX),
  }
  return {
    type: 'hello',
    v: 1,
    token,
    tab,
    status: told,
    work: works.map((work) => ({ ...workOf(work), state: work.isEngaged ? 'accepted' : 'assigned' })),
  }
}

/** The toolkit tells no channel: the bridge reads it from the work record. */
function workOf({ workId, workItemId }) {
  return { workId: clip(workId, NAME_MAX), workItemId: clip(workItemId, NAME_MAX), channel: null }
}

function workload({ configuredCapacity, previousWorkload, newWorkload }) {
  return {
    type: 'workload',
    configured: Number(configuredCapacity ?? 0),
    previous: Number(previousWorkload ?? 0),
    new: Number(newWorkload ?? 0),
  }
}
