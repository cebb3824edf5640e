// An adapter whose words can be shown: what it says, throws and logs has no secret in it, whatever the platform repeats.

import type { Log, LogContext } from '../domain/log.ts'
import {
  CannotListen,
  CredentialsRefused,
  type PlatformAdapter,
  type PlatformSink,
  type WriteResult,
} from '../domain/platform.ts'
import type { Scrub } from '../domain/scrub.ts'

/** Members of a context that are looked into: contexts are flat, errors in them are not. */
const DEPTH_MAX = 4

type Blank = (text: string) => string

export function discreetAdapter(adapter: PlatformAdapter, { words: blank }: Scrub): PlatformAdapter {
  const { setup, rights, work } = adapter
  return {
    side: adapter.side,
    title: adapter.title,
    catalogue: () => discreetly(() => adapter.catalogue(), blank),
    roster: () => discreetly(() => adapter.roster(), blank),
    start: (users, sink) => discreetly(() => adapter.start(users, discreetSink(sink, blank)), blank),
    snapshot: (users) => discreetly(() => adapter.snapshot(users), blank),
    setStatus: async (user, status, options) => said(await adapter.setStatus(user, status, options), blank),
    ...(work && {
      work: async (user, item, action, options) => said(await work.call(adapter, user, item, action, options), blank),
    }),
    ...(setup && { setup: () => discreetly(() => setup.call(adapter), blank) }),
    ...(rights && { rights: () => discreetly(() => rights.call(adapter), blank) }),
    health() {
      const health = adapter.health()
      const { link, details, notes } = health
      return {
        ...health,
        link: { ...link, why: blank(link.why) },
        details: Object.fromEntries(
          Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? blank(value) : value]),
        ),
        ...(notes && { notes: notes.map(blank) }),
      }
    },
    stop: () => adapter.stop(),
  }
}

/** `debug` false: such lines are not wanted, and cost nothing. */
export function discreetLog(log: Log, { blank, debug }: { readonly blank: Blank; readonly debug: boolean }): Log {
  const clean = (context: LogContext): LogContext => ({
    ...Object.fromEntries(Object.entries(context).map(([name, value]) => [name, cleaned(value, blank, DEPTH_MAX)])),
    code: context.code,
  })
  return {
    debug: debug ? (context, message) => log.debug(clean(context), blank(message)) : () => {},
    info: (context, message) => log.info(clean(context), blank(message)),
    warn: (context, message) => log.warn(clean(context), blank(message)),
    error: (context, message) => log.error(clean(context), blank(message)),
  }
}

function cleaned(value: unknown, blank: Blank, depth: number): unknown {
  if (typeof value === 'string') return blank(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '…'
  if (value instanceof Error) return blank(value.message)
  if (Array.isArray(value)) return value.map((one) => cleaned(one, blank, depth - 1))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one, blank, depth - 1)]))
}

function discreetSink(sink: PlatformSink, blank: Blank): PlatformSink {
  return {
    report: (user, report) => sink.report(user, report),
    link: ({ up, why }) => sink.link({ up, why: blank(why) }),
    gap: (why, users) => sink.gap(blank(why), users),
    reachable: (user) => sink.reachable(user),
    call: (what) => sink.call(what),
  }
}

/** Without its cause: that one has the platform's own words. */
async function discreetly<T>(ask: () => Promise<T>, blank: Blank): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const words = blank(error instanceof Error ? error.message : String(error))
    if (error instanceof CredentialsRefused) throw new CredentialsRefused(words)
    if (error instanceof CannotListen) throw new CannotListen(words)
    throw new Error(words)
  }
}

function said(result: WriteResult, blank: Blank): WriteResult {
  return result.kind === 'accepted' ? result : { ...result, words: blank(result.words) }
}
