// Forgetting a person from end to end: by the thread of a running bridge, or in a file that no bridge has open.

import type { Forgotten } from '../domain/forgotten.ts'
import type { ServiceEvent } from '../domain/history.ts'
import { openForTending } from './file.ts'
import { type ForgetAnswer, type ForgetStep, takeStep } from './forget.ts'
import { EMPTY_LOG_PAUSE_MS, EMPTY_LOG_TRIES, FORGET_PAUSE_MS, FORGET_ROWS_MAX } from './limits.ts'
import type { Found, Someone } from './someone.ts'

/** Whoever writes the file. */
export type ForgettingHand = (step: ForgetStep) => Promise<ForgetAnswer>

export type ForgetTask = {
  readonly someone: Someone
  /** The number of the newest decision that goes. */
  readonly upTo: number
  /** A bridge keeps them in step: what it needs to go on with them stays. */
  readonly keptInStep: boolean
  /** When, ISO 8601, and who asked. */
  readonly time: string
  readonly by: string | null
  readonly pause: (ms: number) => Promise<void>
}

export async function forgetSomeone(hand: ForgettingHand, task: ForgetTask): Promise<Forgotten> {
  const { someone, upTo, keptInStep, pause } = task
  let [decisions, outcomes] = [0, 0]
  for (;;) {
    const { slice } = await hand({ kind: 'slice', agents: someone.agents, upTo })
    decisions += slice?.decisions ?? 0
    outcomes += slice?.outcomes ?? 0
    if ((slice?.decisions ?? 0) < FORGET_ROWS_MAX) break
    await pause(FORGET_PAUSE_MS)
  }
  const { rest } = await hand({ kind: 'rest', someone, keepLive: keptInStep, event: eventOf(task) })
  const nothing = { states: 0, people: 0, marks: 0, events: 0, mappings: 0 }
  const logEmptied = await emptyLog(hand, pause)
  return { decisions, outcomes, ...(rest ?? nothing), logEmptied, keptInStep }
}

/** Without the name: the record says that something is missing, not whose. */
function eventOf({ time, by }: ForgetTask): ServiceEvent {
  return { time, kind: 'forgotten', words: `Records of one person were removed by ${by ?? 'somebody'}` }
}

async function emptyLog(hand: ForgettingHand, pause: ForgetTask['pause']): Promise<boolean> {
  for (let tried = 1; ; tried += 1) {
    if ((await hand({ kind: 'empty_log' })).emptied === true) return true
    if (tried === EMPTY_LOG_TRIES) return false
    await pause(EMPTY_LOG_PAUSE_MS)
  }
}

export type TendedJournal = {
  find(name: string): Found
  /** Their decisions. */
  count(someone: Someone): number
  forget(about: Pick<ForgetTask, 'someone' | 'time' | 'by' | 'pause'>): Promise<Forgotten>
  /**
   * Writes the file anew with what is left: what a version that did not write over deleted rows has left in it is gone then too. Needs room for
   * a copy, and a minute for some GB. False: somebody is reading, so that what was there before is still in the file.
   */
  rewrite(): boolean
  close(): void
}

/** Throws JournalInUse where a bridge has it open, else an Error with one plain sentence where it cannot be used. */
export function openJournalForTending(path: string): TendedJournal {
  const { db, close } = openForTending(path)
  const hand: ForgettingHand = async (step) => takeStep(db, step)
  return {
    find(name) {
      const { found } = takeStep(db, { kind: 'find', name })
      return found ?? { kind: 'nobody' }
    },
    count({ agents }) {
      const count = db.prepare('SELECT count(*) AS n FROM decisions WHERE agent = ?')
      return agents.reduce((sum, agent) => sum + Number(count.get(agent)?.n), 0)
    },
    forget: (about) => forgetSomeone(hand, { ...about, upTo: Number.MAX_SAFE_INTEGER, keptInStep: false }),
    rewrite() {
      db.exec('VACUUM')
      return takeStep(db, { kind: 'empty_log' }).emptied === true
    },
    close,
  }
}
