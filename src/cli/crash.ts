// How the process ends when something in it is broken: with the trace that tells where, and no secret in it.

import type { Io } from './output.ts'

/** Node's own code for an error that nobody caught: whoever started the bridge starts it again. */
const CRASHED = 1

/**
 * Node would print an error with everything that hangs on it, such as the request that failed with its credentials. Here it is its trace alone.
 * Of a promise that nobody caught as well.
 */
export function crashDiscreetly({ blank, io }: { readonly blank: (text: string) => string; readonly io: Io }): void {
  process.on('uncaughtException', (error: unknown) => {
    io.err(`${blank(traceOf(error))}\n`)
    process.exit(CRASHED)
  })
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
