// Whether change events really arrive. Salesforce checks permissions when it delivers: who lacks them subscribes without an error and never
// hears anything. So every change that something else has shown (a reading, an agent's console) is a question to the stream: was an event
// heard of it? Where nobody works there are no changes and so no questions; quiet nights prove nothing and warn nobody.
// No clocks are compared: a reading is compared with the one before it, both made while the stream was open.

import type { Cancel, Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { Reading } from '../../../domain/report.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../../domain/side.ts'
import type { Memory } from '../memory.ts'
import type { ChangeEvent } from '../wire.ts'
import { AWAITED_MAX, SELF_TEST_LIMITS, type SelfTestLimits, UNPROVEN_READS_MAX } from './transport-limits.ts'

/** What is delivered or not as a whole: an object of the channel. */
type Witnessed = 'presence' | 'work'
const WITNESSED: readonly Witnessed[] = ['presence', 'work']
const OBJECTS: Readonly<Record<Witnessed, string>> = { presence: 'UserServicePresence', work: 'AgentWork' }

type Delivery = 'unproven' | 'proven' | 'missing'

export type SelfTest = {
  /** The stream stands or not. */
  link(up: boolean): void
  /** A change event came; the memory knows of whom. */
  event(event: ChangeEvent, memory: Pick<Memory, 'watches' | 'spellUser' | 'work'>): void
  /** A reading that began at this time of our clock. */
  read(found: ReadonlyMap<PlatformUserId, Reading>, begunAt: number): void
  /** An agent's console says that this is its status. */
  shown(user: PlatformUserId, status: StatusId): void
  details(): { readonly presence_events: Delivery; readonly work_events: Delivery; readonly changes_unheard: number }
  /** A sentence for each object whose events do not arrive. */
  notes(): readonly string[]
  stop(): void
}

type SelfTestDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<SelfTestLimits>
  /** "/data/PresenceBridge__chn" */
  readonly channel: string
  /** Everybody is to be read anew. */
  readonly onGap: (why: string) => void
}

/** What is known of one object's events. */
type Evidence = { delivery: Delivery; unheard: number[]; readonly heardAt: Map<PlatformUserId, number> }

