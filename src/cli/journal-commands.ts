// Commands for support staff: what the journal tells.

import type { Cli } from './program.ts'

export function addJournalCommands(_: Cli): void {}
