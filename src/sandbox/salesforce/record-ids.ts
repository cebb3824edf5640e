// Record ids as Salesforce makes them: a three-character key prefix, twelve characters that grow, three that tell the letter case.

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/** The three-character object prefixes; those of presence and work objects are from memory of real orgs, not documented. */
const KEY_PREFIX = {
  Organization: '00D',
  User: '005',
  ServicePresenceStatus: '0N5',
  ServiceChannel: '0N9',
  ServiceChannelStatus: '0NA',
  UserServicePresence: '0PE',
  AgentWork: '0Bz',
  Case: '500',
  CustomObject: 'a0B',
  Group: '00G',
  QueueRoutingConfig: '0K9',
  PresenceUserConfig: '0Nd',
  PresenceUserConfigUser: '0Ne',
  PermissionSet: '0PS',
  PermissionSetAssignment: '0Pa',
  ObjectPermissions: '110',
  SetupEntityAccess: '0J0',
  PlatformEventChannel: '0YL',
  PlatformEventChannelMember: '0v8',
} as const

export type SObjectName = keyof typeof KEY_PREFIX

/** Hands out 18-character ids; each starts with its object's prefix and none is given twice. */
export function createRecordIds(): (object: SObjectName) => string {
  let next = 1
  return (object) => {
    const short = `${KEY_PREFIX[object]}${base62(next++).padStart(12, '0')}`
    return short + caseSuffix(short)
  }
}

/** The last three characters: one bit for each upper-case letter, five to a character, lowest first. */
function caseSuffix(short: string): string {
  return [0, 5, 10].map((from) => suffixCharacter(short.slice(from, from + 5))).join('')
}

function suffixCharacter(five: string): string {
  let bits = 0
  for (const [index, character] of [...five].entries()) if (character >= 'A' && character <= 'Z') bits |= 1 << index
  return SUFFIX.charAt(bits)
}

function base62(value: number): string {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = DIGITS.charAt(rest % 62) + text
  return text
}
