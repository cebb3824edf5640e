// presence-bridge pause | resume | release | resync | reload | work: asks a running bridge, over its private HTTP, to do something about agents.

import { userInfo } from 'node:os'
import { z } from 'zod'
import type { WorkOrder } from '../ops/status.ts'
import { giveOrder } from './order.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { readSettings } from './settings.ts'

const DEADLINE_MS = 10_000
/** A new mapping is proved before it is taken. */
const RELOAD_DEADLINE_MS = 60_000

export type Admin = {
  readonly action: 'pause' | 'resume' | 'release' | 'resync' | 'reload'
  readonly settings: string
  readonly agent?: string
  readonly profile?: string
  readonly all?: boolean
  /** Why: stands in the record. */
  readonly reason?: string
}

const answerOf = z.union([
  z.object({ ok: z.literal(true), agents: z.number() }),
  z.object({ ok: z.literal(false), error: z.string() }),
])

export async function admin(order: Admin, io: Io): Promise<ExitCode> {
  const { action, agent, profile, all, reason } = order
  if (action !== 'reload' && [agent, profile, all].filter((named) => named !== undefined).length !== 1) {
    io.err('Name whom it is about: exactly one of --agent, --profile or --all.\n')
    return EXIT.couldNotRun
  }
  const done = (agents: number) => `${DONE[action]}: ${agents} ${agents === 1 ? 'agent' : 'agents'}.`
  return await ask({ settings: order.settings, action, body: { agent, profile, all, reason }, done }, io)
}

export type Work = {
  readonly settings: string
  readonly agent: string
  readonly item: string
  readonly action: WorkOrder['action']
  /** Why: stands in the record, and goes to the platform with a decline. */
  readonly reason?: string
}

export async function work({ settings, agent, item, action, reason }: Work, io: Io): Promise<ExitCode> {
  const done = () => `${WORK_DONE[action]}: ${item}.`
  return await ask({ settings, action: 'work', body: { agent, work: item, action, reason }, done }, io)
}

type Asked = {
  readonly settings: string
  readonly action: string
  readonly body: object
  readonly done: (agents: number) => string
}

async function ask(asked: Asked, io: Io): Promise<ExitCode> {
  const settings = readSettings(asked.settings, io)
  if (settings === null) return EXIT.couldNotRun
  const { action } = asked
  const body = { ...asked.body, by: userInfo().username }
  const deadlineMs = action === 'reload' ? RELOAD_DEADLINE_MS : DEADLINE_MS
  const answer = await giveOrder({ ops: settings.ops, action, body, deadlineMs }, answerOf)
  if (typeof answer === 'string') {
    io.err(`${answer}\n`)
    return EXIT.couldNotRun
  }
  if (!answer.ok) {
    io.err(`${answer.error}\n`)
    return EXIT.no
  }
  io.out(`${asked.done(answer.agents)}\n`)
  return EXIT.fine
}

const DONE = {
  pause: 'Paused',
  resume: 'Resumed',
  release: 'Released',
  resync: 'Being read again',
  reload: 'The mapping file was taken for',
} as const
const WORK_DONE = { accept: 'Accepted', decline: 'Declined', close: 'Closed' } as const
