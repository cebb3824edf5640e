// What a simulated platform is made of, and what it tells those who look on.

import type { Clock } from '../../src/domain/clock.ts'
import type { Report } from '../../src/domain/report.ts'
import type { PlatformUserId, Side } from '../../src/domain/side.ts'
import type { ActOf } from './acts.ts'
import type { Call } from './person.ts'

/** `kept`: may be delivered again. */
export type Rumour = Pick<ActOf<'rumour'>, 'status' | 'when'> & { readonly kept?: boolean }

export type PlatformDeps = {
  readonly side: Side
  readonly clock: Clock
  readonly seed: number
  readonly skewMs: number
  /** Whether reports carry versions. */
  readonly versions: boolean
  readonly users: readonly PlatformUserId[]
  /** Now and then work is told without its channel; and what shows already is told when it is chosen again. */
  readonly moody: boolean
  /** The bridge hears this. */
  readonly told: (user: PlatformUserId, report: Report) => void
  /** The bridge tries to set a status. */
  readonly called: (call: Call) => void
  readonly answered: (call: Call) => void
}
