// A toolkit and sockets to test the companion with: the agent's presence as a small model, and sockets that do what the test says.

import {
  type Ask,
  type Companion,
  createCompanion,
  type OrgStatus,
  type Shown,
  type SocketLike,
} from '../../salesforce/force-app/main/default/lwc/presenceBridgeCompanion/companion.js'
import type { Clock } from '../../src/domain/clock.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

export type Frame = { readonly type: string; readonly [key: string]: unknown }

export const STATUSES: readonly OrgStatus[] = [
  { id: '0N5000000000001AAA', apiName: 'Online', label: 'Online' },
  { id: '0N5000000000002AAA', apiName: 'Busy', label: 'Busy!' },
  { id: '0N5000000000003AAA', apiName: 'Lunch', label: 'Lunch' },
]

/** The omni toolkit as documented: it logs in who is logged out, gives 15-character ids, and tells of its own changes. */
function createFakeToolkit(tell: (event: { name: string; params: object }) => void) {
  let status: OrgStatus | null = STATUSES[0] ?? null
  let refusal: string | null = null
  const sets: string[] = []
  const done: string[] = []
  const works: { workId: string; workItemId: string; isEngaged: boolean }[] = []

  const params = (shown: OrgStatus) => ({
    statusId: shown.id.slice(0, 15),
    statusApiName: shown.apiName,
    statusName: shown.label,
    channels: '[]',
  })

  function person(apiName: string | null, reason = 'OmniManualStatusChange'): void {
    status = apiName === null ? null : (STATUSES.find((one) => one.apiName === apiName) ?? null)
    if (status === null) tell({ name: 'logout', params: { reason } })
    else tell({ name: 'statusChanged', params: { ...params(status), reason } })
  }

  function carryOut({ method, args }: Ask): unknown {
    if (refusal !== null) throw new Error(refusal)
    switch (method) {
      case 'getServicePresenceStatusId':
        if (status === null) throw new Error('Not logged in.')
        return params(status)
      case 'getAgentWorks':
        return { works: JSON.stringify(works) }
      case 'setServicePresenceStatus': {
        const wanted = STATUSES.find(({ id }) => id.slice(0, 15) === args?.statusId)
        if (!wanted) throw new Error('Unknown status')
        sets.push(wanted.apiName)
        person(wanted.apiName, 'OmniToolkitStatusChange')
        return params(wanted)
      }
      case 'logout':
        sets.push('Offline')
        person(null, 'toolkit')
        return true
      default:
        done.push(`${method} ${args?.workId}${args?.declineReason ? ` ${args.declineReason}` : ''}`)
        return true
    }
  }

  return {
    carryOut,
    person,
    /** As a person did it before this page was loaded: no event tells. */
    was: (apiName: string | null) => {
      status = STATUSES.find((one) => one.apiName === apiName) ?? null
    },
    /** What the toolkit refuses everything with from now on; null: nothing. */
    refuseWith: (words: string | null) => {
      refusal = words
    },
    shows: () => status?.apiName ?? 'Offline',
    works,
    sets,
    done,
  }
}

export type FakeSocket = SocketLike & {
  readonly url: string
  readonly sent: Frame[]
  opens(): void
  tells(frame: object): void
  ends(code: number, reason?: string): void
}

function createFakeSocket(url: string): FakeSocket {
  const sent: Frame[] = []
  const socket: FakeSocket = {
    url,
    sent,
    readyState: 0,
    bufferedAmount: 0,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send(text) {
      if (socket.readyState !== 1) throw new Error('not open')
      sent.push(JSON.parse(text))
    },
    close() {
      socket.readyState = 3
    },
    opens() {
      if (socket.readyState !== 0) return
      socket.readyState = 1
      socket.onopen?.()
    },
    tells: (frame) => socket.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) }),
    ends(code, reason = '') {
      socket.readyState = 3
      socket.onclose?.({ code, reason })
    },
  }
  return socket
}

type Held = 'no timers' | 'all timers' | 'nested timers'

/** A browser's nesting level from which the timers of a page in the background are held back. */
const NESTED = 5
const GRAIN_MS = 60_000

