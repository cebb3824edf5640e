// Questions to a journal of five million decisions: the commands as they are installed, from the first to the last byte of their process, and how
// fast everything in it can be walked through.

import { spawnSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openJournalReader } from '../src/journal/sqlite-journal.ts'
import { builtBridge } from './built.ts'
import { type LargeJournal, largeJournal } from './large-journal.ts'
import { median } from './stats.ts'
import { megabytes, millis, type Table, whole } from './table.ts'

const DECISIONS = 5_000_000
const QUICK_DECISIONS = 200_000
const RUNS = 7
const DAY_MS = 24 * 3_600_000

export type HistorySpeeds = {
  readonly journal: LargeJournal
  readonly commands: readonly { readonly words: string; readonly ms: number; readonly lines: number }[]
  readonly walkedPerS: number
}

/** `path`: of a journal that was built before, or where one is to be built. */
export async function benchHistory(at: {
  readonly folder: string
  readonly path: string | undefined
  readonly quick: boolean
  readonly note: (line: string) => void
}): Promise<HistorySpeeds> {
  const path = at.path ?? join(at.folder, 'large.sqlite')
  const journal = await largeJournal(path, at.quick ? QUICK_DECISIONS : DECISIONS, at.note)
  const script = fileURLToPath(new URL('../src/cli/main.js', builtBridge(at.folder)))
  // The commands look for it to tell their version.
  copyFileSync(join(import.meta.dirname, '../package.json'), join(at.folder, 'built/package.json'))
  const to = new Date(journal.to).toISOString()
  const hours = (n: number) => new Date(journal.to - n * 3_600_000).toISOString()
  const asked = [
    ['--version'],
    ['why', journal.agent],
    ['timeline', journal.agent, '--from', hours(8), '--to', to],
    ['log', '--agent', journal.agent],
    ['log', '--reason', 'breaker'],
    ['overlap', '--from', hours(1), '--to', to],
    ['report', '--from', hours(1), '--to', to],
  ]
  const commands = asked.map((words) => timed(script, words, path))
  return { journal, commands, walkedPerS: walk(journal) }
}

function timed(script: string, words: readonly string[], path: string): HistorySpeeds['commands'][number] {
  const given = words[0] === '--version' ? words : [...words, '--journal', path]
  let lines = 0
  const took = Array.from({ length: RUNS }, () => {
    const begun = performance.now()
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script, ...given],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      },
    )
    if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`)
    lines = stdout.split('\n').length - 1
    return performance.now() - begun
  })
  return { words: words.filter((word) => !word.includes('T')).join(' '), ms: median(took), lines }
}

function walk({ path, to }: LargeJournal): number {
  const reader = openJournalReader({ path })
  const begun = performance.now()
  let count = 0
  for (const _ of reader.walk({ from: new Date(to - DAY_MS / 4).toISOString() })) count += 1
  reader.close()
  return (count / (performance.now() - begun)) * 1_000
}

export function historyTables({ journal, commands, walkedPerS }: HistorySpeeds): readonly Table[] {
  const { decisions, bytes, builtMs } = journal
  const built = builtMs === 0 ? 'was there' : `${(builtMs / 1_000).toFixed(0)} s`
  return [
    {
      title: `Journal of ${whole(decisions)} decisions, a thousand agents`,
      head: ['figure', 'value'],
      rows: [
        ['on the disk', megabytes(bytes)],
        ['a decision with its outcome and indexes', `${whole(bytes / decisions)} bytes`],
        ['built in', built],
        ['walked through', `${whole(walkedPerS)} decisions/s`],
      ],
    },
    {
      title: 'Commands on it, the whole process (median of 7); --version is what starting costs',
      head: ['command', 'time', 'lines'],
      rows: commands.map(({ words, ms, lines }) => [words, millis(ms), whole(lines)]),
    },
  ]
}
