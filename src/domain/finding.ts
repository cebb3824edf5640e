// A finding: one problem in a file that a person wrote, with where it is and what to do about it.

export type Finding = {
  readonly severity: 'error' | 'warning'
  /** Stable, kebab-case: "unknown-key". */
  readonly code: string
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, of the value that is wrong. */
  readonly column: number
  /** How many characters the caret marks, at least 1. */
  readonly length: number
  /** One plain sentence. */
  readonly message: string
  /** What to do, where it can be guessed. */
  readonly hint?: string
  /** The line of the file. */
  readonly source: string
}
