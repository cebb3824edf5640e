// What the world tells those who look on.

import type { Member } from '../../src/app/agents.ts'
import type { JournalEntry, OutcomeEntry } from '../../src/domain/journal.ts'
import type { Log, LogContext } from '../../src/domain/log.ts'
import type { Report } from '../../src/domain/report.ts'
import type { Rules } from '../../src/domain/rules.ts'
import type { Side } from '../../src/domain/side.ts'
import type { Call } from './person.ts'

export type WorldEvents = {
  decided(entry: JournalEntry): void
  /** Somebody is about to get a piece of work. */
  given(member: Member, side: Side): void
  outcome(outcome: OutcomeEntry): void
  /** A report that the bridge hears. */
  told(member: Member, side: Side, report: Report): void
  called(side: Side, call: Call): void
  answered(member: Member, side: Side, call: Call): void
  logged(context: LogContext): void
  booted(): void
  reloaded(rules: Rules): void
}

/** Warnings and errors. */
export function logTo(events: Pick<WorldEvents, 'logged'>): Log {
  const note = (context: LogContext) => events.logged(context)
  return { debug() {}, info() {}, warn: note, error: note }
}
