// One agent's records as causes: what people and systems did. What the bridge did is kept only to be compared with.

import type { EventRecord, LogRecord } from '../domain/record.ts'
import { OFFLINE, SIDES, type Side } from '../domain/side.ts'
import { openBefore, statusBefore } from './beginning.ts'
import type { Cause, Deed, OpenItem } from './cause.ts'
import type { LeftOut, LeftOutKind } from './left-out.ts'
import { BEGUN_BEFORE_MS } from './limits.ts'
import type { Decided, Moment, SideWorld } from './moment.ts'
import { isWorkState, reportKind } from './report-kind.ts'

export type Past = {
  readonly causes: readonly Cause[]
  /** Of each cause and of everything the bridge did itself one; of the world only what was shown is known. */
  readonly recorded: readonly Moment[]
}

type Options = {
  /** Whether the mapping of this hash itself keeps the agent in shadow. */
  readonly isShadow: (mapping: string) => boolean
  /** When rules other than those in force may begin to hold, ms since 1970; null: they hold from the beginning. */
  readonly switchAt: number | null
  /** What was earlier is not counted among what is left out, ms since 1970. */
  readonly countFrom: number
  readonly leftOut: LeftOut
}

type BySideNow = { crm: string | null; telephony: string | null }

/** As the record of an admin's order begins. */
const RELEASED = /^released?\b/i

/** `records` are all of one agent, in their order. */
export function pastOf(records: readonly LogRecord[], options: Options): Past {
  const reader = new PastReader(records, options)
  for (const record of records) reader.take(record)
  reader.switchBefore(Number.POSITIVE_INFINITY)
  return { causes: reader.causes, recorded: reader.recorded }
}

class PastReader {
  readonly causes: Cause[] = []
  readonly recorded: Moment[] = []
  readonly #records: readonly LogRecord[]
  readonly #options: Options
  readonly #shown: BySideNow = { crm: null, telephony: null }
  /** What the bridge wrote last. */
  readonly #asked: BySideNow = { crm: null, telephony: null }
  /** The platforms' times of the last report that said something. */
  readonly #told: BySideNow = { crm: null, telephony: null }
  #mapping: string | null = null
  #held = false
  #switched = false

  constructor(records: readonly LogRecord[], options: Options) {
    this.#records = records
    this.#options = options
  }

  take(record: LogRecord): void {
    const at = Date.parse(record.time)
    if (this.#mapping === null) this.#first(record, at)
    if (at >= this.#options.countFrom) this.#options.leftOut.writes(record)
    if (this.#mapping !== null) {
      this.switchBefore(at)
      if (this.#mapping !== record.mapping) this.#add(record, { kind: 'switch' }, null)
      this.#hold(record)
    }
    this.#mapping = record.mapping
    const deed = this.#deedOf(record)
    this.#see(record)
    const isTimer = record.event.kind === 'timer'
    const isCompared = deed === null ? isTimer : deed.kind !== 'work' || !deed.again
    const decided = isCompared ? decidedOf(record) : null
    if (deed !== null) this.#add(record, deed, decided)
    else this.#note(at, null, decided)
  }

  switchBefore(at: number): void {
    const { switchAt } = this.#options
    if (switchAt === null || this.#switched || at < switchAt || this.#mapping === null) return
    this.#switched = true
    const event: EventRecord = { kind: 'reload', at: new Date(switchAt).toISOString() }
    this.#push({ at: switchAt, told: switchAt, mapping: this.#mapping, event }, { kind: 'switch' }, null)
  }

  #count(kind: LeftOutKind, { time }: LogRecord): void {
    const { countFrom, leftOut } = this.#options
    if (Date.parse(time) >= countFrom) leftOut.count(kind)
  }

  /** Null: nothing that anybody did. */
  #deedOf(record: LogRecord): Deed | null {
    const { event } = record
    switch (event.kind) {
      case 'start':
        return { kind: 'begin', recorded: true, shows: this.#seenAnew(record), open: this.#openBefore() }
      case 'status':
        return this.#statusOf(record)
      case 'work':
        return this.#workOf(record)
      case 'admin':
        return RELEASED.test(event.what ?? '') ? { kind: 'release' } : null
      case 'reading':
        this.#count('drift', record)
        return null
      case 'timer':
      case 'write':
      case 'reload':
        return null
    }
  }

  #statusOf(record: LogRecord): Deed | null {
    const { side, to, by = 'unknown', at } = record.event
    if (side === undefined || to === undefined) return null
    const kind = reportKind(record, side, this.#asked[side])
    const isAgain = this.#told[side] === at
    if (kind === 'news' || kind === 'echo' || kind === 'repeat') this.#told[side] = at
    if (kind === 'suspect') this.#count('suspect', record)
    else if (kind === 'stale' || (kind === 'repeat' && isAgain)) this.#count('late', record)
    // Choosing what shows already is an act too where it is known that somebody did it: under other rules something else may show.
    const isChoice = kind === 'news' || (kind === 'repeat' && by !== 'unknown' && !isAgain)
    return isChoice ? { kind: 'status', side, status: to, by } : null
  }

  #workOf(record: LogRecord): Deed | null {
    const { side, item, channel = null, state } = record.event
    if (side === undefined || item === undefined || !isWorkState(state)) return null
    const kind = reportKind(record, side, null)
    if (kind !== 'stale') return { kind: 'work', side, item, channel, state, again: kind !== 'news' }
    this.#count('late', record)
    return null
  }

  /** Where nothing has changed while the bridge was without memory, it stands as the bridge left it. */
  #seenAnew({ decisions }: LogRecord): { crm: string | null; telephony: string | null } {
    const seen = (side: Side) => {
      const from = decisions.find((d) => d.side === side)?.from ?? null
      return from === this.#shown[side] ? null : from
    }
    return { crm: seen('crm'), telephony: seen('telephony') }
  }

  /** Later on it is known what is open. */
  #openBefore(): readonly OpenItem[] {
    return this.causes.length === 0 ? openBefore(this.#records) : []
  }

  #first(record: LogRecord, at: number): void {
    const isBeginning = record.event.kind === 'start'
    const begunAt = isBeginning ? at : at - BEGUN_BEFORE_MS
    const { switchAt } = this.#options
    // Who is first met after it is under the new rules from the beginning.
    this.#switched = switchAt !== null && begunAt >= switchAt
    if (!isBeginning) this.#beginInTheMiddle(record, begunAt)
  }

