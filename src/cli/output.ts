// How commands talk: results to stdout, problems to stderr, colours only where a person looks.

export const EXIT = { fine: 0, no: 1, couldNotRun: 2 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export type Io = {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Whether stdout is a terminal that wants colours. */
  readonly color: boolean
  /** How wide the terminal is; left out where stdout is none. */
  readonly columns?: number
  /** What is said meanwhile of something that takes long, in place of what was said before; left out where nobody looks. */
  readonly progress?: (text: string) => void
}

export function processIo(): Io {
  // Whoever reads may have heard enough (a pager, head): that is no failure.
  process.stdout.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.fine)
    throw error
  })
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    color: process.stdout.hasColors?.() === true && process.env.NO_COLOR === undefined,
    ...(process.stdout.isTTY ? { columns: process.stdout.columns } : {}),
    ...(process.stderr.isTTY ? { progress: (text: string) => void process.stderr.write(`\r\u001b[K${text}`) } : {}),
  }
}
