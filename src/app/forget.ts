// Forgetting a person while the bridge runs: their records go from the journal, a little at a time, and they are kept in step as before.
// Never here: a log line with their name.

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { SIDES } from '../domain/side.ts'
import type { AgentState } from '../engine/state.ts'
import { forgetSomeone } from '../journal/forgetting.ts'
import type { Found } from '../journal/someone.ts'
import type { FileJournal } from '../journal/sqlite-journal.ts'
import type { ForgetAnswer, ForgetOrder } from '../ops/status.ts'
import type { AgentEntry, Agents } from './agents.ts'
import type { Bridge } from './bridge.ts'
import { wordsOf } from './cannot-start.ts'

type ForgetDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly journal: () => Pick<FileJournal, 'forget' | 'lastSeq'> | null
  readonly runtime: () => {
    readonly begun: boolean
    readonly agents: Pick<Agents, 'byName'>
    readonly bridge: Pick<Bridge, 'flush' | 'journalOk' | 'store'>
  } | null
}

export function createForget(deps: ForgetDeps): (order: ForgetOrder) => Promise<ForgetAnswer> {
  const { clock, log } = deps
  /** One person at a time: each takes turns with the bridge's own commits. */
  let busy = false

  async function forget({ agent, by }: ForgetOrder): Promise<ForgetAnswer> {
    const [journal, running] = [deps.journal(), deps.runtime()]
    if (journal === null || running === null || !running.begun) return refused(NOT_YET)
    // What was decided a moment ago goes as well.
    await running.bridge.flush()
    if (!running.bridge.journalOk()) return refused(NOT_WRITABLE)
    const entry = running.agents.byName(agent)
    const { found } = await journal.forget({ kind: 'find', name: entry?.member.agent ?? agent })
    const known = entry === undefined ? found : withMember(found, entry)
    if (known?.kind === 'several') return refused(`Several people have that name: ${known.agents.join(', ')}`)
    if (known?.kind !== 'one') return { ok: false, status: 404, error: `Nobody of that name: ${agent}` }
    const { someone } = known
    const removed = await forgetSomeone(journal.forget, {
      someone,
      upTo: journal.lastSeq(),
      keptInStep: entry !== undefined,
      time: new Date(clock.now()).toISOString(),
      by,
      pause: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
    })
    if (entry !== undefined && isNeededByRestart(entry.state)) running.bridge.store(entry)
    log.info({ code: 'forgotten', by, decisions: removed.decisions }, 'Records of one person were removed.')
    return { ok: true, agents: 1, removed }
  }

  return async (order) => {
    if (busy) return refused('Somebody else is being forgotten; ask again when that is done')
    busy = true
    try {
      return await forget(order)
    } catch (error) {
      return refused(`It was not done to the end; ask again: ${wordsOf(error)}`)
    } finally {
      busy = false
    }
  }
}

const NOT_YET = 'The bridge has not begun yet: see /readyz'
const NOT_WRITABLE = 'The journal cannot be written now: see /readyz'

function refused(error: string): ForgetAnswer {
  return { ok: false, status: 409, error }
}

/** Of who is kept in step the bridge knows more than the journal may. */
function withMember(found: Found | undefined, { member }: AgentEntry): Found {
  const { agent, name, aliases, users } = member
  const ids = SIDES.map((side) => String(users[side]))
  const stored = found?.kind === 'one' ? found.someone.agents : []
  return {
    kind: 'one',
    someone: { agent, name, aliases, users: ids, agents: [...new Set([agent, ...ids, ...stored])] },
  }
}

/** What nobody could find out by reading the platforms: what a block gives back, and which change is the bridge's own. */
function isNeededByRestart(state: AgentState): boolean {
  return SIDES.some((side) => {
    const { block, transition, own, base, observed } = state[side]
    return block !== null || transition !== null || own.length > 0 || base !== observed
  })
}
