// What the groups of commands share: the way a command ends, and options that stand at several.
// Each command's file is loaded when it is asked for: who only wants to know why does not wait for the prover.

import { type Command, Option } from 'commander'
import { StoryError } from '../stories/story-error.ts'
import { EXIT, type Io } from './output.ts'

export type Cli = { readonly program: Command; readonly io: Io }

/** Runs a command and sets the exit code. */
export async function finish(io: Io, command: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    if (!(error instanceof StoryError)) throw error
    io.err(`${error.message}\n`)
    process.exitCode = EXIT.couldNotRun
  }
}

/** `--format`, the first one where it is left out. */
export function formatOption(...formats: readonly string[]): Option {
  return new Option('--format <format>').choices(formats).default(formats[0])
}

/** Of an option that may be given again. */
export function listed(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
