// Reads that must succeed: an outcome becomes its schema-parsed body, or the error that the port's contract asks for.

import type * as z from 'zod'
import { CredentialsRefused } from '../../domain/platform.ts'
import type { CallOutcome, CallRequest, Client } from './client.ts'

/** Not now: the caller tries again with backoff. */
export class NotNow extends Error {
  override readonly name = 'NotNow'
}

export async function readAs<Schema extends z.ZodType>(
  client: Client,
  request: CallRequest,
  schema: Schema,
): Promise<z.infer<Schema>> {
  return parse(await client.call(request), request, schema)
}

/** The same, but undefined where the platform answers with one of these statuses. */
export async function readUnless<Schema extends z.ZodType>(
  client: Client,
  request: CallRequest,
  schema: Schema,
  statuses: readonly number[],
): Promise<z.infer<Schema> | undefined> {
  const outcome = await client.call(request)
  if (outcome.kind === 'status' && statuses.includes(outcome.status)) return undefined
  return parse(outcome, request, schema)
}

function parse<Schema extends z.ZodType>(outcome: CallOutcome, request: CallRequest, schema: Schema): z.infer<Schema> {
  const { operation } = request
  switch (outcome.kind) {
    case 'ok': {
      const parsed = schema.safeParse(outcome.body)
      if (parsed.success) return parsed.data
      throw new NotNow(
        `${operation}: an answer of an unknown shape: ${parsed.error.issues[0]?.message ?? 'unreadable'}`,
      )
    }
    case 'credentials':
      throw new CredentialsRefused(outcome.message)
    case 'status':
      if (outcome.status === 403) {
        throw new CredentialsRefused(
          `Genesys Cloud does not let the OAuth client do ${operation} (${outcome.message}): check the roles and divisions of the client`,
        )
      }
      throw new NotNow(`${operation}: Genesys Cloud answered ${outcome.status}: ${outcome.message}`)
    case 'limited':
      throw new NotNow(`${operation}: ${outcome.message}`)
    case 'network':
      throw new NotNow(`${operation}: ${outcome.message}`)
  }
}
