// One side of a story: a platform that does at once what it is told and reports it. It stands behind the same port as a real one.
// Not imitated: latency, rights, several sessions of one person, routing.

import type { Clock } from '../domain/clock.ts'
import type { PlatformAdapter, PlatformSink, WriteResult } from '../domain/platform.ts'
import type { Actor, Reading, Report } from '../domain/report.ts'
import type { PlatformUserId, Side, StatusId } from '../domain/side.ts'
import { isOpen, type WorkState } from '../domain/work.ts'

type WriteAnswer = 'transient' | 'refused' | 'ignored' | 'rate_limited'

/** How long the model is closed after `rate_limited`, ms. */
const RATE_LIMIT_MS = 1_000

/** What the platform says about somebody. */
export type Delivery = { readonly user: PlatformUserId; readonly report: Report }

/** Deliveries are returned, not sent: the caller says when they go out. */
export type ModelPlatform = {
  readonly adapter: PlatformAdapter
  status(user: PlatformUserId): StatusId
  /** Writes to this person that were accepted since the beginning. */
  writes(user: PlatformUserId): number
  /** Somebody sets a status. */
  set(user: PlatformUserId, status: StatusId, by: Actor): Delivery
  /** A report of a status, whatever the platform shows. */
  rumour(user: PlatformUserId, status: StatusId): Delivery
  work(
    user: PlatformUserId,
    work: { readonly id: string; readonly channel: string | null; readonly state: WorkState },
  ): Delivery
  /** Cuts or mends the event stream; while it is cut reports are lost. `writes` false: nothing is accepted either. */
  link(up: boolean, writes: boolean): void
  /** What the platform answers to the next writes, whomever they concern, after it has accepted some more. */
  answerNext(answer: WriteAnswer, options: { readonly after: number; readonly times: number }): void
  /** To whoever listens now. */
  send(delivery: Delivery): void
  /** What was last sent about this person. */
  lastSent(user: PlatformUserId): Delivery | null
}

type Person = {
  status: StatusId
  since: number
  writes: number
  readonly items: Map<string, { readonly channel: string | null; readonly state: WorkState; readonly at: number }>
}

export function createModelPlatform(args: {
  readonly side: Side
  readonly users: readonly PlatformUserId[]
  readonly start: StatusId
  readonly clock: Clock
}): ModelPlatform {
  const { side, clock } = args
  const people = new Map<PlatformUserId, Person>()
  for (const user of args.users)
    people.set(user, { status: args.start, since: clock.now(), writes: 0, items: new Map() })
  const sent = new Map<PlatformUserId, Delivery>()
  let sink: PlatformSink | null = null
  let up = true
  let accepting = true
  let answers: ('accepted' | WriteAnswer)[] = []

  function person(user: PlatformUserId): Person {
    const found = people.get(user)
    if (found === undefined) throw new Error(`The model of ${side} has no ${user}`)
    return found
  }

  function told(user: PlatformUserId, status: StatusId, by: Actor): Delivery {
    return { user, report: { kind: 'status', status, stamp: { at: clock.now() }, by } }
  }

  function set(user: PlatformUserId, status: StatusId, by: Actor): Delivery {
    const one = person(user)
    one.status = status
    one.since = clock.now()
    return told(user, status, by)
  }

  function send(delivery: Delivery): void {
    if (!up) return
    sent.set(delivery.user, delivery)
    sink?.report(delivery.user, delivery.report)
  }

  function take(user: PlatformUserId, status: StatusId): WriteResult {
    person(user).writes += 1
    const echo = set(user, status, 'unknown')
    const listener = sink
    clock.soon(() => {
      if (listener === sink) send(echo)
    })
    return { kind: 'accepted' }
  }

  const adapter: PlatformAdapter = {
    side,
    title: side,
    catalogue: async () => ({ statuses: [], channels: [] }),
    roster: async () => [],
    async start(_users, listener) {
      sink = listener
      listener.link({ up, why: up ? 'connected' : 'cut' })
    },
    snapshot: async (users) => new Map(users.map((user) => [user, readingOf(person(user))])),
    async setStatus(user, status) {
      if (!accepting) return { kind: 'unreachable', words: 'the platform is down' }
      const answer = answers.shift() ?? 'accepted'
      switch (answer) {
        case 'accepted':
          return take(user, status)
        case 'ignored':
          person(user).writes += 1
          return { kind: 'accepted' }
        case 'transient':
          return { kind: 'transient', words: 'the platform stumbled' }
        case 'refused':
          return { kind: 'refused', words: 'the platform refused' }
        case 'rate_limited':
          return { kind: 'rate_limited', untilMs: clock.now() + RATE_LIMIT_MS, words: 'too many calls' }
      }
    },
    health: () => ({ link: { up: sink !== null, since: 0, why: 'model' }, details: {} }),
    async stop() {
      sink = null
    },
  }

  return {
    adapter,
    status: (user) => person(user).status,
    writes: (user) => person(user).writes,
    set,
    rumour: (user, status) => told(user, status, 'unknown'),
    work(user, { id, channel, state }) {
      const at = clock.now()
      const { items } = person(user)
      items.set(id, { channel: channel ?? items.get(id)?.channel ?? null, state, at })
      return { user, report: { kind: 'work', item: id, channel, state, stamp: { at } } }
    },
    link(nowUp, nowAccepting) {
      up = nowUp
      accepting = nowUp || nowAccepting
      sink?.link({ up, why: up ? 'connected' : 'cut' })
    },
    answerNext(answer, { after, times }) {
      const accepted = Array.from({ length: after }, () => 'accepted' as const)
      answers = [...accepted, ...Array.from({ length: times }, () => answer)]
    },
    send,
    lastSent: (user) => sent.get(user) ?? null,
  }
}

function readingOf({ status, since, items }: Person): Reading {
  const open = [...items].filter(([, { state }]) => isOpen(state))
  const work = open.map(([item, { channel, state, at }]) => ({ item, channel, state, stamp: { at } }))
  return { status, stamp: { at: since }, work }
}
