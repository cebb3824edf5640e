// Checks that stay on in production: a broken promise must not go on quietly.

/** Reached only if a union has a member that the code does not know. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`)
}

export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence)
}
