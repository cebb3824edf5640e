// An agent's console as the bridge sees it: the companion in a browser tab, here driven by the model in place of the omni toolkit.
//
// NOT imitated: the browser's page life (throttled timers, sleeping tabs), the toolkit's delays, its ConnectionError event, raised flags, and
// workload frames.

import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Cancel, Clock } from '../../domain/clock.ts'
import type { SalesforceModel } from './model.ts'
import type { Happening, WorkRow } from './tables.ts'

const PING_MS = 20_000
const RECONNECT = { baseMs: 500, capMs: 30_000 }
/** Another connection of this very tab took over, or the page may not connect: dialling again would only repeat it. */
const FINAL_CODES: readonly number[] = [4403, 4409]

type CompanionClientDeps = {
  readonly url: string
  readonly origin: string
  /** A fresh token for each connection. */
  readonly signToken: () => Promise<string>
  readonly userId: string
  readonly tab: string
  readonly model: SalesforceModel
  readonly clock: Clock
  readonly random?: () => number
}

export type CompanionClient = {
  /** Closes the tab. */
  close(): void
  /** Cuts the connection; it is dialled again. */
  cut(): void
  state(): {
    readonly connected: boolean
    readonly lead: boolean
    readonly closeCode: number | null
    readonly commands: number
  }
}

const setStatus = z.object({
  type: z.literal('set_status'),
  cmd: z.string(),
  apiName: z.string(),
  expect: z.string().nullable(),
  expiresAt: z.string(),
})
const workAction = z.object({
  type: z.literal('work'),
  cmd: z.string(),
  action: z.enum(['accept', 'decline', 'close']),
  workId: z.string(),
  reason: z.string().optional(),
  expiresAt: z.string().optional(),
})
const inbound = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), lead: z.boolean() }),
  z.object({ type: z.literal('lead') }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('notice') }),
  setStatus,
  workAction,
])

export function createCompanionClient(deps: CompanionClientDeps): CompanionClient {
  const { model, clock, userId } = deps
  const random = deps.random ?? Math.random
  let socket: WebSocket | null = null
  let over = false
  let connected = false
  let lead = false
  let closeCode: number | null = null
  let commands = 0
  let attempts = 0
  let cancelPing: Cancel = () => {}
  let cancelDial: Cancel = () => {}
  const unwatch = model.on(happened)

  async function dial(): Promise<void> {
    const token = await deps.signToken()
    if (over) return
    const dialled = new WebSocket(deps.url, { origin: deps.origin, perMessageDeflate: false })
    socket = dialled
    dialled.on('open', () => send(hello(token)))
    dialled.on('message', (data) => receive(inbound.safeParse(JSON.parse(data.toString()))))
    dialled.on('error', () => {})
    dialled.on('close', (code) => closed(dialled, code))
  }

  function closed(dialled: WebSocket, code: number): void {
    if (socket !== dialled) return
    connected = false
    lead = false
    closeCode = code
    cancelPing()
    if (over || FINAL_CODES.includes(code)) return
    const ceiling = Math.min(RECONNECT.capMs, RECONNECT.baseMs * 2 ** attempts++)
    cancelDial = clock.after(Math.round(random() * ceiling), redial)
  }

  function redial(): void {
    dial().catch(() => {
      cancelDial = clock.after(RECONNECT.capMs, redial)
    })
  }

  function hello(token: string): object {
    const status = model.status(model.presence(userId))
    const told = status && { id: status.Id, apiName: status.DeveloperName, label: status.MasterLabel }
    const work = model.work
      .openOf(userId)
      .map((row) => ({ ...workOf(row), state: row.Status === 'Opened' ? 'accepted' : 'assigned' }))
    return { type: 'hello', v: 1, token, tab: deps.tab, status: told ?? null, work }
  }

  function receive(parsed: ReturnType<typeof inbound.safeParse>): void {
    if (!parsed.success) return
    const frame = parsed.data
    if (frame.type === 'welcome') {
      connected = true
      attempts = 0
      ping()
    }
    if (frame.type === 'welcome' || frame.type === 'lead') lead = frame.type === 'lead' || frame.lead
    if (frame.type === 'set_status') send({ type: 'result', cmd: frame.cmd, ...carryOut(frame) })
    if (frame.type === 'work') send({ type: 'result', cmd: frame.cmd, ...actOnWork(frame) })
  }

  function ping(): void {
    cancelPing = clock.after(PING_MS, () => {
      send({ type: 'ping' })
      ping()
    })
  }

  function carryOut(command: z.infer<typeof setStatus>): object {
    commands++
    const now = model.presence(userId)
    if (Date.parse(command.expiresAt) <= clock.now()) return failed('expired', 'the command came too late')
    if (command.expect !== null && command.expect !== now)
      return failed('expected_other', `the agent is ${now}, not ${command.expect}`)
    // The real toolkit would log the agent in; a companion must not.
    if (now === 'Offline' && command.apiName !== 'Offline')
      return failed('logged_out', 'the agent is not logged in to Omni-Channel')
    const outcome = model.setPresence({ user: userId, apiName: command.apiName, by: 'toolkit' })
    if (outcome === 'ok') return { ok: true }
    if (outcome === 'not_granted')
      return failed('not_granted', `the status ${command.apiName} is not granted to this user`)
    return failed('toolkit', `setServicePresenceStatus failed: ${outcome}`)
  }

  function actOnWork({ action, workId, reason }: z.infer<typeof workAction>): object {
    const { work } = model
    // The toolkit takes ids in 15 and in 18 characters, and acts on the agent's own work only.
    const item = work.openOf(userId).find(({ Id }) => Id.slice(0, 15) === workId.slice(0, 15))
    if (!item) return failed('toolkit', `the agent has no open work ${workId}`)
    const done =
      action === 'accept'
        ? work.accept(item.Id)
        : action === 'close'
          ? work.close(item.Id)
          : work.decline(item.Id, reason)
    return done ? { ok: true } : failed('toolkit', `work that is ${item.Status} cannot be changed by "${action}"`)
  }

  function happened(happening: Happening): void {
    if (!connected || happening.kind === 'change' || happening.user !== userId) return
    const at = new Date(clock.now()).toISOString()
    if (happening.kind === 'work') send({ type: 'work', ...workOf(happening.work), state: happening.state, at })
    else if (happening.apiName === 'Offline') send({ type: 'logout', reason: happening.reason, at })
    else sendStatus(happening, at)
  }

  function sendStatus({ apiName, reason }: Extract<Happening, { kind: 'presence' }>, at: string): void {
    const status = model.status(apiName)
    if (status) send({ type: 'status', id: status.Id, apiName, label: status.MasterLabel, reason, at })
  }

  function send(frame: object): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }

  redial()
  return {
    close() {
      over = true
      unwatch()
      cancelPing()
      cancelDial()
      socket?.close(1000)
    },
    cut: () => socket?.terminate(),
    state: () => ({ connected, lead, closeCode, commands }),
  }
}

/** The toolkit gives the 15-character ids of work and no channel. */
function workOf(row: WorkRow): { workId: string; workItemId: string; channel: null } {
  return { workId: row.Id.slice(0, 15), workItemId: row.WorkItemId.slice(0, 15), channel: null }
}

function failed(error: string, message: string): object {
  return { ok: false, error, message }
}
