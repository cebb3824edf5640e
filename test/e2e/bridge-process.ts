// The real bridge in a process of its own: started from its command line, read by what it prints.

import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { LogRecord } from '../../src/domain/record.ts'
import { until } from '../support/poll.ts'

/** Longer than any test: a process that a broken test forgot ends by itself. */
const LIFE_MAX_MS = 120_000
/** Compiled once for all starts of all tests: half of a start is compiling. */
const COMPILED = join(tmpdir(), 'presence-bridge-e2e-compiled')
/** A run prints some hundred lines. */
const LINES_MAX = 50_000

/** A line of the service log. */
type ServiceLine = {
  readonly level: string
  readonly code: string
  readonly msg: string
  readonly [key: string]: unknown
}

export type BridgeProcess = {
  readonly pid: number
  /** The sync log: one record a decision, in the order in which they were printed. */
  decisions(): readonly LogRecord[]
  service(): readonly ServiceLine[]
  /** Everything that came out of it, as text. */
  printed(): { readonly stdout: string; readonly stderr: string }
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGHUP'): void
  /** Resolves when it has ended and all that it printed was read. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** Waits for a line of the service log with this code. */
  says(code: string, timeoutMs?: number): Promise<ServiceLine>
  /** Waits for a decision that has all of this. */
  decides(what: DecisionWanted, timeoutMs?: number): Promise<LogRecord>
}

type DecisionWanted = {
  readonly agent?: string
  readonly side?: string
  readonly reason: string
  /** A write with this outcome. */
  readonly outcome?: string
  /** Only what was decided at this time or later, ms since 1970: lines are printed later, so their number at some moment tells nothing. */
  readonly after?: number
}

export function startProcess(args: readonly string[], environment: Readonly<Record<string, string>>): BridgeProcess {
  const command = ['--disable-warning=ExperimentalWarning', 'src/cli/main.ts', ...args]
  const child = spawn('node_modules/.bin/node', command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: COMPILED, ...environment },
    timeout: LIFE_MAX_MS,
    killSignal: 'SIGKILL',
  })
  const decided: LogRecord[] = []
  const service: ServiceLine[] = []
  const stdout: string[] = []
  let stderr = ''
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (stdout.length < LINES_MAX) stdout.push(line)
    const parsed = parseLine(line)
    if (parsed !== null && 'level' in parsed) service.push(parsed)
    else if (parsed !== null) decided.push(parsed)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const told = () => `\n${stdout.slice(-12).join('\n')}\n${stderr}`

  return {
    pid: child.pid ?? 0,
    decisions: () => decided,
    service: () => service,
    printed: () => ({ stdout: stdout.join('\n'), stderr }),
    signal: (name) => void child.kill(name),
    ended: endOf(child),
    says: (code, timeoutMs) =>
      until(() => service.find((line) => line.code === code), `the service log to say ${code}`, timeoutMs).catch((e) =>
        fail(e, told()),
      ),
    decides: (what, timeoutMs) =>
      until(() => decided.find((r) => fits(r, what)), JSON.stringify(what), timeoutMs).catch((e) => fail(e, told())),
  }
}

function fail(error: unknown, told: string): never {
  throw new Error(`${error instanceof Error ? error.message : String(error)} The bridge said:${told}`)
}

function endOf(child: ChildProcess): BridgeProcess['ended'] {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}

/** Null for a line that is no JSON, such as one that was cut off by a kill. */
function parseLine(line: string): ServiceLine | LogRecord | null {
  try {
    return JSON.parse(line) as ServiceLine | LogRecord
  } catch {
    return null
  }
}

function fits(record: LogRecord, { agent, side, reason, outcome, after = 0 }: DecisionWanted): boolean {
  if (Date.parse(record.time) < after) return false
  if (agent !== undefined && record.agent !== agent) return false
  if (outcome !== undefined && !record.writes.some((write) => write.outcome === outcome)) return false
  return record.decisions.some((d) => d.reason === reason && (side === undefined || d.side === side))
}