/** As a browser treats a page in the background: timers come late, all together, once a minute. */
function heldBack(clock: VirtualClock, held: Held): Pick<Clock, 'now' | 'after'> {
  let level = 0
  return {
    now: clock.now,
    after(delayMs, callback) {
      const mine = level + 1
      const late = held === 'all timers' || (held === 'nested timers' && mine >= NESTED)
      const due = clock.now() + delayMs
      return clock.after((late ? Math.ceil(due / GRAIN_MS) * GRAIN_MS : due) - clock.now(), () => {
        level = mine
        callback()
        level = 0
      })
    },
  }
}

export type World = ReturnType<typeof createWorld>

type Circumstances = {
  readonly random?: () => number
  /** How far Salesforce's clock is before the browser's. */
  readonly orgAheadMs?: number
  /** In the background a page's timers are held back to once a minute. */
  readonly held?: Held
}

export function createWorld({ random = () => 0.5, orgAheadMs = 0, held = 'no timers' }: Circumstances = {}) {
  const clock = createVirtualClock()
  const sockets: FakeSocket[] = []
  const states: Shown[] = []
  let mostOpen = 0
  let tokens = 0
  let settingsRead = 0
  let tokenFailure: string | null = null
  let statuses = STATUSES
  let toolkitDelayMs = 0
  let whileSettingsAreRead = async () => {}
  const toolkit = createFakeToolkit((event) => companion.toolkitEvent(event))

  function ask(call: Ask): void {
    const answer = () => {
      try {
        companion.toolkitAnswer({ call: call.call, ok: true, result: toolkit.carryOut(call) })
      } catch (error) {
        companion.toolkitAnswer({ call: call.call, ok: false, message: error instanceof Error ? error.message : '' })
      }
    }
    if (toolkitDelayMs === 0) clock.soon(answer)
    else clock.after(toolkitDelayMs, answer)
  }

  const companion: Companion = createCompanion({
    clock: heldBack(clock, held),
    random,
    ask,
    tab: 'tab-1',
    connect(url) {
      const socket = createFakeSocket(url)
      sockets.push(socket)
      mostOpen = Math.max(mostOpen, sockets.filter(({ readyState }) => readyState < 2).length)
      return socket
    },
    readSettings: async () => {
      settingsRead += 1
      await whileSettingsAreRead()
      return { endpoint: 'wss://bridge.acme.example/companion', statuses }
    },
    readToken: async () => {
      if (tokenFailure !== null) throw new Error(tokenFailure)
      tokens += 1
      return { token: `token-${tokens}`, issuedAt: clock.now() + orgAheadMs }
    },
    onState: (state) => void states.push(state),
  })

  const socket = (): FakeSocket => {
    const latest = sockets.at(-1)
    if (!latest) throw new Error('nothing was dialled')
    return latest
  }

  /** From the start, or after a wait, to the welcome. */
  async function connected(lead = true): Promise<FakeSocket> {
    companion.start()
    await clock.settle()
    const { link } = companion.state()
    if (link.kind === 'waiting') await clock.advance(link.until - clock.now())
    const dialled = socket()
    dialled.opens()
    await clock.settle()
    dialled.tells({ type: 'welcome', lead, agent: 'jane@acme.example' })
    await clock.settle()
    return dialled
  }

  return {
    clock,
    companion,
    toolkit,
    sockets,
    states,
    socket,
    connected,
    mostOpen: () => mostOpen,
    tokens: () => tokens,
    settingsRead: () => settingsRead,
    failTokens: (words: string | null) => {
      tokenFailure = words
    },
    orgHas: (changed: readonly OrgStatus[]) => {
      statuses = changed
    },
    /** What happens before Salesforce answers the next question for settings. */
    meanwhile: (happens: () => Promise<void>) => {
      whileSettingsAreRead = happens
    },
    slowToolkit: (delayMs: number) => {
      toolkitDelayMs = delayMs
    },
    /** An absolute time of the org's clock, so many ms from now. */
    orgTime: (inMs: number) => new Date(clock.now() + orgAheadMs + inMs).toISOString(),
  }
}

export const results = (socket: FakeSocket): Frame[] => socket.sent.filter(({ type }) => type === 'result')
