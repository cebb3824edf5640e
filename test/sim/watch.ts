// Looks on while a run is played: remembers what the checks need and asks them at every decision and every call.

import { rulesetOf } from '../../src/app/agents.ts'
import type { JournalEntry } from '../../src/domain/journal.ts'
import type { LogContext } from '../../src/domain/log.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import type { Rules, Ruleset } from '../../src/domain/rules.ts'
import { type AgentId, OFFLINE, otherSide, SIDES, type Side, type StatusId } from '../../src/domain/side.ts'
import { badRecord, chosenByNobody, loggedIn, restless, undecided, writtenNowhere } from './checks.ts'
import type { Call } from './person.ts'
import type { World } from './world.ts'

/** Records of one agent that are remembered. */
const RECORDS_MAX = 60
/** What was chosen or shown lately: so much a side. */
const RECENT_MAX = 6
/** Rules that were in force lately: somebody may be paused over many. */
const RULES_MAX = 100

export type Problem = {
  /** Stable: by it a shorter run is known to fail in the same way. */
  readonly kind: string
  readonly agent: AgentId | null
  readonly words: string
}

type Written = { readonly entry: JournalEntry; readonly at: number }

type Seen = {
  readonly profile: string | null
  /** The bridge has died with decisions that never were on the disk. */
  forgot: boolean
  /** What the journal has of them, and what is on the way there. */
  entries: JournalEntry[]
  /** The newest decision to write, of this life of the bridge. */
  readonly written: { crm: Written | null; telephony: Written | null }
  /** Writes since somebody or something but the bridge itself acted. */
  readonly inARow: { crm: number; telephony: number }
  readonly recent: { crm: StatusId[]; telephony: StatusId[] }
  /** When writes were decided, for R19. */
  writes: number[]
  /** R19: then the count starts anew. */
  frozenUntil: number
  /** When something was heard of a side last. */
  readonly touchedAt: { crm: number; telephony: number }
  /** R23: a status that was refused, and nothing has changed since. */
  readonly refused: { crm: StatusId | null; telephony: StatusId | null }
}

/** Codes of the service log that no fault of the outside explains. */
const NEVER_LOGGED = new Set(['promise_broken', 'adapter_threw', 'outbox_full', 'inbox_full', 'state_unreadable'])

export class Watch {
  readonly problems: Problem[] = []
  readonly figures = { decisions: 0, writes: 0 }
  readonly #calm: boolean
  readonly #hear: (seen: { readonly record: LogRecord }) => void
  readonly #agents = new Map<AgentId, Seen>()
  #world: World | null = null
  #rules: readonly Rules[] = []
  #troubleAt = -1
  /** The decision that each call is made for. */
  readonly #of = new WeakMap<Call, Written>()

  constructor(deps: { readonly calm: boolean; readonly heard: (seen: { readonly record: LogRecord }) => void }) {
    this.#calm = deps.calm
    this.#hear = deps.heard
  }

  begin(world: World): void {
    this.#world = world
    this.#rules = [world.rules]
    for (const { agent, profile } of world.members) this.#agents.set(agent, newSeen(profile))
  }

