// `npm run bench`: measures the engine, the journal, and the whole bridge beside a relay without logic, and prints what came out.
//   --quick                        a minute instead of several
//   --only engine|journal|runtime|bridge|companions|genesys|history   one part alone; the last three only when named
//   BENCH_JOURNAL=file keeps the journal that history builds, and takes it where it is there already
// It ends with 0 whatever the figures are: a busy machine is no failure.

import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchCompanions, companionTables } from './companions.ts'
import { compare } from './compare.ts'
import { benchEngine, engineTable } from './engine.ts'
import { benchGenesys, genesysTables } from './genesys.ts'
import { benchHistory, historyTables } from './history.ts'
import { benchJournal, journalTable } from './journal.ts'
import { FULL, QUICK } from './plan.ts'
import { compareTables } from './report.ts'
import { benchRuntime, runtimeTables } from './runtime.ts'
import { renderTable, type Table } from './table.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } })
const plan = values.quick ? QUICK : FULL
const wants = (part: string) => values.only === undefined || values.only === part
// Beside the code: a temporary folder may be memory, and the journal is about disks.
const folder = mkdtempSync(join(import.meta.dirname, '.data-'))

try {
  print(`presence-bridge benchmark${values.quick ? ' (quick)' : ''}, ${new Date().toISOString()}`)
  print(
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}, ${process.platform}, load ${loadavg()[0]?.toFixed(1)}`,
  )
  print('')
  if (wants('engine')) show([engineTable(benchEngine(plan))])
  if (wants('journal')) show([journalTable(await benchJournal(plan, folder))])
  if (wants('runtime')) show(runtimeTables(await benchRuntime(plan, folder)))
  if (values.only === 'companions') show(companionTables(await benchCompanions(folder, note, values.quick ?? false)))
  if (values.only === 'genesys') show(genesysTables(await benchGenesys(note)))
  if (values.only === 'history') {
    const at = { folder, path: process.env.BENCH_JOURNAL, quick: values.quick ?? false, note }
    show(historyTables(await benchHistory(at)))
  }
  if (wants('bridge')) show(compareTables(await compare(plan, folder, note)))
} catch (error) {
  note(error instanceof Error ? (error.stack ?? error.message) : String(error))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function show(tables: readonly Table[]): void {
  for (const table of tables) print(renderTable(table))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function note(line: string): void {
  process.stderr.write(`${line}\n`)
}
