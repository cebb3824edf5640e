// Makes agents change their status at a steady rate, on either side in turn, whether or not the writes keep up.

import type { LoadResult } from '../messages.ts'
import type { Consoles } from './consoles.ts'
import type { Desk } from './desk.ts'
import type { GenesysFake } from './genesys.ts'
import type { SalesforceFake } from './salesforce.ts'

/** How long a write may stay out after the last change before it is lost. */
const STRAGGLER_MS = 5_000
const LOOK_MS = 10

export type Fakes = {
  readonly desk: Desk
  readonly genesys: GenesysFake
  readonly salesforce: SalesforceFake
  readonly consoles: Consoles
}

export async function load(fakes: Fakes, plan: { ratePerS: number; ms: number }): Promise<LoadResult> {
  const { desk } = fakes
  desk.reset()
  const before = callsOf(fakes)
  const made = await makeChanges(fakes, plan)
  const until = performance.now() + STRAGGLER_MS
  while (desk.waiting() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  const lost = desk.forgetWaiting()
  // Writes that nobody asked for may still be on their way.
  await new Promise((resolve) => setTimeout(resolve, 10 * LOOK_MS))
  const after = callsOf(fakes)
  return {
    ...made,
    received: desk.latencies.length,
    lost,
    unasked: desk.unasked(),
    latencies: [...desk.latencies],
    patches: after.patches - before.patches,
    otherCalls: after.others - before.others,
  }
}

type Made = Pick<LoadResult, 'sent' | 'held' | 'crmChanges' | 'tookMs'>

function makeChanges(fakes: Fakes, { ratePerS, ms }: { ratePerS: number; ms: number }): Promise<Made> {
  const { desk, genesys, consoles } = fakes
  const made = { sent: 0, held: 0, crmChanges: 0 }
  const begun = performance.now()
  let turn = 0

  function change(): void {
    const agent = turn % desk.agents
    const side = (turn + Math.floor(turn / desk.agents)) % 2 === 0 ? 'telephony' : 'crm'
    turn += 1
    if (desk.waits(agent)) {
      made.held += 1
      return
    }
    desk.begin(side, agent)
    made.sent += 1
    if (side === 'telephony') genesys.sendEvent(agent)
    else {
      made.crmChanges += 1
      consoles.sendStatus(agent)
    }
  }

  return new Promise((resolve) => {
    const tick = setInterval(() => {
      const tookMs = performance.now() - begun
      const due = Math.floor((Math.min(tookMs, ms) * ratePerS) / 1_000)
      while (turn < due) change()
      if (tookMs < ms) return
      clearInterval(tick)
      resolve({ ...made, tookMs })
    }, 1)
  })
}

function callsOf({ genesys, salesforce }: Fakes): { readonly patches: number; readonly others: number } {
  const { patches, others } = genesys.calls()
  return { patches, others: others + salesforce.calls() }
}
