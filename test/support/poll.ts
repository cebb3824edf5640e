// Waiting for something that happens outside, with an end.

/** Resolves with what `look` finds; rejects when there is still nothing after the time. */
export async function until<T>(look: () => T | undefined | null | false, what: string, timeoutMs = 10_000): Promise<T> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const found = look()
    if (found !== undefined && found !== null && found !== false) return found
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
