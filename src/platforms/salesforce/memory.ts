// What the adapter remembers between events: whose spell or work item an id is, and the newest time given for each person.
// Everything is told to the bridge through here, so that both witnesses (event stream, console companion) share one order.

import type { PlatformSink } from '../../domain/platform.ts'
import type { Reading, StatusReport, WorkReport } from '../../domain/report.ts'
import { OFFLINE, type PlatformUserId } from '../../domain/side.ts'
import type { WorkState } from '../../domain/work.ts'
import { createBoundedMap } from './bounded-map.ts'
import { SPELLS_MAX, WORKS_MAX } from './settings.ts'

type KnownWork = {
  readonly user: PlatformUserId
  readonly channel: string | null
  readonly state: WorkState
  readonly at: number
}

/** When a spell began or ended: within one transaction several changes have the same time, and are counted. */
export type SpellTurn = {
  readonly spell: string
  readonly at: number
  readonly transaction: string | undefined
  readonly sequence: number
}

/** Whether an event is news, by what is known otherwise. */
type Newness = 'new' | 'old' | 'unsure'
type LastReading = { readonly asOf: number; readonly work: ReadonlyMap<string, WorkState> | undefined }

export type Memory = {
  watch(users: readonly PlatformUserId[], sink: PlatformSink): void
  /** No sink call follows. */
  close(): void
  watches(user: PlatformUserId): boolean
  spellUser(spell: string): PlatformUserId | undefined
  /** An answer shows this spell as the current one. */
  learnSpell(spell: string, user: PlatformUserId): void
  /**
   * What a reading has told of a person; its spells were learnt before. What is committed from `asOf` on (Salesforce's time) it cannot have
   * known.
   */
  wasRead(user: PlatformUserId, reading: Reading, asOf: number): void
  /** Of the last reading; 0 before the first. */
  readAsOf(user: PlatformUserId): number
  /**
   * A spell began. `old`: before one that was heard of already, or it is over. `unsure`: maybe before the last reading, which has shown another
   * one or none: what is replayed after a cut is history. Only another reading can tell.
   */
  beginSpell(user: PlatformUserId, begun: SpellTurn): Newness
  /** A spell ended; false: another one of its person was heard to begin since. */
  endSpell(user: PlatformUserId | undefined, ended: SpellTurn): boolean
  /** Work that is open as an event has it: the same as above. */
  openWork(
    user: PlatformUserId,
    work: { readonly item: string; readonly state: WorkState; readonly at: number },
  ): Newness
  work(item: string): KnownWork | undefined
  learnWork(item: string, work: KnownWork): void
  /** What was said of the item turned out to be unfounded. */
  forgetWork(item: string): void
  /** Newest time told for this person; 0 where there is none. */
  lastAt(user: PlatformUserId): number
  tell(user: PlatformUserId, report: StatusReport | WorkReport): void
  gap(why: string, users?: readonly PlatformUserId[]): void
  link(up: boolean, why: string): void
  reachable(user: PlatformUserId): void
}

export function createMemory(): Memory {
  let watched: ReadonlySet<PlatformUserId> = new Set()
  let sink: PlatformSink | null = null
  const spells = createBoundedMap<string, PlatformUserId>(SPELLS_MAX)
  const works = createBoundedMap<string, KnownWork>(WORKS_MAX)
  /** Spells that were heard to end, so that a beginning that comes late does not bring them back. */
  const endedSpells = createBoundedMap<string, true>(SPELLS_MAX)
  // One entry a watched person each.
  const told = new Map<PlatformUserId, number>()
  const newest = new Map<PlatformUserId, SpellTurn>()
  /** Spells as answers have shown them, and what readings have told. */
  const current = new Map<PlatformUserId, string>()
  const read = new Map<PlatformUserId, LastReading>()

  function learnSpell(spell: string, user: PlatformUserId): void {
    spells.set(spell, user)
    if (watched.has(user)) current.set(user, spell)
  }

  function wasRead(user: PlatformUserId, { status, work }: Reading, asOf: number): void {
    if (!watched.has(user)) return
    if (status === OFFLINE) current.delete(user)
    read.set(user, { asOf, work: work && new Map(work.map(({ item, state }) => [item, state])) })
  }

  function openWork(user: PlatformUserId, { item, state, at }: Parameters<Memory['openWork']>[1]): Newness {
    const last = read.get(user)
    if (last?.work === undefined || at >= last.asOf) return 'new'
    const then = last.work.get(item)
    if (then === undefined) return 'unsure'
    return then === 'accepted' && state === 'offered' ? 'old' : 'new'
  }

  function beginSpell(user: PlatformUserId, begun: SpellTurn): Newness {
    spells.set(begun.spell, user)
    const known = newest.get(user)
    if (known !== undefined && isBefore(begun, known)) return 'old'
    if (watched.has(user)) newest.set(user, begun)
    if (endedSpells.get(begun.spell) !== undefined) return 'old'
    const last = read.get(user)
    if (last === undefined || begun.at >= last.asOf) return 'new'
    const spell = current.get(user)
    // What comes after the end of the one that was shown began after the reading.
    return spell !== undefined && (spell === begun.spell || endedSpells.get(spell)) ? 'new' : 'unsure'
  }

  function endSpell(user: PlatformUserId | undefined, ended: SpellTurn): boolean {
    endedSpells.set(ended.spell, true)
    const known = user === undefined ? undefined : newest.get(user)
    // At the same instant the end comes before the beginning: that is how a status changes.
    return known === undefined || known.spell === ended.spell || ended.at > known.at
  }

  /** One witness may be late: the newest state stays, and a channel once known is never forgotten. */
  function learnWork(item: string, heard: KnownWork): void {
    const known = works.get(item)
    const newest = known && known.at > heard.at ? known : heard
    works.set(item, { ...newest, channel: heard.channel ?? known?.channel ?? null })
  }

  return {
    watch(users, to) {
      watched = new Set(users)
      sink = to
      for (const user of told.keys()) if (!watched.has(user)) told.delete(user)
      for (const user of newest.keys()) if (!watched.has(user)) newest.delete(user)
      for (const user of current.keys()) if (!watched.has(user)) current.delete(user)
      for (const user of read.keys()) if (!watched.has(user)) read.delete(user)
    },
    close() {
      sink = null
    },
    watches: (user) => watched.has(user),
    spellUser: (spell) => spells.get(spell),
    learnSpell,
    wasRead,
    readAsOf: (user) => read.get(user)?.asOf ?? 0,
    openWork,
    beginSpell,
    endSpell,
    work: (item) => works.get(item),
    learnWork,
    forgetWork: (item) => works.delete(item),
    lastAt: (user) => told.get(user) ?? 0,
    tell(user, report) {
      if (!sink || !watched.has(user)) return
      told.set(user, Math.max(told.get(user) ?? 0, report.stamp.at))
      if (report.kind === 'work') {
        const { item, channel, state, stamp } = report
        learnWork(item, { user, channel, state, at: stamp.at })
      }
      sink.report(user, report)
    },
    gap: (why, users) => sink?.gap(why, users),
    link: (up, why) => sink?.link({ up, why }),
    reachable(user) {
      if (watched.has(user)) sink?.reachable(user)
    },
  }
}

function isBefore(a: SpellTurn, b: SpellTurn): boolean {
  if (a.at !== b.at) return a.at < b.at
  return a.transaction !== undefined && a.transaction === b.transaction && a.sequence < b.sequence
}
