// The mapping file of the contact centre in which people complain: short pauses, because tests do in seconds what people do in minutes.

import type { FloorOptions } from '../harness.ts'

const MAPPING = `version: 1
available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
  - { crm: Lunch, telephony: Meal }
  - { crm: [Break, Coaching], telephony: Break }
  - { crm: Missed Call, telephony: Not Responding, direction: to_crm }
no_sync: { telephony: [Idle] }
transition: { crm: Transition, telephony: Available }
blocking:
  crm: { channels: [call] }
  telephony: { channels: [chat] }
conflict: { prefer: latest, window: 300ms }
limits: { writes_per_minute: 20 }
profiles:
  - name: pilot
    mode: shadow
    agents: [lee@sandbox.example]
`

export const COMPLAINTS_FLOOR: FloorOptions = { mapping: MAPPING, agents: 12 }

/** Longer than the window of conflicts: what comes after it is a thing of its own. */
export const A_MOMENT_MS = 350
