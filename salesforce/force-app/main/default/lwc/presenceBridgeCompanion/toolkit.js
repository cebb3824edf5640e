// The Omni-Channel toolkit in our words: the agent's status, the work, and what can be done about them.
//
// Not verified on an org: what getServicePresenceStatusId gives for an agent who is not logged in. Both are taken for it: an answer without a
// status, and a refusal while no event of the toolkit says that the agent is logged in.

import { NAME_MAX, READ_TIMEOUT_MS, READY_INTERVAL_MS, READY_TRIES, TOOLKIT_TIMEOUT_MS, WORKS_MAX } from './limits'
import { clip, shortId } from './records'

/** `call(method, args, { timeoutMs })` asks the toolkit. */
export function createToolkit({ call, clock }) {
  /** What the toolkit's events said last: null while there was none. */
  let loggedIn = null
  let last = null

  /** To be told of every event of the toolkit before anybody else. */
  function noticed(name, params) {
    if (name === 'statusChanged' || name === 'loginSuccess') loggedIn = true
    if (name === 'statusChanged' && params.statusId) last = statusOf(params)
    if (name === 'logout') {
      loggedIn = false
      last = null
    }
  }

  /**
   * Omni-Channel loads after the page: a refusal at first may only mean that it is not there yet, and taking it for "not logged in" would tell
   * the bridge so. Waits until something is known, for some seconds at most.
   */
  async function ready() {
    for (let left = READY_TRIES; left > 0 && loggedIn === null; left -= 1) {
      const told = await call('getServicePresenceStatusId', null, { timeoutMs: READ_TIMEOUT_MS }).catch(() => null)
      if (told) return
      if (left > 1) await new Promise((resolve) => clock.after(READY_INTERVAL_MS, resolve))
    }
  }

  /** `{ id, apiName, label }`, or null for an agent who is not logged in. Throws what the toolkit said where it cannot be known. */
  async function status() {
    try {
      const told = await call('getServicePresenceStatusId', null, { timeoutMs: READ_TIMEOUT_MS })
      return told?.statusId ? statusOf(told) : null
    } catch (error) {
      if (loggedIn === true) throw error
      return null
    }
  }

  /** The same for the first frame of a connection, which must say something: what the toolkit told of itself last. */
  async function statusOrLast() {
    try {
      return await status()
    } catch {
      return last
    }
  }

  /** Empty where it cannot be read: the bridge reads the work records itself. */
  async function works() {
    try {
      const told = await call('getAgentWorks', null, { timeoutMs: READ_TIMEOUT_MS })
      const list = typeof told?.works === 'string' ? JSON.parse(told.works) : told?.works
      return Array.isArray(list) ? list.filter((work) => work?.workId).slice(0, WORKS_MAX) : []
    } catch {
      return []
    }
  }

  const act = (method, args) => call(method, args, { timeoutMs: TOOLKIT_TIMEOUT_MS })

  return {
    noticed,
    ready,
    status,
    statusOrLast,
    works,
    loggedOut: () => loggedIn === false,
    /** Logs in who is logged out: to be called only right after `status` said who is logged in. */
    setStatus: (id) => act('setServicePresenceStatus', { statusId: shortId(id) }),
    logout: () => act('logout', null),
    accept: (workId) => act('acceptAgentWork', { workId: shortId(workId) }),
    decline: (workId, reason) =>
      act('declineAgentWork', { workId: shortId(workId), ...(reason ? { declineReason: reason } : {}) }),
    close: (workId) => act('closeAgentWork', { workId: shortId(workId) }),
  }
}

/** Of an event and of an answer: they use the same names. */
export function statusOf({ statusId, statusApiName, statusName }) {
  return { id: clip(statusId, NAME_MAX), apiName: String(statusApiName ?? ''), label: String(statusName ?? '') }
}
