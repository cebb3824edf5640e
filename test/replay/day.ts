// A day of random people and their work, played on the whole bridge between two model platforms, and what the journal has of it.

import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Member } from '../../src/app/agents.ts'
import { ALIVE } from '../../src/app/chronicle.ts'
import { NO_PROOF } from '../../src/app/mapping-file.ts'
import { SILENT_OBSERVER } from '../../src/app/observer.ts'
import { Runtime } from '../../src/app/runtime.ts'
import type { JournalEntry, JournalReader, OutcomeEntry } from '../../src/domain/journal.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { Catalogue, PlatformAdapter } from '../../src/domain/platform.ts'
import type { Rules } from '../../src/domain/rules.ts'
import {
  type AgentId,
  type BySide,
  OFFLINE,
  type PlatformUserId,
  type Side,
  type StatusId,
} from '../../src/domain/side.ts'
import type { WorkState } from '../../src/domain/work.ts'
import { createMemoryDisk, createMemoryJournal } from '../../src/journal/memory-journal.ts'
import { openJournalReader, openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { createModelPlatform, type ModelPlatform } from '../../src/stories/model-platform.ts'
import { createVirtualClock, type VirtualClock } from '../../src/stories/virtual-clock.ts'

export const MORNING = Date.parse('2026-11-21T08:00:00.000Z')

export type Act = { readonly at: number; readonly agent: number } & (
  | { readonly kind: 'status'; readonly side: Side; readonly status: string }
  | {
      readonly kind: 'work'
      readonly side: Side
      readonly item: string
      readonly channel: string
      readonly state: WorkState
    }
)

export type Day = {
  readonly names: readonly string[]
  readonly profiles?: readonly (string | null)[]
  /** In the order of time, ms since the morning; people act the same whatever the bridge does. */
  readonly acts: readonly Act[]
  readonly latencyMs: number
  readonly endsMs: number
  /** What admins do meanwhile. */
  readonly orders?: readonly Order[]
  /** Rules that take effect during the day. */
  readonly reload?: { readonly at: number; readonly mapping: MappingFile }
  readonly shadow?: boolean
}

export type Order = {
  readonly at: number
  readonly agent: number
  readonly kind: 'pause' | 'resume' | 'release'
}

export type MappingFile = { readonly file: string; readonly text: string }

export function rulesOf({ file, text }: MappingFile): Rules | null {
  return loadMapping(text, { file, catalogue: CATALOGUE, patience: NO_PROOF }).mapping?.rules ?? null
}

export type Recorded = { readonly entries: readonly JournalEntry[]; readonly outcomes: readonly OutcomeEntry[] }

/** Every record with what became of its writes. */
export async function live(day: Day, rules: Rules): Promise<Recorded> {
  const clock = createVirtualClock(MORNING)
  const members = membersOf(day)
  const models = { crm: modelOf('crm', members, clock), telephony: modelOf('telephony', members, clock) }
  const disk = createMemoryDisk()
  const runtime = new Runtime({
    members,
    rules,
    adapters: { crm: slow(models.crm, day, clock), telephony: slow(models.telephony, day, clock) },
    journal: createMemoryJournal(disk),
    clock,
    random: () => 0.5,
    log: SILENT,
    observer: SILENT_OBSERVER,
    shadow: day.shadow ?? false,
    resyncEveryMs: 10 ** 12,
  })
  void runtime.start()
  await clock.settle()
  const events = [
    ...day.acts.map((act) => ({ at: act.at, happen: () => occur(act, members, models) })),
    ...(day.orders ?? []).map((order) => ({ at: order.at, happen: () => obey(order, runtime) })),
    ...(day.reload === undefined ? [] : [reloadOf(day.reload, runtime)]),
  ].sort((a, b) => a.at - b.at)
  for (const [index, { at, happen }] of events.entries()) {
    if (clock.now() < MORNING + at) await clock.advanceTo(MORNING + at)
    happen()
    // What happens at one instant happens before the bridge hears of any of it.
    if (events[index + 1]?.at !== at) await clock.settle()
  }
  await clock.advanceTo(MORNING + day.endsMs)
  await runtime.stop()
  const outcomes = [...disk.outcomes].flatMap(([seq, sides]) =>
    [...sides].map(([side, outcome]) => ({ seq, side, ...outcome })),
  )
  return { entries: disk.entries, outcomes }
}

/** The journal on the disk; it is gone after `use`. */
export async function onDisk<T>(
  { entries, outcomes }: Recorded,
  day: Day,
  mappings: readonly MappingFile[],
  use: (reader: JournalReader, path: string) => T | Promise<T>,
): Promise<T> {
  const path = join(tmpdir(), `replay-${process.pid}-${performance.now()}.sqlite`)
  const journal = await openSqliteJournal({ path, log: SILENT })
  const service = day.reload === undefined ? [] : [reloadEvent(day.reload)]
  await journal.append({
    entries,
    outcomes,
    states: new Map(),
    marks: new Map([[ALIVE, new Date(MORNING + day.endsMs).toISOString()]]),
    history: {
      people: membersOf(day).map(({ agent, name, aliases, profile }) => ({ agent, name, aliases, profile })),
      mappings: mappings.map(({ file, text }, index) => ({
        hash: rulesOf({ file, text })?.hash ?? '',
        time: new Date(MORNING + index).toISOString(),
        file,
        text,
        catalogue: CATALOGUE,
      })),
      service,
      figures: [],
    },
  })
  await journal.close()
  const reader = openJournalReader({ path })
  try {
    return await use(reader, path)
  } finally {
    reader.close()
    for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true })
  }
}

