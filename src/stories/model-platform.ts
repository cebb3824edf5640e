// One side of a story: a platform that does at once what it is told and reports it. It stands behind the same port as a real one.
// Not imitated: latency, rights, several sessions of one person, routing.

import type { Clock } from '../domain/clock.ts'
import type { PlatformAdapter, PlatformSink } from '../domain/platform.ts'
import type { Actor, Reading, Report } from '../domain/report.ts'
import type { PlatformUserId, Side, StatusId } from '../domain/side.ts'
import { isOpen, type WorkState } from '../domain/work.ts'

type WriteAnswer = 'transient' | 'refused' | 'ignored' | 'rate_limited'

/** How long the model is closed after `rate_limited`, ms. */
const RATE_LIMIT_MS = 1_000

export type ModelPlatform = {
  readonly adapter: PlatformAdapter
  status(): StatusId
  /** Writes that were accepted since the beginning. */
  writes(): number
  /** Somebody sets a status; what the platform reports of it is returned, not sent. */
  set(status: StatusId, by: Actor): Report
  work(item: string, channel: string | null, state: WorkState): Report
  /** Cuts or mends the event stream; while it is cut reports are lost. `writes` false: nothing is accepted either. */
  link(up: boolean, writes: boolean): void
  /** What the platform answers to the next writes. */
  answerNext(answer: WriteAnswer, times: number): void
  /** Sends a report to whoever listens now. */
  send(report: Report): void
  lastReport(): Report | null
}

export function createModelPlatform(args: {
  readonly side: Side
  readonly user: PlatformUserId
  readonly start: StatusId
  readonly clock: Clock
}): ModelPlatform {
  const { side, user, clock } = args
  const items = new Map<string, { channel: string | null; state: WorkState; at: number }>()
  let status = args.start
  let since = clock.now()
  let writes = 0
  let last: Report | null = null
  let sink: PlatformSink | null = null
  let up = true
  let accepting = true
  let answers: WriteAnswer[] = []

  function set(next: StatusId, by: Actor): Report {
    status = next
    since = clock.now()
    return { kind: 'status', status, stamp: { at: since }, by }
  }

  function send(report: Report): void {
    if (!up) return
    last = report
    sink?.report(user, report)
  }

  function reading(): Reading {
    const open = [...items].filter(([, w]) => isOpen(w.state))
    return {
      status,
      stamp: { at: since },
      work: open.map(([item, w]) => ({ item, channel: w.channel, state: w.state, stamp: { at: w.at } })),
    }
  }

  const adapter: PlatformAdapter = {
    side,
    title: side,
    catalogue: async () => ({ statuses: [], channels: [] }),
    roster: async () => [],
    async start(_users, listener) {
      sink = listener
      listener.link({ up: true, why: 'connected' })
    },
    snapshot: async () => new Map([[user, reading()]]),
    async setStatus(_user, next) {
      if (!accepting) return { kind: 'unreachable', words: 'the platform is down' }
      const answer = answers.shift()
      if (answer === 'transient') return { kind: 'transient', words: 'the platform stumbled' }
      if (answer === 'refused') return { kind: 'refused', words: 'the platform refused' }
      if (answer === 'rate_limited') {
        return { kind: 'rate_limited', untilMs: clock.now() + RATE_LIMIT_MS, words: 'too many calls' }
      }
      writes += 1
      if (answer === 'ignored') return { kind: 'accepted' }
      const report = set(next, 'unknown')
      const listener = sink
      clock.soon(() => {
        if (listener === sink) send(report)
      })
      return { kind: 'accepted' }
    },
    health: () => ({ link: { up: sink !== null, since: 0, why: 'model' }, details: {} }),
    async stop() {
      sink = null
    },
  }

  return {
    adapter,
    status: () => status,
    writes: () => writes,
    set,
    work(item, channel, state) {
      items.set(item, { channel: channel ?? items.get(item)?.channel ?? null, state, at: clock.now() })
      return { kind: 'work', item, channel, state, stamp: { at: clock.now() } }
    },
    link(nowUp, nowAccepting) {
      up = nowUp
      accepting = nowUp || nowAccepting
      sink?.link({ up, why: up ? 'connected' : 'cut' })
    },
    answerNext(answer, times) {
      answers = Array.from({ length: times }, () => answer)
    },
    send,
    lastReport: () => last,
  }
}
