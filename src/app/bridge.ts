// The host loop: takes what the platforms report, one agent at a time, lets the engine decide, records the decision
// and only then hands its writes to the outbox. Nothing here knows a vendor, and nothing is decided here.

import type { HistoryBatch, OutcomeEntry } from '../domain/journal.ts'
import { INBOX_MAX } from '../domain/limits.ts'
import type { Settlement, Write } from '../domain/outbox.ts'
import type { DecisionSeq, LogRecord } from '../domain/record.ts'
import type { Reading, Report } from '../domain/report.ts'
import type { Rules } from '../domain/rules.ts'
import { type AgentId, type BySide, SIDES, type Side } from '../domain/side.ts'
import type { Input } from '../engine/input.ts'
import { markSent, markTaken, markTurnedAway, revive } from '../engine/state.ts'
import { liveWrite } from '../engine/turn.ts'
import type { AgentEntry } from './agents.ts'
import { rulesetOf } from './agents.ts'
import type { BridgeDeps } from './bridge-ports.ts'
import { type Committer, createCommitter } from './committer.ts'
import { createDecider, type Decider } from './decider.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import { createEchoWatch, type EchoWatch } from './echo-watch.ts'
import { createExposureWatch, type ExposureWatch } from './exposure.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { PAUSED, pausedOf, pausedText } from './paused.ts'
import { sentence } from './sentence.ts'
import { parseState } from './stored-state.ts'
import { createTake, type Item } from './take.ts'

export class Bridge {
  readonly #deps: BridgeDeps
  readonly #committer: Committer
  readonly #ledger: Ledger
  readonly #inbox: Inbox<Item>
  /** Reports that came before everybody's sides were read. */
  #early: { side: Side; entry: AgentEntry; report: Report; heardAt: number }[] | null = []
  readonly #echoes: EchoWatch<{ entry: AgentEntry; side: Side; seq: DecisionSeq }>
  #stopped = false
  #rules: Rules
  readonly #dispatch: Dispatch
  readonly #decider: Decider
  readonly #exposures: ExposureWatch

