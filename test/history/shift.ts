// A morning of two agents on the whole bridge between two model platforms, kept in a journal on disk: what the commands are tried on.

import { rmSync } from 'node:fs'
import type { Member } from '../../src/app/agents.ts'
import { createChronicle, mappingEntry } from '../../src/app/chronicle.ts'
import { SILENT_OBSERVER } from '../../src/app/observer.ts'
import { Runtime } from '../../src/app/runtime.ts'
import type { HistoryBatch, Journal, JournalBatch } from '../../src/domain/journal.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { Catalogue } from '../../src/domain/platform.ts'
import type { Actor } from '../../src/domain/report.ts'
import {
  type AgentId,
  type BySide,
  OFFLINE,
  type PlatformUserId,
  type Side,
  type StatusId,
} from '../../src/domain/side.ts'
import type { WorkState } from '../../src/domain/work.ts'
import { createMemoryJournal } from '../../src/journal/memory-journal.ts'
import { openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { createModelPlatform, type ModelPlatform } from '../../src/stories/model-platform.ts'
import { createVirtualClock, type VirtualClock } from '../../src/stories/virtual-clock.ts'

/** In Berlin it is an hour later. */
const DAY = '2026-11-20'
export const at = (time: string) => Date.parse(`${DAY}T${time}Z`)

const MAPPING = `version: 1
available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
  - { crm: Lunch, telephony: Meal }
  - { crm: [Break, Coaching], telephony: Break }
transition: { crm: Transition, telephony: Available }
blocking:
  crm: { channels: [call], release_after: 10s }
  telephony: { channels: [chat] }
`

const STATUSES: BySide<readonly string[]> = {
  crm: ['On Queue', 'Lunch', 'Break', 'Coaching', 'Transition'],
  telephony: ['On Queue', 'Meal', 'Break', 'Training', 'Available'],
}

function catalogueOf(names: readonly string[]): Catalogue {
  const statuses = [...names, OFFLINE].map((name) => {
    const available = name === 'On Queue'
    return { id: name as StatusId, label: name, apiName: name, available, settable: true }
  })
  return { statuses, channels: ['call', 'chat'] }
}

const PEOPLE = [
  ['jane@acme.example', 'Jane Doe'],
  ['bob@acme.example', 'Bob Ross'],
] as const

const members: readonly Member[] = PEOPLE.map(([agent, name], n) => ({
  agent: agent as AgentId,
  name,
  aliases: [`${name.split(' ')[0]?.toLowerCase()}@telephony.example`],
  users: { crm: `c${n}` as PlatformUserId, telephony: `t${n}` as PlatformUserId },
  profile: null,
}))

export type Shift = {
  readonly clock: VirtualClock
  readonly runtime: Runtime
  until(time: string): Promise<void>
  status(agent: number, side: Side, status: string, by?: Actor): void
  work(agent: number, side: Side, id: string, channel: string, state: WorkState): void
  model(side: Side): ModelPlatform
}

/** Plays it and writes what the bridge recorded; the file is there when it resolves. */
export async function recordShift(path: string, play: (shift: Shift) => Promise<void>): Promise<void> {
  const clock = createVirtualClock(at('08:00:00'))
  const catalogue = { crm: catalogueOf(STATUSES.crm), telephony: catalogueOf(STATUSES.telephony) }
  const { mapping } = loadMapping(MAPPING, { file: 'mappings.yaml', catalogue })
  if (mapping === null) throw new Error('The mapping of the shift is wrong.')
  const batches: JournalBatch[] = []
  const journal = recording(batches)
  const model = (side: Side) =>
    createModelPlatform({ side, users: members.map(({ users }) => users[side]), start: OFFLINE, clock })
  const models = { crm: model('crm'), telephony: model('telephony') }
  const kept: Partial<HistoryBatch>[] = []
  const chronicle = createChronicle({ clock, version: '1.0.0', keep: (history) => kept.push(history), mark() {} })
  const runtime = new Runtime({
    ...{ members, rules: mapping.rules, journal, clock, log: SILENT, shadow: false, resyncEveryMs: 10 ** 12 },
    adapters: { crm: models.crm.adapter, telephony: models.telephony.adapter },
    random: () => 0.5,
    observer: { ...SILENT_OBSERVER, link: (side, up, why) => chronicle.link(side, up, why) },
  })
  void runtime.start()
  await clock.settle()
  const { hash } = mapping.rules
  const entry = mappingEntry({ hash, file: 'mappings.yaml', text: MAPPING, catalogue, now: clock.now() })
  chronicle.started({ agents: runtime.agents.all, mapping: entry, aliveUntil: null })
  const user = (agent: number, side: Side) => `${side === 'crm' ? 'c' : 't'}${agent}` as PlatformUserId
  await play({
    clock,
    runtime,
    until: (time) => clock.advanceTo(at(time)),
    status: (agent, side, status, by = 'agent') =>
      models[side].send(models[side].set(user(agent, side), status as StatusId, by)),
    work: (agent, side, id, channel, state) =>
      models[side].send(models[side].work(user(agent, side), { id, channel, state })),
    model: (side) => models[side],
  })
  await clock.settle()
  const stopped = runtime.stop()
  await clock.advanceTo(clock.now() + 60_000)
  await stopped
  chronicle.stopped()
  await write(path, [...batches, { ...EMPTY, history: all(kept) }])
}

const EMPTY: JournalBatch = { entries: [], states: new Map(), outcomes: [], marks: new Map() }

function recording(batches: JournalBatch[]): Journal {
  const memory = createMemoryJournal()
  return {
    ...memory,
    append(batch) {
      batches.push(batch)
      return memory.append(batch)
    },
  }
}

function all(kept: readonly Partial<HistoryBatch>[]): HistoryBatch {
  return {
    people: kept.flatMap(({ people = [] }) => people),
    mappings: kept.flatMap(({ mappings = [] }) => mappings),
    service: kept.flatMap(({ service = [] }) => service),
    figures: kept.flatMap(({ figures = [] }) => figures),
  }
}

async function write(path: string, batches: readonly JournalBatch[]): Promise<void> {
  for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${path}${end}`, { force: true })
  const journal = await openSqliteJournal({ path, log: SILENT })
  for (const batch of batches) await journal.append(batch)
  await journal.close()
}

/** What happens in it: a call, a console that takes no status during another one, a supervisor, a pause, a refusal. */
export async function aMorning({ until, status, work, model, runtime }: Shift): Promise<void> {
  await until('08:00:05')
  for (const agent of [0, 1]) {
    status(agent, 'telephony', 'On Queue')
    status(agent, 'crm', 'On Queue')
  }
  await until('08:30:00')
  work(0, 'telephony', 'call-1', 'call', 'offered')
  await until('08:30:06.250')
  work(0, 'telephony', 'call-1', 'call', 'accepted')
  await until('08:35:00')
  work(0, 'telephony', 'call-1', 'call', 'closed')
  await until('09:29:00')
  model('crm').link(false, false)
  await until('09:31:30')
  work(0, 'telephony', 'call-2', 'call', 'offered')
  await until('09:31:35')
  work(0, 'telephony', 'call-2', 'call', 'accepted')
  await until('09:41:00')
  model('crm').link(true, true)
  await until('09:42:00')
  work(0, 'telephony', 'call-2', 'call', 'closed')
  await until('09:50:00')
  status(1, 'crm', 'Lunch', 'supervisor')
  await until('09:55:00')
  const bob = runtime.agents.all.filter(({ member }) => member.name.startsWith('Bob'))
  runtime.bridge.pause(bob, 'paused by maria (training)', 'paused by maria (training)')
  await until('09:56:00')
  status(1, 'telephony', 'Training')
  await until('09:58:00')
  model('crm').answerNext('refused', { after: 0, times: 1 })
  status(0, 'telephony', 'Meal')
  await until('10:00:00')
}
