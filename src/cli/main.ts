#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=8
// The command line: one file a command, groups of them by who uses them.

import { Command } from 'commander'
import { addBridgeCommands } from './bridge-commands.ts'
import { addJournalCommands } from './journal-commands.ts'
import { addMappingCommands } from './mapping-commands.ts'
import { EXIT, processIo } from './output.ts'
import { addTendingCommands } from './tending-commands.ts'
import { version } from './version.ts'

const io = processIo()
const program = new Command('presence-bridge')
  .description("Keeps contact-centre agents' presence in step between a CRM and a telephony desktop.")
  .version(version())
  .showHelpAfterError('(--help tells more)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.couldNotRun))

program.commandsGroup('Running the bridge:')
addBridgeCommands({ program, io })
program.commandsGroup('What happened, and why:')
addJournalCommands({ program, io })
program.commandsGroup('The journal:')
addTendingCommands({ program, io })
program.commandsGroup('Mapping files:')
addMappingCommands({ program, io })

await program.parseAsync()
