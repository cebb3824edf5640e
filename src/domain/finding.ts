// A finding: one problem in a file that a person wrote, with where it is and what to do about it.

/** Another place of the same file that has to do with a finding, such as the earlier of two rows that say the same. */
export type RelatedPlace = {
  readonly line: number
  readonly column: number
  readonly length: number
  /** A few words without a full stop: "first said here". */
  readonly message: string
  /** The line of the file. */
  readonly source: string
}

export type Finding = {
  readonly severity: 'error' | 'warning'
  /** Stable, kebab-case: "unknown-key". */
  readonly code: string
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, of the value that is wrong; counted as editors count, in UTF-16 units. */
  readonly column: number
  /** How many of these units the caret marks, at least 1. */
  readonly length: number
  /** One plain sentence. */
  readonly message: string
  /** What to do, where it can be guessed. */
  readonly hint?: string
  /** The line of the file. */
  readonly source: string
  /** Where else to look. */
  readonly related?: readonly RelatedPlace[]
}
