// What the tests of the stand-in organisation and of its adapter share: a real clock, an organisation, and bounded waiting.

import type { Clock } from '../../../src/domain/clock.ts'
import {
  createGenesysModel,
  type GenesysModel,
  type GenesysModelDeps,
} from '../../../src/sandbox/genesys-cloud/model.ts'
import {
  type GenesysServer,
  type GenesysServerOptions,
  serveGenesys,
} from '../../../src/sandbox/genesys-cloud/server.ts'

export const CLIENT = { clientId: 'bridge', clientSecret: 'not a real secret' }

export const realClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  soon: (callback) => setImmediate(callback),
}

export function seededRandom(seed = 1): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

export type Organisation = { readonly model: GenesysModel; readonly server: GenesysServer; close(): Promise<void> }

export async function openOrganisation(
  options: Partial<GenesysServerOptions> & Pick<GenesysModelDeps, 'requestingOffQueue'> = {},
): Promise<Organisation> {
  const { requestingOffQueue = false, ...serverOptions } = options
  const model = createGenesysModel({ clock: realClock, random: seededRandom(), requestingOffQueue })
  const server = await serveGenesys(model, { port: 0, ...CLIENT, ...serverOptions })
  return {
    model,
    server,
    async close() {
      model.stop()
      await server.close()
    },
  }
}

const WAIT_MS = 4_000

/** Until `look` finds something; fails with what was waited for. */
export async function eventually<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
  const until = Date.now() + WAIT_MS
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > until) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
