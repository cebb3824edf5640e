// The service log: what operators read. (What support staff read is the sync log, see record.ts.)

/** `code` is stable and greppable; everything else is context. The message is a constant sentence. */
export type LogContext = { readonly code: string; readonly [key: string]: unknown }

export type Log = {
  debug(context: LogContext, message: string): void
  info(context: LogContext, message: string): void
  warn(context: LogContext, message: string): void
  error(context: LogContext, message: string): void
}

export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} }
