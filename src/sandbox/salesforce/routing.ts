// The stand-in's Omni-Channel: pushes waiting work to people whose status has the channel and who have capacity left.

import type { Clock } from '../../domain/clock.ts'
import type { Change, FieldValue, Happening, WorkRow, WorkStatus } from './tables.ts'

/** Items that wait for somebody; more are refused. */
const WAITING_MAX = 10_000

type Waiting = { readonly item: string; readonly channel: string; readonly declinedBy: Set<string> }

type RoutingDeps = {
  readonly clock: Clock
  readonly work: Map<string, WorkRow>
  readonly newId: (object: 'AgentWork' | 'Case') => string
  /** Who takes work of this channel now, in no particular order. */
  readonly takers: (channel: string) => readonly string[]
  readonly capacity: (user: string) => number
  readonly tell: (happening: Happening) => void
  /** 0: never. */
  readonly pushTimeoutMs: () => number
  readonly pick: (count: number) => number
  /** Salesforce itself sets a status after a decline or a push time-out where the presence configuration says so. */
  readonly afterRefusal: (user: string, how: 'declined' | 'timed_out') => void
}

type AssignedItem = {
  readonly channel: string
  readonly user: string
  readonly item: string
  readonly percentage: number
}

export type Routing = {
  /** New work; it goes to an available agent now or as soon as there is one. Gives the work item's id. */
  arrive(channel: string): string
  /** Gives work to one person directly, whatever their status; the AgentWork id. */
  assign(channel: string, user: string): string
  /** The same with an item of its own that takes this share of the agent's capacity. */
  assignItem(about: AssignedItem): string
  /** The item itself is over: its work is closed, accepted or not. */
  endItem(item: string): void
  accept(work: string): boolean
  decline(work: string, reason?: string): boolean
  timeOut(work: string): boolean
  close(work: string): boolean
  transfer(work: string): boolean
  /** Someone went offline: what they had not accepted goes back to the queue. */
  wentOffline(user: string): void
  /** Looks whether waiting work can be pushed now. */
  push(): void
  openOf(user: string): readonly WorkRow[]
  waiting(): number
}

