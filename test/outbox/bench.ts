// An outbox between two scripted platforms on virtual time, and everything it told the host.

import { SILENT } from '../../src/domain/log.ts'
import type { Settlement, Urgency, Write } from '../../src/domain/outbox.ts'
import type { WriteResult } from '../../src/domain/platform.ts'
import type { AgentId, PlatformUserId, Side, StatusId } from '../../src/domain/side.ts'
import { createOutbox, type Outbox } from '../../src/outbox/outbox.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'
import { type Asked, createScriptedPlatform, type ScriptedPlatform } from './scripted-platform.ts'

export type Bench = {
  readonly outbox: Outbox
  readonly clock: VirtualClock
  readonly crm: ScriptedPlatform
  readonly settled: { readonly write: Write; readonly settlement: Settlement; readonly at: number }[]
  readonly waiting: { readonly write: Write; readonly words: string }[]
  readonly sending: Write[]
  /** Once for each attempt after which nothing can be reported back. */
  readonly untaken: Write[]
  write(agent: string, status: string, more?: { urgency?: Urgency; side?: Side; expect?: string }): Write
  put(agent: string, status: string, more?: { urgency?: Urgency; side?: Side; expect?: string }): Write | undefined
}

export const ACCEPTED: WriteResult = { kind: 'accepted' }
export const BUSY: WriteResult = { kind: 'transient', words: 'try later' }
export const NOBODY: WriteResult = { kind: 'unreachable', words: 'no console is open' }
export const NOT_GRANTED: WriteResult = { kind: 'refused', words: 'status not granted' }

export function createBench(
  answer: (asked: Asked) => WriteResult | undefined = () => ACCEPTED,
  { random = () => 0.5, concurrency = 64 }: { random?: () => number; concurrency?: number } = {},
): Bench {
  const clock = createVirtualClock()
  const crm = createScriptedPlatform(answer)
  const telephony = createScriptedPlatform(() => ACCEPTED)
  const settled: Bench['settled'] = []
  const waiting: Bench['waiting'] = []
  const sending: Write[] = []
  const untaken: Write[] = []
  let seq = 0
  const outbox = createOutbox({
    adapters: { crm, telephony },
    clock,
    random,
    log: SILENT,
    concurrency: { crm: concurrency, telephony: concurrency },
    events: {
      sending: (write) => sending.push(write),
      untaken: (write) => untaken.push(write),
      waiting: (write, words) => waiting.push({ write, words }),
      settled: (write, settlement) => settled.push({ write, settlement, at: clock.now() }),
    },
  })
  const write: Bench['write'] = (agent, status, { urgency = 'comfort', side = 'crm', expect = 'Online' } = {}) => {
    seq += 1
    return {
      seq,
      agent: agent as AgentId,
      side,
      user: agent as PlatformUserId,
      status: status as StatusId,
      expect: expect as StatusId,
      urgency,
      sentence: `${agent} should be ${status}.`,
      decidedAt: clock.now(),
    }
  }
  const put: Bench['put'] = (agent, status, more) => outbox.put(write(agent, status, more)).superseded
  return { outbox, clock, crm, settled, waiting, sending, untaken, write, put }
}

export function agentId(name: string): AgentId {
  return name as AgentId
}
