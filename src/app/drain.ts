// The way out of service: every block of the bridge is given back before it ends, so that nobody stays in a status that only a bridge would end.

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { SIDES } from '../domain/side.ts'
import { isBlocked, liveWrite } from '../engine/turn.ts'
import type { AgentEntry } from './agents.ts'
import type { Runtime } from './runtime.ts'

/** How often it is looked whether the platforms have taken everything, ms. */
const LOOK_MS = 50
/** What is left of the time for the rest of the way down, ms: the writes under way have 3 s, then the journal is closed. */
const REST_MS = 4_000

const WHY = 'released because the bridge is taken out of service'

/**
 * Releases everybody who is blocked, each with a record, and waits until their writes are confirmed, or given up, or the time is nearly over. No
 * news is taken meanwhile, so that no new block begins.
 */
export async function giveBlocksBack(deps: {
  readonly runtime: Runtime
  readonly clock: Clock
  readonly log: Log
  readonly withinMs: number
}): Promise<void> {
  const { runtime, clock, log, withinMs } = deps
  runtime.drain()
  const blocked = runtime.agents.all.filter(({ state }) => SIDES.some((side) => isBlocked(state[side])))
  const until = clock.now() + Math.max(0, withinMs - REST_MS)
  for (const entry of blocked) runtime.bridge.release(entry, WHY)
  let waiting: readonly AgentEntry[] = blocked
  do {
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve))
    waiting = waiting.filter(isUnderWay)
  } while ((waiting.length > 0 || runtime.bridge.depth() > 0) && clock.now() < until)
  const figures = { code: 'blocks_given_back', agents: blocked.length, waiting: waiting.length }
  if (waiting.length === 0) log.info(figures, 'Every block was given back')
  else
    log.warn(
      figures,
      'Blocks were given back; some agents still show the block status, because the platform did not take another one in time',
    )
}

/** What shadow mode or a pause holds back will not be written. */
function isUnderWay({ state }: AgentEntry): boolean {
  return SIDES.some((side) => {
    const write = liveWrite(state[side])
    return isBlocked(state[side]) || (write !== null && write.phase !== 'withheld')
  })
}

/** False: it was not over in time. */
export function isOverWithin(
  end: Promise<void>,
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(false))
    end.then(
      () => {
        cancel()
        resolve(true)
      },
      (error: unknown) => {
        cancel()
        reject(error)
      },
    )
  })
}
