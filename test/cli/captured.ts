// An output that remembers what was written to it.

import type { Io } from '../../src/cli/output.ts'

export type Captured = { readonly io: Io; readonly out: () => string; readonly err: () => string }

export function captured({ color = false } = {}): Captured {
  const written = { out: '', err: '' }
  return {
    io: {
      out: (text) => {
        written.out += text
      },
      err: (text) => {
        written.err += text
      },
      color,
    },
    out: () => written.out,
    err: () => written.err,
  }
}
