// The consoles of all agents, put together: the endpoint they come to, who leads, what they tell and what they are told to do.

import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { CatalogueStatus, WorkAction, WriteOptions, WriteResult } from '../../../domain/platform.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../../domain/side.ts'
import { isOpen } from '../../../domain/work.ts'
import type { Memory } from '../memory.ts'
import type { Readings } from '../readings.ts'
import { longId } from '../record-id.ts'
import type { CompanionSettings } from '../settings.ts'
import { createAllowance } from './allowance.ts'
import { createClaims } from './claims.ts'
import { createDesk } from './desk.ts'
import { GAPS_PER_MINUTE } from './limits.ts'
import { createCompanionReports } from './reports.ts'
import { createCompanionServer } from './server.ts'
import type { CompanionSession, SessionEvents } from './session.ts'
import { CLOSE } from './wire.ts'

export type CompanionOffice = {
  start(): Promise<void>
  stop(): Promise<void>
  setStatus(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult>
  work(
    user: PlatformUserId,
    item: string,
    asked: { readonly action: WorkAction } & Pick<WriteOptions, 'deadline' | 'signal'>,
  ): Promise<WriteResult>
  /** Tabs that are connected now. */
  count(): number
  /** 0 without an endpoint. */
  port(): number
  details(): Readonly<Record<string, string | number>>
}

type CompanionOfficeDeps = {
  /** Null: no endpoint, and nobody is ever there. */
  readonly settings: CompanionSettings | null
  readonly clock: Clock
  readonly log: Log
  readonly memory: Memory
  readonly readings: Pick<Readings, 'works'>
  readonly status: (idOrApiName: string) => CatalogueStatus | undefined
  readonly username: (user: PlatformUserId) => string | undefined
}

/** Throws with a plain sentence where the settings cannot work. */
export function createCompanionOffice(deps: CompanionOfficeDeps): CompanionOffice {
  const { settings, clock, log, memory } = deps
  const desk = createDesk({ clock })
  const gaps = createAllowance({ clock, perMinute: GAPS_PER_MINUTE })
  const claims = createClaims({ ...deps, gap })
  const reports = createCompanionReports({ ...deps, claims })
  const server =
    settings && createCompanionServer({ settings, clock, log, knows: memory.watches, events: sessionEvents() })

  /** A reading costs API calls: one person's console cannot ask for any number of them. The periodic reading mends the rest. */
  function gap(user: PlatformUserId, why: string): void {
    if (gaps.take(user)) memory.gap(why, [user])
  }

  function sessionEvents(): SessionEvents {
    return {
      joined(session, hello) {
        const place = desk.join(session)
        if (place === null) {
          session.close(CLOSE.tryLater, 'too many tabs')
          return
        }
        session.send({ type: 'welcome', lead: place === 'leads', agent: deps.username(session.user) ?? session.user })
        reports.hello(session, hello, place)
        if (place === 'leads') memory.reachable(session.user)
      },
      frame(session, frame) {
        if (frame.type === 'result') desk.answer(session, frame)
        else reports.frame(session.user, frame)
      },
      unreadable: (session) => gap(session.user, 'a console companion sent something that could not be read'),
      gone: (session) => promote(desk.leave(session)),
    }
  }

  function promote(next: CompanionSession | null): void {
    if (!next) return
    next.send({ type: 'lead' })
    memory.reachable(next.user)
  }

  async function setStatus(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult> {
    const apiName = status === OFFLINE ? OFFLINE : deps.status(status)?.apiName
    if (apiName === undefined)
      return { kind: 'refused', words: `this org has no presence status with the id ${status}` }
    const expect = options.expect === OFFLINE ? OFFLINE : (deps.status(options.expect ?? '')?.apiName ?? null)
    const { deadline, sentence, signal } = options
    return await desk.setStatus(user, { apiName, expect, deadline, sentence, signal })
  }

  async function work(
    user: PlatformUserId,
    item: string,
    asked: Parameters<CompanionOffice['work']>[2],
  ): Promise<WriteResult> {
    const workId = longId(item)
    const known = memory.work(workId)
    if (known?.user !== user || !isOpen(known.state))
      return { kind: 'refused', words: `this agent has no open work ${item}` }
    return await desk.work(user, { workId, ...asked })
  }

  return {
    start: async () => await server?.start(),
    async stop() {
      claims.stop()
      await server?.stop()
    },
    setStatus,
    work,
    count: desk.count,
    port: () => server?.port() ?? 0,
    details: () => ({ companions: desk.count(), ...server?.details() }),
  }
}
