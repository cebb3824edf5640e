// The log as it grows, for pages and terminals that keep the connection open (server-sent events; the id of an event is the decision's number).

import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Clock } from '../domain/clock.ts'
import type { JournalEntry, LogFilter } from '../domain/journal.ts'
import type { Log } from '../domain/log.ts'
import { FOLLOWER_BACKLOG_MAX, FOLLOWER_HEARTBEAT_MS, FOLLOWERS_MAX } from './limits.ts'
import { matches } from './requests.ts'
import type { OpsStatus } from './status.ts'

export type Followers = {
  /** Begins with the newest `limit` records, or with what came after the client's last event; then every one as it comes, again when its writes are settled. */
  add(context: Context, filter: LogFilter): Response
  /** Ends all. */
  stop(): void
}

type Follower = { readonly backlog: (JournalEntry | 'heartbeat')[]; wake: () => void; over: boolean }

export function createFollowers(deps: {
  status: Pick<OpsStatus, 'log' | 'follow'>
  clock: Clock
  log: Log
}): Followers {
  const { status, clock, log } = deps
  const all = new Set<Follower>()

  function end(follower: Follower): void {
    follower.over = true
    follower.wake()
  }

  function offer(follower: Follower, item: Follower['backlog'][number]): void {
    if (follower.backlog.length < FOLLOWER_BACKLOG_MAX) follower.backlog.push(item)
    else {
      log.warn({ code: 'follower_cut_off', backlog: FOLLOWER_BACKLOG_MAX }, 'A follower of the log was too slow.')
      end(follower)
    }
    follower.wake()
  }

  return {
    add(context, filter) {
      if (all.size >= FOLLOWERS_MAX) {
        return context.json({ ok: false, error: 'Too many are following the log; try again later.' }, 503)
      }
      const afterSeq = lastEventId(context)
      const follower: Follower = { backlog: [], wake: () => {}, over: false }
      all.add(follower)
      // In one go with the query, so that nothing falls between what was and what comes.
      const unfollow = status.follow((entry) => matches(entry, filter) && offer(follower, entry))
      const before = status.log(
        afterSeq === undefined ? filter : { ...filter, afterSeq, limit: FOLLOWER_BACKLOG_MAX / 2 },
      )
      follower.backlog.push(...before)
      return streamSSE(context, async (stream) => {
        stream.onAbort(() => end(follower))
        try {
          await pass(follower, stream, clock)
        } finally {
          unfollow()
          all.delete(follower)
        }
      })
    },
    stop() {
      for (const follower of all) end(follower)
    },
  }
}

type Stream = {
  writeSSE(message: { id?: string; data: string; event?: string }): Promise<void>
  write(text: string): Promise<unknown>
}

async function pass(follower: Follower, stream: Stream, clock: Clock): Promise<void> {
  // Tells proxies and the reader at once that the line stands.
  await stream.write(': following\n\n')
  while (!follower.over) {
    const item = follower.backlog.shift()
    if (item === undefined) await next(follower, clock)
    else if (item === 'heartbeat') await stream.write(': still here\n\n')
    else await stream.writeSSE({ id: String(item.seq), data: JSON.stringify(item.record) })
  }
}

/** Until there is something to pass on; a heartbeat where nothing else comes. */
async function next(follower: Follower, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(FOLLOWER_HEARTBEAT_MS, () => {
      follower.backlog.push('heartbeat')
      resolve()
    })
    follower.wake = () => {
      cancel()
      resolve()
    }
  })
  follower.wake = () => {}
}

function lastEventId(context: Context): number | undefined {
  const id = context.req.header('last-event-id')
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined
}
