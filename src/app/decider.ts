// One event of one agent: the engine decides, the decision is collected for the journal, its orders for the outbox.
// A step that breaks a promise of the engine takes no effect: that agent is paused, loudly, and everybody else goes on.

import type { Reason } from '../domain/reason.ts'
import type { DecisionSeq, LogRecord } from '../domain/record.ts'
import type { Rules } from '../domain/rules.ts'
import type { StatusId } from '../domain/side.ts'
import type { Input } from '../engine/input.ts'
import { brokenPromise } from '../engine/promises.ts'
import { dueTimer } from '../engine/state.ts'
import { type Step, step } from '../engine/step.ts'
import type { AgentEntry } from './agents.ts'
import type { BridgeDeps } from './bridge-ports.ts'
import type { Committer } from './committer.ts'
import type { Dispatch } from './dispatch.ts'
import type { ExposureWatch } from './exposure.ts'
import type { Ledger } from './ledger.ts'
import { recordOf } from './record.ts'

export type Decider = {
  /** `what`: of an event by an admin, what was asked for, by whom and why. */
  decide(entry: AgentEntry, input: Input, what: string | null): void
  /** The agent's timers that are due, in their order. */
  fireTimers(entry: AgentEntry): void
  /** A decision that is about none of the agents. */
  note(record: LogRecord): void
}

const BROKEN = 'A decision broke a promise of the bridge; nothing is written for this agent until somebody resumes them'

const STUCK =
  'A block stands for hours; the end of the work may have been missed. The sync log says which work holds it'

export function createDecider(deps: {
  readonly bridge: Pick<BridgeDeps, 'clock' | 'observer' | 'shadow' | 'log'>
  readonly rules: () => Rules
  readonly lastSeq: DecisionSeq
  readonly committer: Committer
  readonly dispatch: Dispatch
  readonly ledger: Ledger
  readonly exposures: ExposureWatch
}): Decider {
  const { bridge, committer, dispatch, ledger, exposures } = deps
  const { clock, observer, log } = bridge
  let lastSeq = deps.lastSeq

  function decide(entry: AgentEntry, input: Input, what: string | null): void {
    const now = clock.now()
    const seq = lastSeq + 1
    const before: StatusId | null = input.kind === 'report' ? entry.state[input.side].observed : null
    const result = attempt(entry, input, { now, seq })
    if (result === null) return
    entry.state = result.state
    if (input.kind === 'report' && before !== entry.state[input.side].observed) dispatch.seen(entry, input.side)
    committer.changed(
      entry,
      result.orders.some(({ kind }) => kind === 'write'),
    )
    if (result.confirmed !== null) ledger.outcome(result.confirmed.seq, result.confirmed.side, 'confirmed')
    for (const { side, seq } of result.ignored) ledger.outcome(seq, side, 'ignored')
    observer.touched(entry.member.agent)
    if (result.verdicts.length === 0 && what === null) {
      dispatch.collect(entry, result.orders, null)
      return
    }
    entry.decidedAt = now
    entry.telling = tellingOf(result, now) ?? entry.telling
    const exposed = exposures.look(entry)
    const record = recordOf({ entry, input, step: result, rules: deps.rules(), now, before, what, exposed })
    note(record)
    dispatch.collect(entry, result.orders, { seq, record, now })
  }

  function note(record: LogRecord): void {
    lastSeq += 1
    const decided = { seq: lastSeq, record }
    committer.decided(decided)
    ledger.open(lastSeq, record, clock.now())
    observer.decided(decided)
  }

  /** Null: the step failed or broke a promise. */
  function attempt(entry: AgentEntry, input: Input, { now, seq }: { now: number; seq: number }): Step | null {
    const writing = !bridge.shadow && entry.rules.mode === 'live' && entry.paused === null
    try {
      const result = step({ state: entry.state, input, rules: entry.rules, now, seq, writing })
      const broken = brokenPromise({ before: entry.state, result, rules: entry.rules, seq })
      if (broken === null) return result
      freeze(entry, input, broken)
    } catch (error) {
      freeze(entry, input, error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
    return null
  }

  function freeze(entry: AgentEntry, input: Input, why: string): void {
    if (entry.faulty) return
    const { agent } = entry.member
    entry.faulty = true
    entry.paused = 'paused by itself, because a decision broke a promise of the bridge: see the service log'
    log.error({ code: 'promise_broken', agent, event: input.kind, why }, BROKEN)
    observer.faulty(agent)
    observer.touched(agent)
  }

  return {
    decide,
    fireTimers(entry) {
      // A timer whose step fails stays due: it is not fired for ever.
      while (!entry.faulty) {
        const due = dueTimer(entry.state, clock.now())
        if (due === null) return
        if (due.kind === 'stuck') log.warn({ code: 'stuck_block', agent: entry.member.agent, side: due.side }, STUCK)
        decide(entry, { kind: 'timer' }, null)
      }
    },
    note,
  }
}

/** Nothing was news in it. */
const NO_NEWS: ReadonlySet<Reason> = new Set<Reason>(['echo', 'repeat', 'stale'])

/** The reason for which a side is written, else the first one. */
function tellingOf({ verdicts, orders }: Step, at: number): AgentEntry['telling'] {
  const news = verdicts.filter(({ reason }) => !NO_NEWS.has(reason))
  const found = news.find(({ side }) => orders.some((order) => order.side === side)) ?? news[0]
  return found === undefined ? null : { reason: found.reason, at }
}
