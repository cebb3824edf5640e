// The one error that ends a start: its message is for whoever starts the bridge.

import type { Finding } from '../domain/finding.ts'

/** The bridge cannot run like this; the message is a sentence. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
  readonly findings: readonly Finding[]

  constructor(message: string, findings: readonly Finding[] = []) {
    super(message)
    this.findings = findings
  }
}

export function orCannotStart<T>(attempt: () => T, what?: string): T {
  try {
    return attempt()
  } catch (error) {
    throw new CannotStart(what === undefined ? wordsOf(error) : `${what}: ${wordsOf(error)}`)
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
