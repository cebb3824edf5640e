// The stand-in's event bus: what was published, numbered, for both ways of hearing it.
//
// NOT imitated: 72 hours (events are kept by count), several replay partitions, merged events, deliveries that are counted against a limit,
// permissions at delivery (events can be lost by a fault instead), filters and enrichment of channels, PushTopics and platform events.

import { randomUUID } from 'node:crypto'
import type { Clock } from '../../domain/clock.ts'
import type { FaultState } from './faults.ts'
import type { Change } from './tables.ts'

/** Events that can be replayed; older ones are forgotten. */
const REPLAY_MAX = 5_000
/** A custom channel, all objects, and the objects by themselves. */
const CHANNELS = /^\/data\/(?:\w+__chn|ChangeEvents|UserServicePresenceChangeEvent|AgentWorkChangeEvent)$/

export type LoggedEvent = {
  readonly replayId: number
  readonly id: string
  readonly change: Change
  /** Without the sets of fields, which each transport writes in its own way. */
  readonly header: EventHeader
}

type EventHeader = {
  readonly entityName: string
  readonly recordIds: readonly string[]
  readonly changeType: Change['changeType']
  readonly changeOrigin: string
  readonly transactionKey: string
  readonly sequenceNumber: number
  readonly commitTimestamp: number
  readonly commitNumber: number
  readonly commitUser: string
}

export type EventLog = {
  publish(change: Change): void
  /** Those published after this one; -2: all that are kept. As often as the present fault wants it. */
  after(replayId: number, channel: string): readonly LoggedEvent[]
  latest(): number
  /** Something new was published; what, the log tells. */
  on(listener: () => void): () => void
}

export function createEventLog(deps: { readonly clock: Clock; readonly faults: FaultState }): EventLog {
  const { clock, faults } = deps
  const events: LoggedEvent[] = []
  const listeners = new Set<() => void>()
  let replayId = 1_000
  let commit = 0

  function publish(change: Change): void {
    replayId += 1 + (commit % 3)
    commit++
    const event = { replayId, id: randomUUID(), change, header: headerOf(change, commit) }
    if (faults.loseEvents) return
    if (faults.delayMs === 0) keep(event)
    else clock.after(faults.delayMs, () => keep(event))
  }

  function keep(event: LoggedEvent): void {
    events.push(event)
    if (events.length > REPLAY_MAX) events.shift()
    for (const listener of [...listeners]) listener()
  }

  return {
    publish,
    after(from, channel) {
      const object = /^\/data\/(\w+)ChangeEvent$/.exec(channel)?.[1]
      const found = events.filter((event) => event.replayId > from && (!object || object === event.change.entity))
      return faults.duplicateEvents ? found.flatMap((event) => [event, event]) : found
    },
    latest: () => replayId,
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export function isChannel(name: string): boolean {
  return CHANNELS.test(name)
}

/** See the Change Data Capture guide, "Change Event Message Structure". */
function headerOf(change: Change, commit: number): EventHeader {
  return {
    entityName: change.entity,
    recordIds: change.recordIds,
    changeType: change.changeType,
    changeOrigin: 'com/salesforce/api/soap/67.0;client=Omni',
    transactionKey: change.transaction?.key ?? `${String(commit).padStart(8, '0')}-0000-0000-0000-000000000000`,
    sequenceNumber: change.transaction?.sequence ?? 1,
    commitTimestamp: change.at,
    commitNumber: commit,
    commitUser: change.commitUser,
  }
}
