// Commands for the journal's file itself: looking at it, and removing a person's records from it.

import { type Cli, finish, formatOption } from './program.ts'

export function addTendingCommands({ program, io }: Cli): void {
  const journal = program.command('journal').description('the journal’s file: what is in it, and forgetting a person')

  journal
    .command('info')
    .description('where it is, how large, how much is in it and from when')
    .option('--settings <file>', 'the settings file that names the journal')
    .option('--journal <file>', 'the journal itself')
    .addOption(formatOption('text', 'json'))
    .action((options) =>
      finish(io, async () => {
        const { info } = await import('./journal.ts')
        return info(options, io)
      }),
    )

  journal
    .command('forget')
    .description('remove a person’s records for good, in the file or through the running bridge')
    .argument('<agent>', 'by any of their names')
    .option('--settings <file>', 'the settings file that names the journal, and the bridge that may be running')
    .option('--journal <file>', 'the journal itself, where no bridge runs')
    .option('--yes', 'without being asked', false)
    .action((agent, options) =>
      finish(io, async () => {
        const { forget, terminalConfirm } = await import('./journal.ts')
        return await forget({ agent, ...options }, io, terminalConfirm())
      }),
    )
}
