// Lines on their way to stdout. A reader that stalls must not take the bridge's memory along: past a limit lines are dropped and counted.

import type { Writable } from 'node:stream'
import { STDOUT_BACKLOG_MAX_BYTES } from './limits.ts'

export type LineWriter = {
  /** One line with its line feed. */
  write(line: string): void
  /** Resolves when all that was written before has been handed over, or cannot be. */
  flush(): Promise<void>
}

export type LineWriterDeps = {
  readonly stdout: Writable
  /** Lines are written again; so many were not. */
  readonly dropped: (count: number) => void
  readonly backlogMaxBytes?: number
}

export function createLineWriter(deps: LineWriterDeps): LineWriter {
  const { stdout, backlogMaxBytes = STDOUT_BACKLOG_MAX_BYTES } = deps
  let missing = 0
  let lines: string[] = []
  let held = 0

  /** What one turn of the event loop wrote leaves in one go: a file or a pipe costs a system call each time. */
  function send(): void {
    if (lines.length === 0) return
    const text = lines.join('')
    lines = []
    held = 0
    stdout.write(text)
  }

  return {
    write(line) {
      if (stdout.destroyed || stdout.writableEnded || stdout.writableLength + held > backlogMaxBytes) {
        missing += 1
        return
      }
      const before = missing
      missing = 0
      if (before > 0) deps.dropped(before)
      if (lines.length === 0) setImmediate(send)
      lines.push(line)
      held += line.length
    },
    flush() {
      send()
      if (stdout.destroyed || stdout.writableEnded) return Promise.resolve()
      return new Promise((resolve) => stdout.write('', () => resolve()))
    },
  }
}
