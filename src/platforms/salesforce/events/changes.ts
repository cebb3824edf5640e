// Change events into reports. A status change comes as two events, the end of one spell and the beginning of the next; a log-out as the end
// alone. So an end is held back for a moment and then looked up, never taken for a log-out by itself.
// Meaning of the events: Service Presence Developer Guide, "Subscribe to CDC Event Notifications".

import type { Cancel, Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { PlatformUserId } from '../../../domain/side.ts'
import { OFFLINE } from '../../../domain/side.ts'
import { isOpen, type WorkState } from '../../../domain/work.ts'
import { wordsOf } from '../failures.ts'
import type { Memory, SpellTurn } from '../memory.ts'
import type { Readings, StatusReading } from '../readings.ts'
import { HOLD_MS } from '../settings.ts'
import { type ChangeEvent, isChanged, type WorkRow, workState } from '../wire.ts'
import { createDoubts } from './doubts.ts'

type ChangesDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly memory: Memory
  readonly readings: Pick<Readings, 'statuses' | 'works'>
  /** The name of a channel by its id; undefined where it is not known. */
  readonly channelName: (id: string) => string | undefined
  readonly holdMs?: number
}

export type Changes = {
  take(event: ChangeEvent): void
  stop(): void
}

/** The end of a spell that may be a log-out. */
type End = { readonly at: number; readonly id: string }

/** Unknown picklist values are logged once each, at most so many. */
const UNKNOWN_MAX = 20