export function createRouting(deps: RoutingDeps): Routing {
  const { clock, work, tell } = deps
  const waiting: Waiting[] = []
  const refusedBy = new Map<string, Set<string>>()

  const openOf = (user: string) =>
    [...work.values()].filter((row) => row.UserId === user && (row.Status === 'Assigned' || row.Status === 'Opened'))

  function assign({
    channel,
    user,
    item,
    percentage,
  }: Omit<AssignedItem, 'percentage'> & { percentage?: number }): string {
    const at = clock.now()
    const row: WorkRow = {
      Id: deps.newId('AgentWork'),
      UserId: user,
      Status: 'Assigned',
      WorkItemId: item,
      ServiceChannelId: channel,
      CapacityWeight: percentage === undefined ? 1 : null,
      CapacityPercentage: percentage ?? null,
      AssignedDateTime: at,
      AcceptDateTime: null,
      CloseDateTime: null,
      DeclineDateTime: null,
      DeclineReason: null,
      LastModifiedDate: at,
    }
    work.set(row.Id, row)
    const { Id: _id, ...fields } = row
    tell({ kind: 'change', change: change('CREATE', [row.Id], fields, user, at) })
    tell({ kind: 'work', user, work: row, state: 'assigned' })
    const limit = deps.pushTimeoutMs()
    if (limit > 0) clock.after(limit, () => timeOut(row.Id))
    return row.Id
  }

  /** Moves one item; the event carries only what changed, never the user or the channel. */
  function move(
    id: string,
    from: readonly WorkStatus[],
    to: WorkStatus,
    fields: Partial<WorkRow> = {},
  ): WorkRow | null {
    const row = work.get(id)
    if (!row || !from.includes(row.Status)) return null
    const at = clock.now()
    const changed = { ...fields, Status: to, LastModifiedDate: at }
    const next: WorkRow = { ...row, ...changed }
    work.set(id, next)
    tell({ kind: 'change', change: change('UPDATE', [id], changed, row.UserId, at) })
    return next
  }

  function accept(id: string): boolean {
    const row = move(id, ['Assigned'], 'Opened', { AcceptDateTime: clock.now() })
    if (row) tell({ kind: 'work', user: row.UserId, work: row, state: 'accepted' })
    return row !== null
  }

  function refuse(row: WorkRow | null, how: 'declined' | 'timed_out'): boolean {
    if (!row) return false
    tell({ kind: 'work', user: row.UserId, work: row, state: 'declined' })
    const declinedBy = refusedBy.get(row.WorkItemId) ?? new Set<string>()
    refusedBy.set(row.WorkItemId, declinedBy.add(row.UserId))
    requeue(row, declinedBy)
    deps.afterRefusal(row.UserId, how)
    push()
    return true
  }

  const decline = (id: string, reason?: string) =>
    refuse(
      move(id, ['Assigned'], 'Declined', { DeclineDateTime: clock.now(), DeclineReason: reason ?? null }),
      'declined',
    )
  const timeOut = (id: string) => refuse(move(id, ['Assigned'], 'DeclinedOnPushTimeout'), 'timed_out')

  function finish(id: string, status: 'Closed' | 'Transferred', from: readonly WorkStatus[] = ['Opened']): boolean {
    const row = move(id, from, status, { CloseDateTime: clock.now() })
    if (!row) return false
    refusedBy.delete(row.WorkItemId)
    tell({ kind: 'work', user: row.UserId, work: row, state: 'closed' })
    push()
    return true
  }

  function endItem(item: string): void {
    for (const { Id, WorkItemId, Status } of [...work.values()])
      if (WorkItemId === item && (Status === 'Assigned' || Status === 'Opened'))
        finish(Id, 'Closed', ['Assigned', 'Opened'])
  }

  /** Shares and weights are counted apart here: a share of 100 leaves no room, the others are one each. */
  function hasRoom(user: string): boolean {
    const open = openOf(user)
    return open.length < deps.capacity(user) && !open.some((row) => (row.CapacityPercentage ?? 0) >= 100)
  }

  function requeue(row: WorkRow, declinedBy: Set<string>): void {
    if (waiting.length < WAITING_MAX) waiting.push({ item: row.WorkItemId, channel: row.ServiceChannelId, declinedBy })
  }

  /** All of it in one commit: the event names every record that changed alike. */
  function wentOffline(user: string): void {
    const lost = openOf(user).filter((row) => row.Status === 'Assigned')
    if (lost.length === 0) return
    const changed = { Status: 'Unavailable' as const, LastModifiedDate: clock.now() }
    for (const row of lost) work.set(row.Id, { ...row, ...changed })
    const ids = lost.map((row) => row.Id)
    tell({ kind: 'change', change: change('UPDATE', ids, changed, user, clock.now()) })
    for (const row of lost) requeue(row, refusedBy.get(row.WorkItemId) ?? new Set())
    push()
  }

  function push(): void {
    for (const entry of waiting.splice(0)) {
      const takers = deps.takers(entry.channel).filter((user) => !entry.declinedBy.has(user))
      const free = takers.filter(hasRoom)
      const user = free[deps.pick(free.length)]
      if (user === undefined) waiting.push(entry)
      else assign({ channel: entry.channel, user, item: entry.item })
    }
  }

  function arrive(channel: string): string {
    const item = deps.newId('Case')
    if (waiting.length < WAITING_MAX) waiting.push({ item, channel, declinedBy: new Set() })
    push()
    return item
  }

  return {
    arrive,
    assign: (channel, user) => assign({ channel, user, item: deps.newId('Case') }),
    assignItem: assign,
    endItem,
    accept,
    decline,
    timeOut,
    close: (id) => finish(id, 'Closed'),
    transfer: (id) => finish(id, 'Transferred'),
    wentOffline,
    push,
    openOf,
    waiting: () => waiting.length,
  }
}

function change(
  changeType: 'CREATE' | 'UPDATE',
  recordIds: readonly string[],
  fields: Readonly<Record<string, FieldValue | undefined>>,
  commitUser: string,
  at: number,
): Change {
  const present = Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== undefined)
  return { entity: 'AgentWork', changeType, recordIds, fields: Object.fromEntries(present), commitUser, at }
}
