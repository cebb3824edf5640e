// Decisions a second that the journal takes, each batch on the disk before the next one begins.

import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalEntry } from '../src/domain/journal.ts'
import { SILENT } from '../src/domain/log.ts'
import type { AgentId } from '../src/domain/side.ts'
import { newAgent } from '../src/engine/state.ts'
import { openSqliteJournal } from '../src/journal/sqlite-journal.ts'
import { AGENTS_MANY, type Plan } from './plan.ts'
import { type Table, whole } from './table.ts'

const BATCHES = [1, 10, 100, 1_000] as const
const STATE = JSON.stringify(newAgent())

/** What the disk itself takes to keep 4 KB: nothing that is durable is faster. */
export type JournalSpeeds = { readonly syncMs: number; readonly batches: readonly JournalSpeed[] }
export type JournalSpeed = { readonly batch: number; readonly decisionsPerS: number; readonly commitMs: number }

export async function benchJournal(plan: Plan, folder: string): Promise<JournalSpeeds> {
  const syncMs = measureDisk(plan.journalMs, join(folder, 'disk'))
  const batches: JournalSpeed[] = []
  for (const batch of BATCHES)
    batches.push(await measure(batch, plan.journalMs, join(folder, `journal-${batch}.sqlite`)))
  return { syncMs, batches }
}

export function journalTable({ syncMs, batches }: JournalSpeeds): Table {
  return {
    title: 'Journal: decisions with their agents’ states, each batch one commit with a disk sync',
    head: ['decisions in a batch', 'decisions/s', 'ms a commit'],
    rows: [
      ...batches.map(({ batch, decisionsPerS, commitMs }) => [whole(batch), whole(decisionsPerS), commitMs.toFixed(2)]),
      ['(the disk alone: 4 KB and a sync)', '', syncMs.toFixed(2)],
    ],
  }
}

function measureDisk(ms: number, path: string): number {
  const file = openSync(path, 'w')
  const block = Buffer.alloc(4_096)
  const begun = performance.now()
  let syncs = 0
  while (performance.now() - begun < ms) {
    writeSync(file, block)
    fdatasyncSync(file)
    syncs += 1
  }
  closeSync(file)
  return (performance.now() - begun) / syncs
}

async function measure(batch: number, ms: number, path: string): Promise<JournalSpeed> {
  const journal = await openSqliteJournal({ path, log: SILENT })
  const begun = performance.now()
  let seq = 0
  let commits = 0
  while (performance.now() - begun < ms) {
    const entries = Array.from({ length: batch }, () => entryOf(++seq))
    const states = new Map(entries.map(({ record }) => [record.agent, STATE]))
    await journal.append({ entries, states, outcomes: [], marks: new Map() })
    commits += 1
  }
  const tookMs = performance.now() - begun
  await journal.close()
  return { batch, decisionsPerS: (seq / tookMs) * 1_000, commitMs: tookMs / commits }
}

function entryOf(seq: number): JournalEntry {
  const agent = `agent${seq % AGENTS_MANY}@bench.example` as AgentId
  const at = new Date().toISOString()
  return {
    seq,
    record: {
      time: at,
      agent,
      event: { side: 'telephony', kind: 'status', from: 'On Queue', to: 'Lunch', by: 'unknown', at },
      decisions: [{ side: 'crm', reason: 'mapped', from: 'On Queue', to: 'Lunch', rule: 'mappings.yaml:5' }],
      writes: [{ side: 'crm', status: 'Lunch', outcome: 'waiting' }],
      mapping: `sha256:${'0'.repeat(64)}`,
      sentence: `${agent} went to Lunch in telephony, so the CRM was set from On Queue to Lunch (mappings.yaml line 5).`,
    },
  }
}
