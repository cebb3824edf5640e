// Genesys Cloud behind the port: wires token, budget, client, stream and readings together, and turns stream frames into
// reports. It never decides anything and never retries a write.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type { LinkState, PlatformAdapter, PlatformSink } from '../../domain/platform.ts'
import type { StatusReport, WorkReport } from '../../domain/report.ts'
import { OFFLINE, type PlatformUserId } from '../../domain/side.ts'
import { isOpen } from '../../domain/work.ts'
import { createRateLimiter } from '../shared/rate-limit.ts'
import { createAgents } from './agents.ts'
import { createChannelBook } from './channel-book.ts'
import type { Marks } from './channel-marks.ts'
import { createClient } from './client.ts'
import { createKnownDefinitions, readDefinitions, tellUnknownFamilies, toCatalogue } from './definitions.ts'
import { createDoubts } from './doubts.ts'
import { createExchange } from './exchange.ts'
import { createFrameReader } from './frames.ts'
import { createLogOuts } from './log-out.ts'
import { createOffQueue } from './off-queue.ts'
import { createPresenceViews } from './presence-view.ts'
import { createPresenceWriter } from './presence-writer.ts'
import { findRights } from './rights.ts'
import { readRoster } from './roster.ts'
import { type GenesysCloudSettings, TIMING, type Timing } from './settings.ts'
import { readSetup } from './setup.ts'
import { readSnapshot } from './snapshot.ts'
import { createStream, type Stream } from './stream.ts'
import { createSurprises } from './surprises.ts'
import { createTokenSource } from './token.ts'
import { shareAmongChannels } from './topics.ts'
import { createWorkTracker } from './work-tracker.ts'
import { type NewPresence, type WriteTarget, writeOnePresence, writeStatus } from './write.ts'

export type GenesysCloudDeps = {
  readonly settings: GenesysCloudSettings
  readonly clock: Clock
  readonly log: Log
  /** Where the bridge's own notification channels are remembered over a restart. */
  readonly marks?: Marks
  /** [0, 1), for jitter. */
  readonly random?: () => number
  /** Tests shorten these. */
  readonly timing?: Partial<Timing>
}

const NOT_STARTED: LinkState = { up: false, since: 0, why: 'not started' }

export function createGenesysCloud(deps: GenesysCloudDeps): PlatformAdapter {
  const { clock, log, settings } = deps
  const timing = { ...TIMING, ...deps.timing }
  const over = new AbortController()
  const limiter = createRateLimiter({ clock, callsPerMinute: settings.callsPerMinute })
  const apiUrl = withoutSlash(settings.apiUrl)
  const loginUrl = withoutSlash(settings.loginUrl)
  const agents = createAgents(settings.proxies)
  const exchange = createExchange(agents)
  const timeoutMs = timing.callMs
  const tokens = createTokenSource({ ...settings, loginUrl, clock, exchange, timeoutMs, signal: over.signal })
  let listener: PlatformSink | undefined
  const client = createClient({
    apiUrl,
    clock,
    log,
    limiter,
    exchange,
    tokens,
    timing,
    signal: over.signal,
    onCall: (what) => listener?.call(what),
  })
  const surprises = createSurprises(log)
  const definitions = createKnownDefinitions()
  const views = createPresenceViews()
  const tracker = createWorkTracker()
  const logOuts = createLogOuts({ client, log, tracker })
  function onReport(user: PlatformUserId, report: StatusReport | WorkReport): void {
    listener?.report(user, report)
    logOuts.heard(user, report)
    // Whoever was left alone because of work may be written now.
    if (report.kind === 'work' && !isOpen(report.state) && !isAtWork(user)) listener?.reachable(user)
  }
  const doubts = createDoubts(clock)
  const parts = { client, clock, log, surprises, views, tracker, doubts, onReport, statusOf: definitions.statusOf }
  const book = createChannelBook({ client, clock, log, ...(deps.marks && { marks: deps.marks }) })
  let stream: Stream | undefined
  const offQueue = createOffQueue(clock)
  const isAtWork = (user: PlatformUserId) => tracker.openItems(user).length > 0
  const linkUp = () => stream?.link().up ?? false
  const writeOne = (target: WriteTarget, presence: NewPresence) =>
    writeOnePresence({ client, linkUp, offQueue }, target, presence)
  const writePresence = createPresenceWriter({ client, clock, log, limiter, linkUp, writeOne })
  let watched = 0

  async function open(users: readonly PlatformUserId[], sink: PlatformSink): Promise<void> {
    await stream?.stop()
    const onFrame = createFrameReader({ ...parts, users })
    const shares = shareAmongChannels(users)
    const random = deps.random ?? Math.random
    const onLink = (state: { readonly up: boolean; readonly why: string }) => {
      doubts.everybody()
      listener?.link(state)
    }
    const onGap = (why: string, whom: readonly PlatformUserId[]) => {
      doubts.about(whom)
      listener?.gap(why, whom)
    }
    stream = createStream({ agents, client, clock, log, random, timing, book, shares, onFrame, onLink, onGap })
    watched = users.length
    listener = sink
    await stream.start()
  }

  return {
    side: 'telephony',
    title: 'Genesys Cloud',
    async catalogue() {
      const found = await readDefinitions(client)
      definitions.learn(found)
      tellUnknownFamilies(found, surprises)
      return toCatalogue(found)
    },
    roster: () => readRoster(client),
    async start(users, sink) {
      over.signal.throwIfAborted()
      await open(users, sink)
    },
    snapshot: (users) => readSnapshot(parts, users),
    setStatus(user, status, options) {
      const write = status === OFFLINE && settings.logOut === 'tokens' ? logOuts.write : writeStatus
      return write({ ...parts, definitions, linkUp, writePresence, offQueue, isAtWork }, { user, status, options })
    },
    setup: () => readSetup(client),
    rights: () => findRights({ client, settings, now: clock.now() }),
    health: () => ({
      link: stream?.link() ?? NOT_STARTED,
      details: {
        people: watched,
        unheard: stream?.unheard() ?? 0,
        channels: stream?.channels().open ?? 0,
        channelsNeeded: stream?.channels().needed ?? 0,
        rejectedTopics: stream?.rejectedTopics() ?? 0,
        callsInLastMinute: limiter.callsInLastMinute(),
        tokenExpiresAt: tokens.expiresAt() ?? 0,
      },
      rate: limiter.rate(),
    }),
    async stop() {
      listener = undefined
      over.abort(new Error('stopped'))
      limiter.stop()
      await stream?.stop()
      agents.close()
    },
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