export function createChanges(deps: ChangesDeps): Changes {
  const { clock, log, memory, readings } = deps
  const holdMs = deps.holdMs ?? HOLD_MS
  const holds = new Map<PlatformUserId, Cancel>()
  const due = new Map<PlatformUserId, End>()
  let looking = false
  const unknown = new Set<string>()
  let cancelGap: Cancel | null = null
  const doubts = createDoubts({ clock, memory })
  let over = false

  function take(event: ChangeEvent): void {
    const { changeType, entityName } = event.payload.ChangeEventHeader
    if (changeType.startsWith('GAP_')) gapFor(event, `Salesforce sent ${changeType} instead of the change itself`)
    else if (entityName === 'UserServicePresence') presence(event)
    else if (entityName === 'AgentWork') work(event)
    else log.debug({ code: 'salesforce_entity_ignored', entityName }, 'A change event of another object was ignored')
  }

  function presence(event: ChangeEvent): void {
    const { changeType } = event.payload.ChangeEventHeader
    if (changeType === 'CREATE') begun(event)
    else if (changeType !== 'UPDATE') gapFor(event, `a presence record was changed by ${changeType}`)
    // Updates of idle times, capacity and the like come too.
    else if (event.payload.IsCurrentState === false && isChanged(event, 'IsCurrentState')) ended(event)
  }

  function begun({ payload, id }: ChangeEvent): void {
    const { recordIds, commitTimestamp: at } = payload.ChangeEventHeader
    const { UserId: user, ServicePresenceStatusId: status } = payload
    if (!user || !status) {
      gapSoon('a new status came without its person or name; check the field permissions of the run-as user')
      return
    }
    const news = recordIds.map((spell) => memory.beginSpell(user, turnOf(payload, spell)))
    // What is late or over is history: what holds now was told, or will be looked up when the end has been held for long enough.
    if (payload.IsCurrentState === false || news.every((each) => each === 'old')) return
    const report = { kind: 'status', status, stamp: { at }, by: 'unknown', id } as const
    if (!news.includes('new')) {
      doubts.add(user, report)
      return
    }
    release(user)
    memory.tell(user, report)
  }

  /** One event may tell of several spells: many who log out in the same way at once. */
  function ended({ payload, id }: ChangeEvent): void {
    const { recordIds, commitTimestamp: at } = payload.ChangeEventHeader
    for (const spell of recordIds) {
      const user = memory.spellUser(spell) ?? payload.UserId ?? undefined
      const isLast = memory.endSpell(user, turnOf(payload, spell))
      if (user === undefined) gapSoon('a status ended and it is not known whose')
      else if (isLast && memory.watches(user)) hold(user, { at, id })
    }
  }

  function hold(user: PlatformUserId, end: End): void {
    release(user)
    const cancel = clock.after(holdMs, () => {
      holds.delete(user)
      due.set(user, end)
      lookUp()
    })
    holds.set(user, cancel)
  }

  /** Everybody whose hold is over, in one reading: hundreds may log out at once. */
  function lookUp(): void {
    if (looking || over || due.size === 0) return
    const asked = [...due.keys()]
    looking = true
    readings
      .statuses(asked)
      .then(
        (found) => {
          for (const user of asked) tellEnd(user, found.get(user))
        },
        (error: unknown) => {
          log.warn(
            { code: 'salesforce_logout_unread', words: wordsOf(error) },
            'Possible log-outs could not be looked up',
          )
          for (const user of asked) due.delete(user)
          if (!over) memory.gap('possible log-outs could not be looked up', asked)
        },
      )
      .finally(() => {
        looking = false
        lookUp()
      })
  }

  function tellEnd(user: PlatformUserId, found: StatusReading | undefined): void {
    const end = due.get(user)
    // Gone from the list: a newer spell was heard of meanwhile.
    if (over || !end) return
    due.delete(user)
    const status = found?.status ?? OFFLINE
    // Answers have whole seconds, so a spell read may seem to have begun before the end of the one before it.
    const at = Math.max(end.at, found?.stamp.at ?? 0)
    memory.tell(user, { kind: 'status', status, stamp: { at }, by: 'unknown', id: end.id })
  }

  function release(user: PlatformUserId): void {
    holds.get(user)?.()
    holds.delete(user)
    due.delete(user)
  }

  function work(event: ChangeEvent): void {
    const { payload } = event
    const { recordIds, changeType, commitTimestamp: at } = payload.ChangeEventHeader
    if (changeType !== 'CREATE' && changeType !== 'UPDATE') {
      gapFor(event, `a work item was changed by ${changeType}`)
      return
    }
    if (payload.Status === null || payload.Status === undefined || !isChanged(event, 'Status')) return
    const state = stateOf(payload.Status)
    if (!state) return
    const unread: string[] = []
    for (const item of recordIds) {
      const known = memory.work(item)
      const user = known?.user ?? payload.UserId ?? undefined
      const named = payload.ServiceChannelId ? deps.channelName(payload.ServiceChannelId) : undefined
      const channel = named ?? known?.channel ?? null
      const newness = user === undefined || !isOpen(state) ? 'new' : memory.openWork(user, { item, state, at })
      const report = { kind: 'work', item, channel, state, stamp: { at }, id: event.id } as const
      if (user !== undefined && newness === 'unsure') {
        memory.learnWork(item, { user, channel, state, at })
        doubts.add(user, report)
      }
      if (user !== undefined && newness === 'new') memory.tell(user, report)
      if (user === undefined || (channel === null && memory.watches(user))) unread.push(item)
    }
    if (unread.length > 0) readWork(unread, at)
  }

  function stateOf(status: string | number): WorkState | undefined {
    const state = workState(status)
    if (!state && !unknown.has(String(status)) && unknown.size < UNKNOWN_MAX) {
      unknown.add(String(status))
      log.warn(
        { code: 'salesforce_work_status_unknown', status },
        'A work item has a status that is not known; it is ignored',
      )
    }
    return state
  }

  /** An update names neither the person nor the channel: they are read where they were not heard before. */
  function readWork(items: readonly string[], at: number): void {
    readings.works(items).then(
      (rows) => {
        for (const row of rows) if (!over) tellRow(row, at)
      },
      (error: unknown) => {
        log.warn({ code: 'salesforce_work_unread', words: wordsOf(error) }, 'A changed work item could not be read')
        gapSoon('a changed work item could not be read')
      },
    )
  }

  function tellRow(row: WorkRow, heardAt: number): void {
    const state = stateOf(row.Status)
    const known = memory.work(row.Id)
    if (!state || (known && known.at > heardAt && known.channel !== null)) return
    const at = Math.max(row.LastModifiedDate, heardAt, known?.at ?? 0)
    const channel = row.ServiceChannel?.DeveloperName ?? null
    memory.tell(row.UserId, { kind: 'work', item: row.Id, channel, state: known?.state ?? state, stamp: { at } })
  }

  /** The people behind the records of an event, where they are known; everybody else otherwise. */
  function gapFor({ payload }: ChangeEvent, why: string): void {
    const { recordIds } = payload.ChangeEventHeader
    const users = recordIds.map((id) => memory.spellUser(id) ?? memory.work(id)?.user ?? payload.UserId ?? undefined)
    const named = users.filter((user) => user !== undefined)
    if (named.length === 0 || named.length < users.length) {
      gapSoon(why)
      return
    }
    const watched = named.filter((user) => memory.watches(user))
    if (watched.length > 0) memory.gap(why, watched)
  }

  /** One request to read everybody anew for many reasons at once. */
  function gapSoon(why: string): void {
    if (over || cancelGap) return
    cancelGap = clock.after(holdMs, () => {
      cancelGap = null
      memory.gap(why)
    })
  }

  return {
    take,
    stop() {
      over = true
      cancelGap?.()
      doubts.stop()
      for (const cancel of holds.values()) cancel()
      holds.clear()
    },
  }
}

function turnOf({ ChangeEventHeader: header }: ChangeEvent['payload'], spell: string): SpellTurn {
  return {
    spell,
    at: header.commitTimestamp,
    transaction: header.transactionKey,
    sequence: header.sequenceNumber ?? 0,
  }
}