  #beginInTheMiddle(record: LogRecord, at: number): void {
    this.#options.leftOut.count('in_the_middle')
    for (const side of SIDES) this.#shown[side] = statusBefore(this.#records, side)
    const shows = { ...this.#shown }
    this.#mapping = record.mapping
    const about = { at, told: at, mapping: record.mapping, event: record.event }
    this.#push(about, { kind: 'begin', recorded: false, shows, open: this.#openBefore() }, null)
  }

  /** By what became of its writes. */
  #hold(record: LogRecord): void {
    const [write] = record.writes
    if (write === undefined) return
    const { outcome } = write
    const held = outcome === 'paused' || (outcome === 'shadow' && !this.#options.isShadow(record.mapping))
    if (held === this.#held) return
    this.#held = held
    // What a timer writes is withheld or not by what was so before it ran out.
    const at = Date.parse(record.time) - (record.event.kind === 'timer' ? 1 : 0)
    this.#push({ at, told: at, mapping: record.mapping, event: record.event }, { kind: 'held', held }, null)
  }

  #see(record: LogRecord): void {
    const { event } = record
    for (const { side, from } of record.decisions) this.#shown[side] = from
    const isBelieved = record.decisions.every(({ reason }) => reason !== 'suspect' && reason !== 'stale')
    if (event.kind === 'status' && event.side !== undefined && isBelieved) this.#shown[event.side] = event.to ?? null
    for (const { side, status } of record.writes) this.#asked[side] = status
  }

  #add({ time, mapping, event }: LogRecord, deed: Deed, decided: readonly Decided[] | null): void {
    this.#push({ at: Date.parse(time), told: Date.parse(event.at), mapping, event }, deed, decided)
  }

  #push(about: Omit<Cause, 'deed'>, deed: Deed, decided: readonly Decided[] | null): void {
    this.causes.push({ deed, ...about })
    this.#note(about.at, this.causes.length - 1, decided)
  }

  #note(at: number, cause: number | null, decided: readonly Decided[] | null): void {
    const world = { crm: shown(this.#shown.crm), telephony: shown(this.#shown.telephony) }
    this.recorded.push({ at, cause, decided, world })
  }
}

function shown(status: string | null): SideWorld {
  return { shows: status ?? OFFLINE, base: '', blocked: false, exposed: false }
}

function decidedOf({ decisions, writes }: LogRecord): readonly Decided[] {
  return decisions.map(({ side, reason, from, to, rule }) => {
    return { side, reason, from, to, written: writes.some((w) => w.side === side), rule: rule ?? null }
  })
}
