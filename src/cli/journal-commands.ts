// Commands for support staff: what the journal tells.

import type { Command } from 'commander'
import { type Cli, finish, formatOption } from './program.ts'
import { whenOf } from './times.ts'

const TIMES = `
Times: 10:32, "yesterday 10:32", 2h (ago), 2026-11-21, "2026-11-21 10:32", 2026-11-21T10:32:00Z; in your own zone, or with --utc in UTC.`

export function addJournalCommands({ program, io }: Cli): void {
  const reading = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--settings <file>', 'the settings file, which names the journal and the running bridge')
      .option('--journal <file>', 'the journal itself, instead of the one that the settings name')
      .option('--utc', 'times in UTC instead of your own zone')
      .addOption(formatOption('text', 'json'))

  const spanned = (command: Command): Command =>
    command.option('--from <time>', 'what happened since').option('--to <time>', 'what happened before')

  spanned(reading('log', 'the sync log: every decision, why, and what came of it'))
    .option('--agent <name>', 'only about this person')
    .option('--reason <code>', 'only decisions with this reason, such as refused; docs/sync-log.md lists them')
    .option('--limit <n>', 'the newest so many')
    .option('--follow', 'go on with what comes, until Ctrl-C')
    .addHelpText(
      'after',
      `
Examples:
  presence-bridge log --settings bridge.yaml --follow
  presence-bridge log --settings bridge.yaml --agent jane@acme.example --from 10:30 --to 10:45
  presence-bridge log --settings bridge.yaml --reason refused --from yesterday --format json
${TIMES}`,
    )
    .action((options) => finish(io, async () => (await import('./log.ts')).log(options, whenOf(options), io)))

  reading('why', 'where somebody stands, what holds it, what waits, what happens next, and what led there')
    .argument('<agent>')
    .option('--at <time>', 'not now, but then')
    .addHelpText(
      'after',
      `
Examples:
  presence-bridge why jane@acme.example --settings bridge.yaml
  presence-bridge why "Jane Doe" --settings bridge.yaml --at 10:32
${TIMES}`,
    )
    .action((agent, options) =>
      finish(io, async () => (await import('./why.ts')).why(agent, options, whenOf(options), io)),
    )

  spanned(reading('timeline', 'both sides of one person beside each other: statuses, work, blocks, writes, gaps'))
    .argument('<agent>')
    .addHelpText(
      'after',
      `
Without --from the last eight hours, or the last in which something happened.

Examples:
  presence-bridge timeline jane@acme.example --settings bridge.yaml
  presence-bridge timeline "Jane Doe" --settings bridge.yaml --from "yesterday 10:00" --to "yesterday 11:00"
  presence-bridge timeline jane@acme.example --journal journal.sqlite | less
${TIMES}`,
    )
    .action((agent, options) =>
      finish(io, async () => (await import('./timeline.ts')).timeline(agent, options, whenOf(options), io)),
    )

  spanned(reading('overlap', 'when people could be offered work on both sides at once, when they were, and why'))
    .option('--agent <name>', 'only about this person')
    .addHelpText(
      'after',
      `
Without --from the last 24 hours.

Examples:
  presence-bridge overlap --settings bridge.yaml --from yesterday
  presence-bridge overlap --settings bridge.yaml --agent jane@acme.example --from 10:00 --to 11:00
${TIMES}`,
    )
    .action((options) => finish(io, async () => (await import('./overlap.ts')).overlap(options, whenOf(options), io)))

  spanned(reading('report', 'the figures of a period: writes, latency, blocks, overlaps, down times, work handled'))
    .addHelpText(
      'after',
      `
Without --from the last 24 hours.

Examples:
  presence-bridge report --settings bridge.yaml --from 2026-11-01 --to 2026-12-01
  presence-bridge report --settings bridge.yaml --format json
${TIMES}`,
    )
    .action((options) => finish(io, async () => (await import('./report.ts')).report(options, whenOf(options), io)))
}
