// One question that may be refused for want of a right: the refusal is an answer here.

import { CredentialsRefused } from '../../domain/platform.ts'
import { codeOf, isMissingRight } from './failures.ts'

/** What a query gave, or the code with which it was refused. */
export type Attempt<T> =
  | { readonly kind: 'rows'; readonly rows: readonly T[] }
  | { readonly kind: 'refused'; readonly code: string }

/** Rethrows what is no refusal of this one question. */
export async function attempt<T>(ask: () => Promise<readonly T[]>): Promise<Attempt<T>> {
  try {
    return { kind: 'rows', rows: await ask() }
  } catch (error) {
    // Also "credentials refused", but about this one query: the cause tells.
    const cause = error instanceof CredentialsRefused ? error.cause : null
    if (!isMissingRight(cause)) throw error
    return { kind: 'refused', code: codeOf(cause) }
  }
}
