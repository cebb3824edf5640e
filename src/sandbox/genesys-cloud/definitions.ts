// The presence definitions of the stand-in organisation: the platform's own ones with the ids that are the same in every
// organisation, and a few that this organisation has added to their families.

export type SystemPresence =
  | 'Available'
  | 'On Queue'
  | 'Busy'
  | 'Away'
  | 'Break'
  | 'Meal'
  | 'Meeting'
  | 'Training'
  | 'Idle'
  | 'Offline'

export type PresenceDefinition = {
  readonly id: string
  readonly type: 'System' | 'User'
  readonly label: string
  readonly systemPresence: SystemPresence
  readonly deactivated: boolean
}

export const SYSTEM_IDS: Readonly<Record<SystemPresence, string>> = {
  Available: '6a3af858-942f-489d-9700-5f9bcdcdae9b',
  'On Queue': 'e08eaf1b-ee47-4fa9-a231-1200e284798f',
  Busy: '31fe3bac-dea6-44b7-bed7-47f91660a1a0',
  Away: '5e5c5c66-ea97-4e7f-ac41-6424784829f2',
  Break: '227b37e2-f1d0-4dd0-8f50-badd7cf6d158',
  Meal: '3fd96123-badb-4f69-bc03-1b1ccc6d8014',
  Meeting: 'bbdff279-7ae1-48ea-bade-7831d7234c64',
  Training: 'd2390a99-8546-bad9-8f0a-219548e8aeb0',
  Idle: '7ffa01cd-7866-4ad7-8faa-31e11b42f51f',
  Offline: 'ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5',
}

const OWN: readonly (readonly [label: string, family: SystemPresence, deactivated: boolean])[] = [
  ['Lunch', 'Meal', false],
  ['Coaching', 'Training', false],
  ['Paperwork', 'Busy', false],
  ['Out of Office', 'Away', false],
  ['Gone Home', 'Offline', false],
  ['Old Break', 'Break', true],
]

export function createDefinitions(newId: () => string): readonly PresenceDefinition[] {
  const system = (Object.keys(SYSTEM_IDS) as SystemPresence[]).map((label) => ({
    id: SYSTEM_IDS[label],
    type: 'System' as const,
    label,
    systemPresence: label,
    deactivated: false,
  }))
  const own = OWN.map(([label, systemPresence, deactivated]) => ({
    id: newId(),
    type: 'User' as const,
    label,
    systemPresence,
    deactivated,
  }))
  return [...system, ...own]
}
