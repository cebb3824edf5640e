// Writes without a browser: an unavailable status is a work item that takes all of the agent's capacity, an available one its end. Experimental:
// no server API sets presence, so Salesforce itself goes on to show what the agent chose; the bridge is shown the status that the open item
// stands for. See ADR 9 for what this can and cannot do.

import type { Cancel, Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { CatalogueStatus, PlatformSink, WriteOptions, WriteResult } from '../../../domain/platform.ts'
import type { Reading, WorkReport } from '../../../domain/report.ts'
import type { PlatformUserId, StatusId } from '../../../domain/side.ts'
import { isOpen } from '../../../domain/work.ts'
import { createBoundedMap } from '../bounded-map.ts'
import type { SalesforceClient } from '../client.ts'
import { isRecordId } from '../record-id.ts'
import type { CapacitySettings, Marks } from '../settings.ts'
import type { CapacityCalls } from './calls.ts'
import { createBlockEnds } from './ends.ts'
import { DOUBTS_MAX, END_GRACE_MS, LEAKED_MAX, STASHED_MAX } from './limits.ts'
import { createBlockMemory } from './memory.ts'
import {
  type Deed,
  heardItem,
  heardStatus,
  inPhase,
  isCovering,
  type Person,
  read,
  relabelled,
  type Step,
  saidAgain,
  UNHEARD,
} from './person.ts'
import { refusalOf, refused } from './refusal.ts'

export type CapacityWriter = {
  /** What stands between the adapter and the bridge. */
  through(sink: PlatformSink): PlatformSink
  /** The same for a reading that began at this instant. */
  readings(found: ReadonlyMap<PlatformUserId, Reading>, begunAt: number): ReadonlyMap<PlatformUserId, Reading>
  setStatus(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult>
  details(): Readonly<Record<string, number>>
  stop(): void
}

type CapacityWriterDeps = {
  readonly capacity: CapacitySettings
  readonly calls: CapacityCalls
  readonly client: Pick<SalesforceClient, 'query'>
  readonly clock: Clock
  readonly log: Log
  readonly marks: Marks
  readonly status: (id: StatusId) => CatalogueStatus | undefined
  /** Of the channel that the settings name; undefined where the org has none or it cannot be read. */
  readonly channelId: () => string | undefined
}

export function createCapacityWriter(deps: CapacityWriterDeps): CapacityWriter {
  const { capacity, calls, clock } = deps
  const memory = createBlockMemory(deps.marks)
  // One entry a person; who is not looked after any more costs nothing.
  const people = new Map<PlatformUserId, Person>()
  let sink: PlatformSink | null = null
  /** Writes of one person, one after the other. */
  const turns = new Map<PlatformUserId, Promise<unknown>>()
  /** People for whom an item is being created, with what was heard meanwhile that may be about it. */
  const creating = new Map<PlatformUserId, WorkReport[]>()
  const doubts = createBoundedMap<PlatformUserId, true>(DOUBTS_MAX)
  const leaked = createBoundedMap<string, true>(LEAKED_MAX)
  const graces = new Map<PlatformUserId, Cancel>()
  const ends = createBlockEnds(deps)

  const personOf = (user: PlatformUserId) => people.get(user) ?? { ...UNHEARD, block: memory.load(user) }
  const takes = (status: StatusId) => deps.status(status)?.available !== false

  function keep(user: PlatformUserId, person: Person): void {
    people.set(user, person)
    memory.store(user, isCovering(person.block) ? person.block : null)
  }

  function take(user: PlatformUserId, { person, tell, deed }: Step): void {
    keep(user, person)
    for (const report of tell) sink?.report(user, report)
    act(user, deed)
  }

  function act(user: PlatformUserId, deed: Deed): void {
    if (deed === 'none' || sink === null) return
    cancelGrace(user)
    if (deed === 'end') void endQuietly(user)
    else
      graces.set(
        user,
        clock.after(END_GRACE_MS, () => graceOver(user)),
      )
  }

  function cancelGrace(user: PlatformUserId): void {
    graces.get(user)?.()
    graces.delete(user)
  }

  /** The person chose to be available and the bridge let it stand. */
  function graceOver(user: PlatformUserId): void {
    graces.delete(user)
    if (personOf(user).block?.phase === 'unshown') void endQuietly(user)
  }

  /** Nobody waits for it. Where it fails, the next reading finds the item and it is tried again. */
  async function endQuietly(user: PlatformUserId): Promise<void> {
    const { block } = personOf(user)
    if (block === null) return
    keep(user, inPhase(personOf(user), 'ending'))
    await ends.record(block.record)
  }

  function heard(user: PlatformUserId, report: Parameters<PlatformSink['report']>[1]): void {
    if (report.kind === 'status') take(user, heardStatus(personOf(user), report, { takes, now: clock.now() }))
    else heardWork(user, report)
  }

  function heardWork(user: PlatformUserId, report: WorkReport): void {
    const stash = creating.get(user)
    const isOwn = report.item === personOf(user).block?.work
    const isItem = isOwn || report.channel === capacity.channel
    // Whose it is will be known as soon as Salesforce answers.
    if (stash && !isOwn && (isItem || report.channel === null) && stash.length < STASHED_MAX) stash.push(report)
    else if (isItem) heardBlock(user, report)
    else pass(user, report)
  }

  function pass(user: PlatformUserId, report: WorkReport): void {
    if (report.channel === null) leaked.set(report.item, true)
    sink?.report(user, report)
  }

  function heardBlock(user: PlatformUserId, report: WorkReport): void {
    if (leaked.get(report.item)) {
      // It was taken for work while its channel was not known.
      leaked.delete(report.item)
      sink?.report(user, { ...report, channel: capacity.channel, state: 'cancelled' })
    }
    const person = personOf(user)
    take(user, heardItem(person, report))
    if (person.block?.work !== report.item && isOpen(report.state) && !doubts.get(user)) ends.orphan(report.item)
  }

  function readings(
    found: ReadonlyMap<PlatformUserId, Reading>,
    begunAt: number,
  ): ReadonlyMap<PlatformUserId, Reading> {
    return new Map([...found].map(([user, reading]) => [user, readingOf(user, reading, begunAt)]))
  }

  function readingOf(user: PlatformUserId, reading: Reading, begunAt: number): Reading {
    const person = personOf(user)
    const isItem = (work: { readonly item: string; readonly channel: string | null }) =>
      work.channel === capacity.channel || work.item === person.block?.work
    const after = read(person, reading, { begunAt, isItem, takes })
    keep(user, after.person)
    act(user, after.deed)
    if (!creating.has(user) && !doubts.get(user)) for (const item of after.orphans) ends.orphan(item)
    return after.reading
  }

  function setStatus(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult> {
    const before = turns.get(user) ?? Promise.resolve()
    const turn = before.then(() => write(user, status, options))
    const settled = turn
      .catch(() => {})
      .finally(() => {
        if (turns.get(user) === settled) turns.delete(user)
      })
    turns.set(user, settled)
    return turn
  }

  async function write(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult> {
    if (options.signal.aborted || options.deadline <= clock.now())
      return { kind: 'transient', words: 'it was too late to write' }
    const refusal = refusalOf(status, personOf(user), deps.status)
    if (refusal !== null) return refusal
    if (doubts.get(user)) await settleDoubt(user)
    const { actual, block } = personOf(user)
    if (deps.status(status)?.available === true) return await free(user, options)
    if (block !== null && block.phase !== 'ending') {
      cancelGrace(user)
      take(user, relabelled(personOf(user), status, clock.now()))
      return { kind: 'accepted' }
    }
    if (actual?.status === status) {
      take(user, saidAgain(personOf(user), clock.now()))
      return { kind: 'accepted' }
    }
    return await create(user, status, options)
  }

  async function free(user: PlatformUserId, options: WriteOptions): Promise<WriteResult> {
    const { block } = personOf(user)
    if (block === null) {
      take(user, saidAgain(personOf(user), clock.now()))
      return { kind: 'accepted' }
    }
    cancelGrace(user)
    const done = await calls.end(block.record, options)
    if (!done.ok) return done.failure
    // Unless the org has told of the end already.
    if (personOf(user).block?.work === block.work) keep(user, inPhase(personOf(user), 'ending'))
    return { kind: 'accepted' }
  }

  async function create(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult> {
    const channelId = deps.channelId()
    if (channelId === undefined) return refused(`this org has no service channel "${capacity.channel}"`)
    creating.set(user, [])
    const { deadline, signal, urgency } = options
    const result = await calls.create({ user, channelId, deadline, signal, ...(urgency && { urgency }) })
    const stash = creating.get(user) ?? []
    creating.delete(user)
    if (result.ok) {
      const { work, record } = result
      keep(user, { ...personOf(user), block: { status, work, record, createdAt: clock.now(), phase: 'asked' } })
    } else if (result.doubtful) doubts.set(user, true)
    for (const report of stash) heardWork(user, report)
    return result.ok ? { kind: 'accepted' } : result.failure
  }

  /** An attempt without an answer may have left an item: it is taken up instead of creating a second one. */
  async function settleDoubt(user: PlatformUserId): Promise<void> {
    const channelId = deps.channelId()
    if (channelId === undefined || !isRecordId(user)) return
    const open = `WHERE UserId = '${user}' AND ServiceChannelId = '${channelId}' AND Status IN ('Assigned', 'Opened')`
    const [first, ...others] = await ends.items(open)
    doubts.delete(user)
    const person = personOf(user)
    const status = person.actual?.status
    if (first && status !== undefined) {
      const block = {
        status,
        work: first.Id,
        record: first.WorkItemId,
        createdAt: clock.now(),
        phase: 'unshown' as const,
      }
      keep(user, { ...person, block })
    }
    for (const { Id } of others) ends.orphan(Id)
  }

  return {
    through(to) {
      sink = to
      return { ...to, report: heard }
    },
    readings,
    async setStatus(user, status, options) {
      try {
        return await setStatus(user, status, options)
      } catch (error) {
        return { kind: 'transient', words: error instanceof Error ? error.message : String(error) }
      }
    },
    details: () => ({ blocks: [...people.values()].filter(({ block }) => isCovering(block)).length }),
    stop() {
      sink = null
      for (const cancel of graces.values()) cancel()
      graces.clear()
    },
  }
}
