// Who sits in which console: the tabs of each person, which of them leads, and the commands that wait for an answer.

import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../domain/clock.ts'
import type { WorkAction, WriteOptions, WriteResult } from '../../../domain/platform.ts'
import type { PlatformUserId } from '../../../domain/side.ts'
import { COMMAND_TIMEOUT_MS, TABS_MAX } from './limits.ts'
import type { CompanionSession } from './session.ts'
import { type BridgeFrame, CLOSE, type CompanionFrame, type FailedResult } from './wire.ts'

type Patience = Pick<WriteOptions, 'deadline' | 'signal'>

type StatusCommand = Patience & {
  readonly apiName: string
  readonly expect: string | null
  readonly sentence: string
}

type WorkCommand = Patience & { readonly workId: string; readonly action: WorkAction }

export type Desk = {
  /** null: turned away. Otherwise whether this tab leads. */
  join(session: CompanionSession): 'leads' | 'follows' | null
  /** The tab that leads now in its place, if another one was there. */
  leave(session: CompanionSession): CompanionSession | null
  setStatus(user: PlatformUserId, command: StatusCommand): Promise<WriteResult>
  work(user: PlatformUserId, command: WorkCommand): Promise<WriteResult>
  answer(session: CompanionSession, result: Extract<CompanionFrame, { type: 'result' }>): void
  /** Tabs that are connected. */
  count(): number
}

type Question = {
  readonly frame: (cmd: string, expiresAt: string) => BridgeFrame
  readonly failure: (result: FailedResult) => WriteResult
}

type Waiting = {
  readonly session: CompanionSession
  readonly failure: Question['failure']
  settle(result: WriteResult): void
}

export function createDesk(deps: { clock: Clock }): Desk {
  const { clock } = deps
  // The first of each list leads.
  const tabs = new Map<PlatformUserId, CompanionSession[]>()
  // At most one entry for each write under way; each ends within COMMAND_TIMEOUT_MS.
  const waiting = new Map<string, Waiting>()

  function join(session: CompanionSession): 'leads' | 'follows' | null {
    const open = tabs.get(session.user) ?? []
    const same = open.findIndex((other) => other.tab === session.tab)
    if (same < 0 && open.length >= TABS_MAX) return null
    tabs.set(session.user, open)
    const older = open[same]
    // A tab that comes back takes its old place, so that a short break moves no lead.
    if (older) open[same] = session
    else open.push(session)
    if (older) {
      abandon(older)
      older.close(CLOSE.sameTab, 'the same tab connected again')
    }
    return open[0] === session ? 'leads' : 'follows'
  }

  function leave(session: CompanionSession): CompanionSession | null {
    abandon(session)
    const open = tabs.get(session.user) ?? []
    const place = open.indexOf(session)
    if (place < 0) return null
    open.splice(place, 1)
    if (open.length === 0) tabs.delete(session.user)
    return place === 0 ? (open[0] ?? null) : null
  }

  function abandon(session: CompanionSession): void {
    for (const entry of [...waiting.values()]) {
      if (entry.session === session)
        entry.settle({ kind: 'transient', words: 'the console went away before it answered' })
    }
  }

  function setStatus(user: PlatformUserId, asked: StatusCommand): Promise<WriteResult> {
    const { apiName, expect, sentence } = asked
    const frame: Question['frame'] = (cmd, expiresAt) => ({
      type: 'set_status',
      cmd,
      apiName,
      expect,
      expiresAt,
      sentence,
    })
    return ask(user, { frame, failure: statusFailure }, asked)
  }

  function work(user: PlatformUserId, asked: WorkCommand): Promise<WriteResult> {
    const { workId, action } = asked
    const reason = action.kind === 'decline' && action.reason !== null ? { reason: action.reason } : {}
    const frame: Question['frame'] = (cmd, expiresAt) => ({
      type: 'work',
      cmd,
      action: action.kind,
      workId,
      ...reason,
      expiresAt,
    })
    return ask(user, { frame, failure: workFailure }, asked)
  }

  function ask(user: PlatformUserId, question: Question, { deadline, signal }: Patience): Promise<WriteResult> {
    const leader = tabs.get(user)?.[0]
    if (!leader)
      return Promise.resolve({ kind: 'unreachable', words: 'no Salesforce console of this agent is connected' })
    const limitMs = Math.min(COMMAND_TIMEOUT_MS, deadline - clock.now())
    if (limitMs <= 0 || signal.aborted)
      return Promise.resolve({ kind: 'transient', words: 'it was too late to ask the console' })
    const cmd = randomUUID()
    return new Promise((resolve) => {
      const stop = () => settle({ kind: 'transient', words: 'the command was withdrawn' })
      const cancel = clock.after(limitMs, () =>
        settle({ kind: 'transient', words: `the console gave no answer within ${limitMs / 1000} s` }),
      )
      const settle = (result: WriteResult) => {
        if (!waiting.delete(cmd)) return
        cancel()
        signal.removeEventListener('abort', stop)
        resolve(result)
      }
      waiting.set(cmd, { session: leader, failure: question.failure, settle })
      signal.addEventListener('abort', stop, { once: true })
      leader.send(question.frame(cmd, new Date(deadline).toISOString()))
    })
  }

  /** An answer to nothing that was asked, or from a tab that was not asked, means nothing. */
  function answer(session: CompanionSession, result: Extract<CompanionFrame, { type: 'result' }>): void {
    const entry = waiting.get(result.cmd)
    if (entry?.session === session) entry.settle(result.ok ? { kind: 'accepted' } : entry.failure(result))
  }

  function count(): number {
    let sum = 0
    for (const open of tabs.values()) sum += open.length
    return sum
  }

  return { join, leave, setStatus, work, answer, count }
}

function statusFailure({ error, message }: FailedResult): WriteResult {
  switch (error) {
    case 'not_granted':
      return { kind: 'refused', words: message || 'the status is not granted to this user' }
    case 'logged_out':
      return { kind: 'refused', words: 'not logged in to Omni-Channel' }
    case 'expected_other':
      return { kind: 'transient', words: message || 'the agent was in another status than expected' }
    case 'expired':
      return { kind: 'transient', words: 'the console got the command too late' }
    default:
      return { kind: 'transient', words: message || `the console answered "${error}"` }
  }
}

/** What the toolkit refuses of a work item it refuses for good: the item moved on, or the set-up forbids it. */
function workFailure(result: FailedResult): WriteResult {
  if (result.error !== 'toolkit') return statusFailure(result)
  return { kind: 'refused', words: result.message || 'Salesforce refused without saying why' }
}
