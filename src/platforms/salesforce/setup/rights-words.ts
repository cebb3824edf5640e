// The sentences about rights, with the way through Setup that puts each right.

import type { RightFinding } from '../../../domain/platform.ts'

const PERMISSION_SET = 'Setup → Permission Sets → Presence Bridge Integration'

export const API_ENABLED: RightFinding = {
  state: 'missing',
  what: 'use the API',
  sentence: `The run-as user may not use the API: ${PERMISSION_SET} → System Permissions → API Enabled.`,
}

export const NAMES_HIDDEN: RightFinding = {
  state: 'missing',
  what: 'see the API names of presence statuses',
  sentence:
    'The run-as user cannot see DeveloperName of presence statuses: ' +
    `${PERMISSION_SET} → System Permissions → View Setup and Configuration (or "View DeveloperName").`,
}

export const NO_STATUSES_READ: RightFinding = {
  state: 'missing',
  what: NAMES_HIDDEN.what,
  sentence:
    'The org has no presence statuses for the run-as user: Setup → Omni-Channel Settings → Enable Omni-Channel; where it is enabled, ' +
    `${PERMISSION_SET} → System Permissions → View Setup and Configuration, and assign the permission set to the user.`,
}

export const NO_STATUSES: RightFinding = {
  state: 'unknown',
  what: NAMES_HIDDEN.what,
  sentence:
    'No presence status is there: Setup → Presence Statuses → New. Where there are some, the run-as user does not see them: ' +
    `${PERMISSION_SET} → System Permissions → View Setup and Configuration.`,
}

/** By object: what the bridge needs it for, and where reading it is granted. */
const READING: Readonly<Record<string, readonly [what: string, path: string]>> = {
  User: ['read the people', `${PERMISSION_SET} → System Permissions → View All Users`],
  ServiceChannel: ['read service channels', 'Setup → Omni-Channel Settings → Enable Omni-Channel'],
  UserServicePresence: ['read presence', 'Setup → Omni-Channel Settings → Enable Omni-Channel'],
  AgentWork: ['read work', `${PERMISSION_SET} → Object Settings → Agent Work → Read`],
  PendingServiceRouting: [
    'route work items',
    `${PERMISSION_SET} → Object Settings → Pending Service Routings → Read, Create, Edit, Delete`,
  ],
}

export function reading(object: string, isReadable: boolean): RightFinding {
  const [what, path] = READING[object] ?? [`read ${object}`, PERMISSION_SET]
  if (isReadable) return { state: 'ok', what, sentence: `${object} can be read.` }
  return { state: 'missing', what, sentence: `The run-as user cannot read ${object}: ${path}.` }
}

export function viewAll(object: string, state: RightFinding['state']): RightFinding {
  const what = object === 'AgentWork' ? "see everybody's work" : "see everybody's presence"
  const path = `${PERMISSION_SET} → Object Settings → ${object} → View All Records`
  const instead = 'where the object is not listed there, System Permissions → View All Data'
  if (state === 'ok') return { state, what, sentence: `${object} of everybody can be seen.` }
  if (state === 'missing') {
    const cost = 'without it queries and events leave people out, silently'
    return {
      state,
      what,
      sentence: `The run-as user does not see ${object} of everybody (${cost}): ${path}; ${instead}.`,
    }
  }
  return {
    state,
    what,
    sentence: `Whether the run-as user sees ${object} of everybody cannot be told from here. Look at ${path}; ${instead}.`,
  }
}
