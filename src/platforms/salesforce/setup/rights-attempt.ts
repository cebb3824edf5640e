// One question that may be refused: the refusal is an answer here. What has nothing to do with the question itself is thrown on.

import { CredentialsRefused } from '../../../domain/platform.ts'
import { codeOf, isMissingRight } from '../failures.ts'

/** What a query gave, or the code with which it was refused. */
export type Attempt<T> =
  | { readonly kind: 'rows'; readonly rows: readonly T[] }
  | { readonly kind: 'refused'; readonly code: string }

/** An org that has not the objects or fields that the reference promises, or answers in another shape ("ZodError"). */
const ODD: ReadonlySet<string> = new Set([
  'MALFORMED_QUERY',
  'INVALID_QUERY_FILTER_OPERATOR',
  'INVALID_OPERATION',
  'NOT_FOUND',
  'ERROR_HTTP_400',
  'ERROR_HTTP_404',
  'ZodError',
])

/** For questions that every org answers to those who have the right: refused means that the right is missing. */
export async function attempt<T>(ask: () => Promise<readonly T[]>): Promise<Attempt<T>> {
  return await answered(ask, (error, cause) => error instanceof CredentialsRefused && isMissingRight(cause))
}

/** For questions that were never tried in a real org: refused means that nothing can be told. */
export async function tryOut<T>(ask: () => Promise<readonly T[]>): Promise<Attempt<T>> {
  return await answered(ask, (_, cause) => isMissingRight(cause) || ODD.has(codeOf(cause)))
}

async function answered<T>(
  ask: () => Promise<readonly T[]>,
  isRefusal: (error: unknown, cause: unknown) => boolean,
): Promise<Attempt<T>> {
  try {
    return { kind: 'rows', rows: await ask() }
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (!isRefusal(error, cause)) throw error
    return { kind: 'refused', code: codeOf(cause) }
  }
}