export const CRM = ['Online', 'On Queue', 'Busy', 'Lunch', 'Break', 'Coaching', 'Transition', 'Handling Call']
export const TELEPHONY = ['On Queue', 'Available', 'Busy', 'Meal', 'Break', 'Meeting', 'Handling Chat']

/** Ids are no labels, as on real platforms. */
const CATALOGUE: BySide<Catalogue> = {
  crm: catalogueOf('crm', CRM),
  telephony: catalogueOf('telephony', TELEPHONY),
}

function catalogueOf(side: Side, labels: readonly string[]): Catalogue {
  const statuses = labels.map((label) => {
    return { id: idOf(side, label), label, apiName: label.replaceAll(' ', '_'), available: undefined, settable: true }
  })
  return { statuses, channels: ['chat', 'call'] }
}

function idOf(side: Side, label: string): StatusId {
  return (label === OFFLINE ? label : `${side}-${label.toLowerCase().replaceAll(' ', '-')}`) as StatusId
}

function reloadEvent({ at }: NonNullable<Day['reload']>) {
  return { time: new Date(MORNING + at).toISOString(), kind: 'reloaded' as const, words: '' }
}

function membersOf({ names, profiles }: Day): readonly Member[] {
  return names.map((name, index) => {
    const user = name.toLowerCase() as PlatformUserId
    return {
      agent: `${name.toLowerCase()}@acme.example` as AgentId,
      name,
      aliases: [name.toLowerCase()],
      users: { crm: user, telephony: user },
      profile: profiles?.[index] ?? null,
    }
  })
}

function modelOf(side: Side, members: readonly Member[], clock: VirtualClock): ModelPlatform {
  return createModelPlatform({
    side,
    users: members.map(({ users }) => users[side]),
    start: 'Offline' as StatusId,
    clock,
  })
}

/** The same platform with a way to it. */
function slow({ adapter }: ModelPlatform, { latencyMs }: Day, clock: VirtualClock): PlatformAdapter {
  if (latencyMs === 0) return adapter
  return {
    ...adapter,
    setStatus: (user, status, options) =>
      new Promise((resolve) => clock.after(latencyMs, () => resolve(adapter.setStatus(user, status, options)))),
  }
}

function occur(act: Act, members: readonly Member[], models: BySide<ModelPlatform>): void {
  const user = members[act.agent]?.users[act.side]
  const model = models[act.side]
  if (user === undefined) return
  if (act.kind === 'status') model.send(model.set(user, idOf(act.side, act.status), 'agent'))
  else model.send(model.work(user, { id: act.item, channel: act.channel, state: act.state }))
}

function obey({ agent, kind }: Order, { agents, bridge }: Runtime): void {
  const entry = agents.all[agent]
  if (entry === undefined) return
  if (kind === 'release') bridge.release(entry, 'released by Sam')
  else bridge.pause([entry], kind === 'pause' ? 'paused by Sam' : null, `${kind}d by Sam`)
}

function reloadOf({ at, mapping }: NonNullable<Day['reload']>, { bridge }: Runtime) {
  const fresh = rulesOf(mapping)
  if (fresh === null) throw new Error('The new rules have errors')
  return { at, happen: () => bridge.reload(fresh) }
}
