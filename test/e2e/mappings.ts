// The mapping files and presence statuses that the end-to-end tests run with. Tests do in milliseconds what people do in
// minutes, so two changes in a row must not count as changes at once: the window of conflicts is short here,
// and the breaker, which counts writes in a minute, is out of the way.

import type { SandboxStatus } from '../../src/sandbox/contact-centre.ts'

/** Work in one product only. */
export const SCENARIO_A = `version: 1
available: { crm: [Online], telephony: [On Queue] }
exclusive: true
mapped:
  - { crm: Busy, telephony: On Queue }
transition: { crm: Transition, telephony: Available }
conflict: { window: 1ms }
limits: { writes_per_minute: 1000 }
`

export const STATUSES_A: readonly SandboxStatus[] = [
  ['Online', 'Online', ['chat', 'case']],
  ['Busy', 'Busy', []],
  ['Transition', 'Transition', []],
]

/** Work in both products, blocked while handling. */
export const SCENARIO_B = `version: 1
available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
transition: { crm: Transition, telephony: Available }
conflict: { window: 1ms }
limits: { writes_per_minute: 1000 }
blocking: { crm: on, telephony: on }
`

/** Finer than one to one, and a system state of telephony. */
export const FINER = `version: 1
available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
  - { crm: Lunch, telephony: Meal }
  - { crm: [Break, Coaching], telephony: Break }
  - { crm: Missed Call, telephony: Not Responding, direction: to_crm }
transition: { crm: Transition, telephony: Available }
conflict: { window: 1ms }
limits: { writes_per_minute: 1000 }
`