  constructor(deps: BridgeDeps) {
    this.#deps = deps
    this.#rules = deps.rules
    const { clock, journal, log } = deps
    this.#committer = createCommitter({ journal, clock, log, committed: (s) => deps.observer.committed(s) })
    const settled = (outcome: OutcomeEntry, record: LogRecord) => {
      this.#committer.outcome(outcome)
      deps.observer.outcome(outcome, record)
    }
    const waiting = (outcome: OutcomeEntry) => this.#committer.outcome(outcome)
    this.#ledger = createLedger({ clock, finished: (entry) => deps.observer.finished(entry), settled, waiting })
    const superseded = (write: Write) => this.#ledger.outcome(write.seq, write.side, 'superseded')
    this.#dispatch = createDispatch({
      outbox: deps.outbox,
      durable: () => this.#committer.durable(false),
      superseded,
    })
    const { shadow, observer } = deps
    this.#exposures = createExposureWatch({ clock, shadow, told: (exposed) => observer.exposed(exposed) })
    this.#decider = createDecider({
      bridge: deps,
      rules: () => this.#rules,
      lastSeq: journal.lastSeq(),
      committer: this.#committer,
      dispatch: this.#dispatch,
      ledger: this.#ledger,
      exposures: this.#exposures,
    })
    this.#inbox = createInbox({
      clock,
      take: createTake({ clock, decider: this.#decider, wake: (entry) => this.#push({ kind: 'wake', entry }) }),
      taken: () => this.#dispatch.send(),
      full: () => this.#committer.full(),
      durable: (everything) => this.#committer.durable(everything),
      overflow: deps.overflow,
    })
    this.#echoes = createEchoWatch({
      clock,
      late: ({ entry, side, seq }) => {
        if (liveWrite(entry.state[side])?.seq === seq) deps.readBack(side, entry)
      },
    })
  }

  get rules(): Rules {
    return this.#rules
  }

  /** Whether the last commit worked. */
  journalOk(): boolean {
    return this.#committer.ok()
  }

  /** Small memory that is committed with the next decisions. */
  mark(key: string, value: string): void {
    this.#committer.mark(key, value)
  }

  /** For those who read the journal; committed with the next decisions. */
  keep(history: Partial<HistoryBatch>): void {
    this.#committer.keep(history)
  }

  /** Tells the observer of exposures that go on, up to now. */
  tellExposures(): void {
    this.#exposures.tick()
  }

  depth(): number {
    return this.#inbox.depth() + (this.#early?.length ?? 0)
  }

  /** Takes up what the journal remembers. Before `begin`. */
  restore(): void {
    const paused = pausedOf(this.#deps.journal.mark(PAUSED))
    for (const entry of this.#deps.agents.all) entry.paused = paused.get(entry.member.agent) ?? null
    for (const [agent, text] of this.#deps.journal.states()) {
      const entry = this.#deps.agents.byName(agent)
      const state = parseState(text)
      if (state === null) {
        const sentence = 'A stored agent state cannot be read; the platforms are asked instead'
        this.#deps.log.error({ code: 'state_unreadable', agent }, sentence)
      } else if (entry !== undefined) {
        entry.state = revive(state)
        entry.started = true
      }
    }
  }

  /** The journal lost what it had: everything that is known is stored anew. */
  storeAll(): void {
    for (const entry of this.#deps.agents.all) this.store(entry)
    this.mark(PAUSED, pausedText(this.#deps.agents.all))
  }

  /** What is remembered of this person is stored anew. */
  store(entry: AgentEntry): void {
    if (entry.started) this.#committer.changed(entry, true)
  }

  /** Resolves when all that was decided is on the disk, or at once while the journal cannot be written. */
  flush(): Promise<void> {
    return this.#committer.durable(true)
  }

  /** Somebody who is not kept in step did something. */
  note(record: LogRecord): void {
    if (!this.#stopped) this.#decider.note(record)
  }

  /** Something is done about this person, or a work item of theirs, that the engine has no say in. Resolves when its record is on the disk. */
  async recorded(
    { member }: AgentEntry,
    about: {
      readonly what: string
      readonly work?: { readonly side: Side; readonly item: string; readonly channel: string | null }
    },
  ): Promise<void> {
    const time = new Date(this.#deps.clock.now()).toISOString()
    const { what, work } = about
    const { channel = null, ...item } = work ?? {}
    const event = { kind: 'admin', ...item, ...(channel === null ? {} : { channel }), what, at: time } as const
    const told = sentence({ name: member.name, event, decisions: [], overlaps: [] })
    const none = { decisions: [], writes: [], mapping: this.#rules.hash }
    this.note({ time, agent: member.agent, event, ...none, sentence: told })
    await this.#committer.durable(false)
  }

  /** R21: everybody's sides as they were read first; from here on the bridge decides. Resolves when what it makes of them is on the disk. */
  async begin(
    readings: BySide<{ readonly of: ReadonlyMap<string, Reading>; readonly begunAt: number }>,
  ): Promise<void> {
    for (const entry of this.#deps.agents.all) {
      const crm = readings.crm.of.get(entry.member.users.crm)
      const telephony = readings.telephony.of.get(entry.member.users.telephony)
      if (crm === undefined || telephony === undefined) continue
      if (entry.started) {
        const taken = {
          crm: { reading: crm, begunAt: readings.crm.begunAt },
          telephony: { reading: telephony, begunAt: readings.telephony.begunAt },
        }
        this.#push({ kind: 'resume', entry, taken })
      } else this.#input(entry, { kind: 'start', readings: { crm, telephony } })
      entry.started = true
    }
    const early = this.#early ?? []
    this.#early = null
    this.#inbox.open()
    for (const { side, entry, report, heardAt } of early) {
      // A reading is newer than every report that arrived before it began.
      if (heardAt > readings[side].begunAt) this.heard(side, entry, report, heardAt)
    }
    await this.#inbox.settle()
  }

  /** Something was heard from a platform's stream. */
  heard(side: Side, entry: AgentEntry, report: Report, heardAt = this.#deps.arrivals.next()): void {
    if (this.#early !== null && this.#early.length >= INBOX_MAX) this.#deps.overflow()
    else if (this.#early !== null) this.#early.push({ side, entry, report, heardAt })
    else if (entry.started) this.#input(entry, { kind: 'report', side, report, begunAt: null, heardAt })
  }

  /** R22: not believed yet. */
  suspect(side: Side, entry: AgentEntry): void {
    this.#input(entry, { kind: 'suspect', side })
  }

  /**
   * R20: a reading of one side, followed by a look at what still differs. Where the link was lost, writes of which nothing was heard are
   * lost; otherwise those that had `confirm_within` were ignored (R17).
   */
  read(side: Side, entry: AgentEntry, args: { reading: Reading; begunAt: number; lost: boolean }): void {
    if (!entry.started) return
    this.#push({ kind: 'reading', entry, side, taken: args })
    const sentBefore = args.lost ? args.begunAt : args.begunAt - entry.rules.confirmWithinMs
    const taken = args.lost ? 'lost' : 'ignored'
    this.#input(entry, { kind: 'compare', side, sentBefore, taken })
  }

  /** R25. `what` says who paused and why, or null: nothing is written for them, or again what differs. Kept over restarts. */
  pause(entries: readonly AgentEntry[], what: string | null, sentence: string): void {
    for (const entry of entries) {
      if (what === null && entry.faulty) for (const side of SIDES) this.#deps.readBack(side, entry)
      entry.faulty = false
      entry.paused = what
      this.#lookAgain(entry, sentence)
    }
    this.mark(PAUSED, pausedText(this.#deps.agents.all))
  }

  release(entry: AgentEntry, sentence: string): void {
    this.#input(entry, { kind: 'release' }, sentence)
  }

  /** R26: for all agents at one instant; those who are not named keep their profile. */
  reload(rules: Rules, profiles: ReadonlyMap<AgentId, string | null> = new Map(), what: string | null = null): void {
    this.#inbox.drain()
    this.#rules = rules
    for (const entry of this.#deps.agents.all) {
      entry.profile = profiles.get(entry.member.agent) ?? (profiles.has(entry.member.agent) ? null : entry.profile)
      entry.rules = rulesetOf(rules, entry.profile)
      if (entry.started) this.#input(entry, { kind: 'reload' }, what)
    }
    this.#inbox.drain()
  }

  sending(write: Write): void {
    const entry = this.#deps.agents.byName(write.agent)
    if (entry === undefined) return
    entry.state = markSent(entry.state, { side: write.side, seq: write.seq, now: this.#deps.clock.now() })
    this.#deps.observer.touched(write.agent)
  }

  untaken(write: Write): void {
    const entry = this.#deps.agents.byName(write.agent)
    if (entry === undefined) return
    entry.state = markTurnedAway(entry.state, write)
    this.#exposures.look(entry)
    this.#deps.observer.touched(write.agent)
  }

  /** The platform does not take it now, in its words. */
  waits(write: Write, words: string): void {
    this.#ledger.waits(write.seq, write.side, words)
  }

  settled(write: Write, settlement: Settlement): void {
    if (settlement.kind === 'sent') {
      const entry = this.#deps.agents.byName(write.agent)
      if (entry !== undefined) entry.state = markTaken(entry.state, write)
      this.#ledger.outcome(write.seq, write.side, 'sent')
      this.#expectEcho(write)
      return
    }
    const { side, seq } = write
    const entry = this.#deps.agents.byName(write.agent)
    const wanted = entry?.state[side].own.some((w) => w.seq === seq && !w.superseded) ?? false
    this.#ledger.outcome(seq, side, wanted ? settlement.kind : 'superseded', settlement.words)
    if (entry === undefined || !wanted) return // its echo may still come, so the engine goes on remembering it
    this.#input(entry, { kind: 'write', side, seq, outcome: settlement.kind, words: settlement.words })
  }

  /** R17: what is not reported back in time is read back. */
  #expectEcho({ agent, side, seq }: Write): void {
    const entry = this.#deps.agents.byName(agent)
    if (entry === undefined || liveWrite(entry.state[side])?.seq !== seq) return
    this.#echoes.expect({ entry, side, seq }, entry.rules.confirmWithinMs)
  }

  /** Decides what has come in, commits, and prints what is open with what is known. Nothing is taken in afterwards. */
  async stop(): Promise<void> {
    await this.#inbox.settle()
    this.#stopped = true
    this.#inbox.stop()
    this.#endTimers()
    this.#ledger.close()
    await this.#committer.close()
  }

  /** As if the process had been killed: what is not committed is lost. */
  abandon(): void {
    this.#stopped = true
    this.#inbox.stop()
    this.#dispatch.stop()
    this.#committer.abandon()
    this.#endTimers()
  }

  #endTimers(): void {
    this.#echoes.stop()
    for (const entry of this.#deps.agents.all) entry.wake?.cancel()
  }

  #input(entry: AgentEntry, input: Input, what: string | null = null): void {
    this.#push({ kind: 'input', entry, input, what })
  }

  /** Looks again at what still differs, whatever was under way. */
  #lookAgain(entry: AgentEntry, what: string | null = null): void {
    this.#input(entry, { kind: 'compare', side: null, sentBefore: this.#deps.clock.now(), taken: 'lost' }, what)
  }

  #push(item: Item): void {
    if (!this.#stopped) this.#inbox.push(item)
  }
}