export function createSelfTest(deps: SelfTestDeps): SelfTest {
  const { clock, log } = deps
  const limits = { ...SELF_TEST_LIMITS, ...deps.limits }
  const evidence: Readonly<Record<Witnessed, Evidence>> = { presence: newEvidence(), work: newEvidence() }
  /** As the last reading since the stream was opened showed people. One entry a person. */
  const last = new Map<PlatformUserId, Shown>()
  /** As people's consoles have shown them since; the same. */
  const onConsoles = new Map<PlatformUserId, { readonly status: StatusId; readonly at: number }>()
  const awaited = new Set<Cancel>()
  let openedAt: number | null = null
  let unprovenReads = 0
  let unheardTotal = 0
  let reread: Cancel = () => {}

  function link(up: boolean): void {
    reread()
    for (const cancel of awaited) cancel()
    awaited.clear()
    last.clear()
    onConsoles.clear()
    openedAt = up ? clock.now() : null
    unprovenReads = 0
    for (const what of WITNESSED) {
      evidence[what].unheard = []
      evidence[what].heardAt.clear()
      // What is missing stays missing until an event comes; what came before the cut proves nothing for the new subscription.
      if (evidence[what].delivery === 'proven') evidence[what].delivery = 'unproven'
    }
    if (up) planReading()
  }

  function event({ payload }: ChangeEvent, memory: Pick<Memory, 'watches' | 'spellUser' | 'work'>): void {
    const { entityName, recordIds } = payload.ChangeEventHeader
    const what = WITNESSED.find((each) => OBJECTS[each] === entityName)
    if (what === undefined) return
    heard(what, undefined)
    for (const id of recordIds)
      heard(what, memory.spellUser(id) ?? memory.work(id)?.user ?? payload.UserId ?? undefined)
  }

  function shown(user: PlatformUserId, status: StatusId): void {
    const before = onConsoles.get(user)
    if (openedAt === null) return
    onConsoles.set(user, { status, at: clock.now() })
    // What a console says first is no change; what it says when it is opened again may have been heard of long ago.
    // A console may be late, also with what it showed before: the event of this change may have come before that.
    if (before !== undefined && before.status !== status) expectEvent('presence', user, before.at - limits.graceMs)
  }

  function heard(what: Witnessed, user: PlatformUserId | undefined): void {
    const { delivery, heardAt } = evidence[what]
    evidence[what].unheard = []
    evidence[what].delivery = 'proven'
    if (user !== undefined) heardAt.set(user, clock.now())
    if (delivery !== 'missing') return
    log.info({ code: 'salesforce_hears_again', object: OBJECTS[what] }, 'Change events arrive again')
    planReading()
  }

  function read(found: ReadonlyMap<PlatformUserId, Reading>, begunAt: number): void {
    if (openedAt === null || begunAt < openedAt) return
    for (const [user, reading] of found) {
      const now = shownBy(reading, begunAt)
      const before = last.get(user)
      last.set(user, now)
      if (before === undefined) continue
      if (before.presence !== now.presence) expectEvent('presence', user, before.at)
      if (before.work !== null && now.work !== null && before.work !== now.work) expectEvent('work', user, before.at)
    }
  }

  /** An event may come a little before what it is compared with, or a little after. */
  function expectEvent(what: Witnessed, user: PlatformUserId, since: number): void {
    const wasHeard = () => (evidence[what].heardAt.get(user) ?? -1) >= since
    if (openedAt === null || wasHeard() || awaited.size >= AWAITED_MAX) return
    const cancel = clock.after(limits.graceMs, () => {
      awaited.delete(cancel)
      if (!wasHeard()) unheard(what)
    })
    awaited.add(cancel)
  }

  function unheard(what: Witnessed): void {
    unheardTotal++
    const now = clock.now()
    const object = evidence[what]
    object.unheard = [...object.unheard.filter((at) => at > now - limits.windowMs), now].slice(-limits.witnesses)
    if (object.delivery === 'missing' || object.unheard.length < limits.witnesses) return
    object.delivery = 'missing'
    log.warn(
      {
        code: 'salesforce_deaf',
        object: OBJECTS[what],
        changes: object.unheard.length,
        channel: deps.channel,
      },
      missingSentence(what),
    )
    readNow()
  }

  /** Reads more often where events are missing, and for a while where it is not known whether they come although people are there. */
  function planReading(): void {
    reread()
    const isMissing = WITNESSED.some((what) => evidence[what].delivery === 'missing')
    const isUnproven = evidence.presence.delivery === 'unproven' && unprovenReads < UNPROVEN_READS_MAX
    if (openedAt === null || (!isMissing && !isUnproven)) return
    reread = clock.after(isMissing ? limits.deafReadMs : limits.unprovenReadMs, readNow)
  }

  function someoneThere(): boolean {
    return [...last.values()].some(({ presence }) => presence !== OFFLINE)
  }

  function readNow(): void {
    const missing = WITNESSED.filter((what) => evidence[what].delivery === 'missing').map((what) => OBJECTS[what])
    if (missing.length > 0) deps.onGap(`no change events of ${missing.join(' and ')} arrive`)
    else if (evidence.presence.delivery === 'unproven' && someoneThere()) {
      unprovenReads++
      deps.onGap('no change event was heard since the stream was opened')
    }
    planReading()
  }

  return {
    link,
    event,
    read,
    shown,
    details: () => ({
      presence_events: evidence.presence.delivery,
      work_events: evidence.work.delivery,
      changes_unheard: unheardTotal,
    }),
    notes: () => WITNESSED.filter((what) => evidence[what].delivery === 'missing').map(missingSentence),
    stop: () => link(false),
  }
}

/** The memory as those write to it who have heard something from people's consoles. */
export function witnessed(memory: Memory, selfTest: Pick<SelfTest, 'shown'>): Memory {
  return {
    ...memory,
    tell(user, report) {
      if (report.kind === 'status' && memory.watches(user)) selfTest.shown(user, report.status)
      memory.tell(user, report)
    },
  }
}

type Shown = { readonly at: number; readonly presence: string; readonly work: string | null }

/** The same text as long as nothing changed: a spell is its status and its beginning, open work its items and their states. */
function shownBy({ status, stamp, work }: Reading, at: number): Shown {
  const items = work?.map(({ item, state }) => `${item} ${state}`).sort()
  return { at, presence: status === OFFLINE ? OFFLINE : `${status} ${stamp.at}`, work: items ? items.join() : null }
}

function newEvidence(): Evidence {
  return { delivery: 'unproven', unheard: [], heardAt: new Map() }
}

function missingSentence(what: Witnessed): string {
  const object = OBJECTS[what]
  return (
    `Salesforce accepts the subscription but delivers no change events of ${object}: several changes were seen elsewhere and no event came. ` +
    'Until events come everybody is read instead, every half a minute. In Setup check: the channel of crm.stream.channel has the member ' +
    `${object}ChangeEvent and no filter that leaves these changes out; the run-as user has "View All Records" on ${object} (Permission Sets > ` +
    'presence-bridge > Object Settings; where the object offers none: "View All Data") and read access to its fields. A change there may take ten minutes'
  )
}
