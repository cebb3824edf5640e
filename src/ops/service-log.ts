// The two logs on stdout: the service log for operators and the sync log for support staff.
// Never here: a secret. Keys that may hold one are blanked wherever they stand.

import type { Writable } from 'node:stream'
import { pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Log } from '../domain/log.ts'
import type { LogRecord } from '../domain/record.ts'
import { createLineWriter, type LineWriter } from './line-writer.ts'
import { jsonLine, readableLine } from './sync-line.ts'

type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export type LogSettings = {
  readonly level: LogLevel
  readonly format: 'json' | 'pretty'
  readonly stdout: Writable
  /** For `pretty`; the caller knows whether stdout is a terminal. */
  readonly colour?: boolean
}

export type Logs = {
  readonly service: Log
  /** One line a decision; not subject to the level. */
  readonly sync: (record: LogRecord) => void
  /** Resolves when what was logged has left the process. */
  flush(): Promise<void>
}

const SECRET_KEYS = [
  'secret',
  'client_secret',
  'clientSecret',
  'token',
  'access_token',
  'accessToken',
  'refresh_token',
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'private_key',
  'privateKey',
  'assertion',
]

export function createLogs({ level, format, stdout, colour = false }: LogSettings): Logs {
  const pretty = format === 'pretty'
  const lineOf = pretty ? (record: LogRecord) => readableLine(record, { colour }) : jsonLine
  const out = createLineWriter({
    stdout,
    dropped: (count) =>
      service.warn({ code: 'log_lines_dropped', count }, 'Stdout was not read fast enough; lines were dropped.'),
  })
  const service = createService({ level, out, pretty: pretty ? { colour } : null })
  return { service, sync: (record) => out.write(lineOf(record)), flush: () => out.flush() }
}

function createService(to: { level: LogLevel; out: LineWriter; pretty: { colour: boolean } | null }): Log {
  const { level, out, pretty } = to
  const readable =
    pretty && prettyFactory({ colorize: pretty.colour, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' })
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.*.*.${key}`]),
        censor: '[redacted]',
      },
    },
    { write: (line: string) => out.write(readable ? readable(line) : line) },
  )
  return {
    debug: (context, message) => logger.debug(context, message),
    info: (context, message) => logger.info(context, message),
    warn: (context, message) => logger.warn(context, message),
    error: (context, message) => logger.error(context, message),
  }
}