  records(agent: AgentId): readonly LogRecord[] {
    return (this.#agents.get(agent)?.entries ?? []).map((e) => e.record)
  }

  say(kind: string, agent: AgentId | null, words: string | null): void {
    if (words !== null) this.problems.push({ kind, agent, words })
  }

  booted(): void {
    const { disk } = this.#world ?? {}
    for (const seen of this.#agents.values()) {
      const kept = seen.entries.filter((e) => disk?.has(e.seq)) // what was not committed is forgotten
      seen.forgot ||= kept.length < seen.entries.length
      seen.entries = kept
      seen.written.crm = null
      seen.written.telephony = null
      seen.writes = []
      for (const side of SIDES) {
        seen.inARow[side] = 0
        seen.refused[side] = null
      }
    }
  }

  reloaded(rules: Rules): void {
    this.#rules = [rules, ...this.#rules].slice(0, RULES_MAX)
    for (const seen of this.#agents.values()) for (const side of SIDES) seen.refused[side] = null
  }

  logged({ code, agent, why }: LogContext): void {
    if (code === 'journal_failed' || code === 'journal_back') this.#troubleAt = this.#now()
    if (NEVER_LOGGED.has(code)) this.say(code, agent === undefined ? null : (agent as AgentId), String(why ?? code))
  }

  /** A person, an admin or a rumour: what may be on the way to the bridge now. */
  acted(agent: AgentId, side: Side | null, status: StatusId | null): void {
    const seen = this.#agents.get(agent)
    if (seen === undefined) return
    for (const s of SIDES) seen.inARow[s] = 0
    if (side === null) return
    seen.refused[side] = null
    if (status !== null) remember(seen.recent, side, status)
  }

  decided(entry: JournalEntry): void {
    const { record } = entry
    this.figures.decisions += 1
    this.#hear(entry)
    const seen = this.#agents.get(record.agent)
    if (seen === undefined) return // a stranger
    seen.entries.push(entry)
    if (seen.entries.length > 2 * RECORDS_MAX) seen.entries = seen.entries.slice(-RECORDS_MAX)
    this.say('invariant 7', record.agent, badRecord(record))
    this.#count(seen, record)
    for (const { side, status: label, outcome } of record.writes) {
      const status = label as StatusId
      seen.written[side] = { entry, at: this.#now() }
      if (outcome !== 'waiting') {
        remember(seen.recent, side, status) // it would show, and may lead to others
        continue
      }
      seen.inARow[side] += 1
      if (!this.#isLate(record)) this.say('invariant 1', record.agent, restless(seen.inARow[side]))
    }
    const { side: touched, kind } = record.event
    if (kind === 'status' && touched !== undefined) {
      seen.refused[touched] = null // somebody wants something else there
      seen.touchedAt[touched] = this.#now()
    }
    for (const { side, to } of record.decisions) if (seen.refused[side] !== to) seen.refused[side] = null
  }

  called(side: Side, call: Call): void {
    const world = this.#world
    if (world === null) return
    this.figures.writes += 1
    const member = world.memberOf(side, call.user)
    const seen = this.#agents.get(member.agent)
    const state = world.entry(member)
    if (seen === undefined || state === null) return
    const { agent } = member
    const written = seen.written[side]
    const { status } = call
    const rules = this.#rules.map((r) => rulesetOf(r, member.profile))
    this.say('invariant 7', agent, undecided({ side, status }, written?.entry.record ?? null))
    if (written !== null) {
      this.#of.set(call, written)
      this.say('not on disk', agent, this.#notOnDisk(written))
    }
    const other = otherSide(side)
    const base = (s: Side) => state.state[s].base // also one that a block hides
    const shown = (s: Side) => [...seen.recent[s], world.platforms[s].person(member.users[s]).status]
    const others = [...shown(other), base(other)]
    // What was chosen long ago may be the last that somebody who forgot the rest knows.
    const choice = seen.forgot ? null : chosenByNobody({ side, status, own: shown(side), other: others, rules })
    this.say('invariant 8', agent, choice)
    this.say('R25', agent, state.paused === null ? null : `${status} is written to ${side} although paused`)
    const [now] = rules
    if (now !== undefined && !shown(side).includes(status)) this.say('R26', agent, writtenNowhere(now, side, status))
    if (this.#calm) this.say('R2', agent, loggedIn(side, world.platforms[side].person(call.user).status, status))
    this.say('R23', agent, this.#triedAgain(seen, side, call))
    remember(seen.recent, side, status)
  }

  /** After a call was answered. */
  answered(agent: AgentId, side: Side, call: Call): void {
    const seen = this.#agents.get(agent)
    if (seen === undefined) return
    // Not so where another was decided, or was wanted, before the answer came, or where the one who asked is dead.
    const isNewest = call.at >= seen.touchedAt[side] && this.#of.get(call) === seen.written[side]
    seen.refused[side] = call.answer === 'refused' && isNewest ? call.status : null
    if (call.answer !== 'accepted' || !call.applied) for (const s of SIDES) seen.inARow[s] = 0 // R17, R22: tried again
  }

  /** R0: what another than the bridge did, or time, begins a new count; an echo of an own write does not. */
  #count(seen: Seen, { event, decisions, writes, time, agent }: LogRecord): void {
    const isEcho = event.kind === 'status' && (event.id?.startsWith('w') ?? false)
    if (!isEcho) for (const side of SIDES) seen.inARow[side] = 0
    const now = Date.parse(time)
    const rules = this.#rulesOf(agent)
    const thaws = now >= seen.frozenUntil
    if (thaws) {
      seen.frozenUntil = Number.POSITIVE_INFINITY
      seen.writes = []
    }
    const freezes = !thaws && decisions.some((d) => d.reason === 'breaker')
    if (freezes) seen.frozenUntil = now + (rules?.limits.freezeMs ?? 0)
    const live = writes.filter((w) => w.outcome === 'waiting')
    if (live.length === 0) return
    seen.writes = [...seen.writes.filter((at) => at > now - 60_000), ...live.map(() => now)]
    const most = rules?.limits.writesPerMinute ?? 0
    this.say(
      'R19',
      agent,
      seen.writes.length > most ? `${seen.writes.length} writes in a minute, ${most} are allowed` : null,
    )
  }

  /** The echo came after it was waited for: then it counts as somebody's change. */
  #isLate({ event, agent, time }: LogRecord): boolean {
    const within = this.#rulesOf(agent)?.confirmWithinMs ?? 0
    return Math.abs(Date.parse(time) - Date.parse(event.at)) > within - 2_500 // clocks differ by two seconds
  }

  #rulesOf(agent: AgentId): Ruleset | null {
    const profile = this.#agents.get(agent)?.profile ?? null
    const [rules] = this.#rules
    return rules === undefined ? null : rulesetOf(rules, profile)
  }

  /** R23. A reading may find that they were away and back unheard: then there is one more try. */
  #triedAgain(seen: Seen, side: Side, { user, status }: Call): string | null {
    if (seen.refused[side] !== status) return null
    const person = this.#world?.platforms[side].person(user)
    if (person?.hasUnheard) {
      person.hasUnheard = false
      return null
    }
    return `${status} on ${side} was refused and is tried again`
  }

  #notOnDisk({ entry, at }: Written): string | null {
    const world = this.#world
    if (world === null || world.disk.has(entry.seq)) return null
    const told = world.runtime?.bridge.journalOk() === false || this.#troubleAt >= at
    return told ? null : `decision ${entry.seq} is not on the disk, and its write goes out`
  }

  #now(): number {
    return this.#world?.clock.now() ?? 0
  }
}

function newSeen(profile: string | null): Seen {
  return {
    profile,
    forgot: false,
    entries: [],
    written: { crm: null, telephony: null },
    inARow: { crm: 0, telephony: 0 },
    recent: { crm: [OFFLINE], telephony: [OFFLINE] },
    writes: [],
    frozenUntil: Number.POSITIVE_INFINITY,
    touchedAt: { crm: 0, telephony: 0 },
    refused: { crm: null, telephony: null },
  }
}

function remember(recent: { -readonly [S in Side]: StatusId[] }, side: Side, status: StatusId): void {
  recent[side] = [...recent[side].filter((s) => s !== status), status].slice(-RECENT_MAX)
}
