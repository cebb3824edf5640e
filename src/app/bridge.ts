// The host loop: takes what the platforms report, one agent at a time, lets the engine decide, records the decision
// and only then hands its writes to the outbox. Nothing here knows a vendor, and nothing is decided here.

import type { DecisionSeq, OutcomeEntry } from '../domain/journal.ts'
import { INBOX_MAX } from '../domain/limits.ts'
import type { Settlement, Write } from '../domain/outbox.ts'
import type { Reading, Report } from '../domain/report.ts'
import type { Rules } from '../domain/rules.ts'
import { type BySide, SIDES, type Side, type StatusId } from '../domain/side.ts'
import type { Input } from '../engine/input.ts'
import { reportsOf } from '../engine/reading.ts'
import { dueTimer, markSent, revive } from '../engine/state.ts'
import { type Step, step } from '../engine/step.ts'
import { liveWrite } from '../engine/turn.ts'
import type { AgentEntry } from './agents.ts'
import { rulesetOf } from './agents.ts'
import type { BridgeDeps } from './bridge-ports.ts'
import { type Committer, createCommitter } from './committer.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import { createEchoWatch, type EchoWatch } from './echo-watch.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { recordOf } from './record.ts'
import { parseState } from './stored-state.ts'
import { planWake } from './wakes.ts'

type Item =
  /** Due timers fire before and after everything else about an agent; this is for when there is nothing else. */
  | { readonly kind: 'wake'; readonly entry: AgentEntry }
  | { readonly kind: 'input'; readonly entry: AgentEntry; readonly input: Input; readonly what: string | null }
  | {
      readonly kind: 'reading'
      readonly entry: AgentEntry
      readonly side: Side
      readonly reading: Reading
      readonly begunAt: number
    }

export class Bridge {
  readonly #deps: BridgeDeps
  readonly #committer: Committer
  readonly #ledger: Ledger
  readonly #inbox: Item[] = []
  /** Reports that came before everybody's sides were read. */
  #early: { side: Side; entry: AgentEntry; report: Report; heardAt: number }[] | null = []
  #draining = false
  /** How long the next batch waits for company. */
  #gapMs = 0
  readonly #echoes: EchoWatch<{ entry: AgentEntry; side: Side; seq: DecisionSeq }>
  #stopped = false
  #rules: Rules
  #seq: DecisionSeq
  readonly #dispatch: Dispatch

  constructor(deps: BridgeDeps) {
    this.#deps = deps
    this.#rules = deps.rules
    this.#seq = deps.journal.lastSeq()
    const { clock, journal, log } = deps
    this.#committer = createCommitter({ journal, clock, log, committed: (s) => deps.observer.committed(s) })
    const settled = (outcome: OutcomeEntry) => {
      this.#committer.outcome(outcome)
      deps.observer.outcome(outcome)
    }
    this.#ledger = createLedger({ clock, finished: (entry) => deps.observer.finished(entry), settled })
    const superseded = (write: Write) => this.#ledger.outcome(write.seq, write.side, 'superseded')
    this.#dispatch = createDispatch({
      outbox: deps.outbox,
      commit: () => this.#committer.commit(false),
      superseded,
      pace: deps.pace,
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

  depth(): number {
    return this.#inbox.length + (this.#early?.length ?? 0)
  }

  /** Takes up what the journal remembers. Before `begin`. */
  restore(): void {
    for (const [agent, text] of this.#deps.journal.states()) {
      const entry = this.#deps.agents.byName(agent)
      const state = parseState(text)
      if (state === null) {
        this.#deps.log.error(
          { code: 'state_unreadable', agent },
          'A stored agent state cannot be read; the platforms are asked instead',
        )
      } else if (entry !== undefined) {
        entry.state = revive(state)
        entry.started = true
      }
    }
  }

  /** R21: everybody's sides as they were read first; from here on the bridge decides. */
  begin(readings: BySide<{ readonly of: ReadonlyMap<string, Reading>; readonly begunAt: number }>): void {
    for (const entry of this.#deps.agents.all) {
      const crm = readings.crm.of.get(entry.member.users.crm)
      const telephony = readings.telephony.of.get(entry.member.users.telephony)
      if (crm === undefined || telephony === undefined) continue
      if (entry.started)
        this.#resume(entry, { crm, telephony }, { crm: readings.crm.begunAt, telephony: readings.telephony.begunAt })
      else this.#push({ kind: 'input', entry, input: { kind: 'start', readings: { crm, telephony } }, what: null })
      entry.started = true
    }
    const early = this.#early ?? []
    this.#early = null
    for (const { side, entry, report, heardAt } of early) {
      // A reading is newer than every report that arrived before it began.
      if (heardAt >= readings[side].begunAt) this.heard(side, entry, report)
    }
    this.#schedule()
  }

  #resume(entry: AgentEntry, readings: BySide<Reading>, begunAt: BySide<number>): void {
    // What only shows an own write of before goes first, so that what follows is decided about what is shown now.
    const isEcho = (side: Side) => entry.state[side].own.some((write) => write.status === readings[side].status)
    const when = (side: Side) => (isEcho(side) ? 0 : readings[side].stamp.at)
    const order = [...SIDES].sort((a, b) => when(a) - when(b))
    for (const side of order)
      this.#push({ kind: 'reading', entry, side, reading: readings[side], begunAt: begunAt[side] })
    const input = { kind: 'compare', side: null, sentBefore: this.#deps.clock.now(), taken: 'lost' } as const
    this.#push({ kind: 'input', entry, input, what: null })
  }

  /** Something was heard from a platform's stream. */
  heard(side: Side, entry: AgentEntry, report: Report): void {
    if (this.#early !== null && this.#early.length >= INBOX_MAX) this.#deps.overflow()
    else if (this.#early !== null) this.#early.push({ side, entry, report, heardAt: this.#deps.clock.now() })
    else if (entry.started)
      this.#push({ kind: 'input', entry, input: { kind: 'report', side, report, begunAt: null }, what: null })
  }

  /** R22: not believed yet. */
  suspect(side: Side, entry: AgentEntry): void {
    this.#push({ kind: 'input', entry, input: { kind: 'suspect', side }, what: null })
  }

  /**
   * R20: a reading of one side, followed by a look at what still differs. Where the link was lost, writes of which nothing was heard are
   * lost; otherwise those that had `confirm_within` were ignored (R17).
   */
  read(side: Side, entry: AgentEntry, args: { reading: Reading; begunAt: number; lost: boolean }): void {
    if (!entry.started) return
    this.#push({ kind: 'reading', entry, side, reading: args.reading, begunAt: args.begunAt })
    const sentBefore = args.lost ? args.begunAt : args.begunAt - entry.rules.confirmWithinMs
    const taken = args.lost ? 'lost' : 'ignored'
    this.#push({ kind: 'input', entry, input: { kind: 'compare', side, sentBefore, taken }, what: null })
  }

  /** R25. `what` says who paused and why; null resumes. */
  pause(entry: AgentEntry, what: string | null, sentence: string): void {
    if (what !== null) entry.paused = what
    else entry.paused = null
    this.#push({
      kind: 'input',
      entry,
      input: { kind: 'compare', side: null, sentBefore: this.#deps.clock.now(), taken: 'lost' },
      what: sentence,
    })
  }

  release(entry: AgentEntry, sentence: string): void {
    this.#push({ kind: 'input', entry, input: { kind: 'release' }, what: sentence })
  }

  /** R26: for all agents at one instant. */
  reload(rules: Rules): void {
    this.#drain()
    this.#rules = rules
    for (const entry of this.#deps.agents.all) {
      entry.rules = rulesetOf(rules, entry.member.profile)
      if (entry.started) this.#push({ kind: 'input', entry, input: { kind: 'reload' }, what: null })
    }
    this.#drain()
  }

  sending(write: Write): void {
    const entry = this.#deps.agents.byName(write.agent)
    if (entry === undefined) return
    entry.state = markSent(entry.state, { side: write.side, seq: write.seq, now: this.#deps.clock.now() })
  }

  settled(write: Write, settlement: Settlement): void {
    if (settlement.kind === 'sent') {
      this.#ledger.outcome(write.seq, write.side, 'sent')
      this.#expectEcho(write)
      return
    }
    const { side, seq } = write
    const entry = this.#deps.agents.byName(write.agent)
    const wanted = entry?.state[side].own.some((w) => w.seq === seq && !w.superseded) ?? false
    this.#ledger.outcome(seq, side, wanted ? settlement.kind : 'superseded', settlement.words)
    if (entry === undefined || !wanted) return // its echo may still come, so the engine goes on remembering it
    const input: Input = { kind: 'write', side, seq, outcome: settlement.kind, words: settlement.words }
    this.#push({ kind: 'input', entry, input, what: null })
  }

  /** R17: what is not reported back in time is read back. */
  #expectEcho({ agent, side, seq }: Write): void {
    const entry = this.#deps.agents.byName(agent)
    if (entry === undefined || liveWrite(entry.state[side])?.seq !== seq) return
    this.#echoes.expect({ entry, side, seq }, entry.rules.confirmWithinMs)
  }

  /** Decides what has come in, commits, and prints what is open with what is known. Nothing is taken in afterwards. */
  stop(): void {
    this.#drain()
    this.#stopped = true
    this.#committer.commit(true)
    this.#ledger.close()
    this.#committer.commit(true)
    this.#endTimers()
  }

  /** As if the process had been killed: what is not committed is lost. */
  abandon(): void {
    this.#stopped = true
    this.#committer.abandon()
    this.#endTimers()
  }

  #endTimers(): void {
    this.#echoes.stop()
    for (const entry of this.#deps.agents.all) entry.wake?.cancel()
  }

  #push(item: Item): void {
    if (this.#stopped) return
    if (this.#inbox.length >= INBOX_MAX) {
      this.#deps.overflow()
      return
    }
    this.#inbox.push(item)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#draining || this.#early !== null) return
    this.#draining = true
    const { clock } = this.#deps
    if (this.#gapMs > 0) clock.after(this.#gapMs, () => this.#drain())
    else clock.soon(() => this.#drain())
  }

  #drain(): void {
    this.#draining = false
    if (this.#stopped || this.#early !== null) return
    let next = 0
    while (next < this.#inbox.length) {
      const item = this.#inbox[next]
      next += 1
      if (item !== undefined) this.#take(item)
      if (this.#committer.full()) break
    }
    this.#inbox.splice(0, next)
    this.#gapMs = this.#dispatch.send()
    if (this.#inbox.length > 0) this.#schedule()
  }

  #take(item: Item): void {
    const { entry } = item
    this.#fireTimers(entry)
    if (item.kind === 'input') {
      this.#decide(entry, item.input, item.what)
    } else if (item.kind === 'reading') {
      const { side, begunAt } = item
      for (const report of reportsOf(entry.state, side, item.reading, begunAt)) {
        this.#decide(entry, { kind: 'report', side, report, begunAt }, null)
      }
    }
    this.#fireTimers(entry)
    planWake(entry, this.#deps.clock, () => this.#push({ kind: 'wake', entry }))
  }

  #fireTimers(entry: AgentEntry): void {
    while (dueTimer(entry.state, this.#deps.clock.now()) !== null) this.#decide(entry, { kind: 'timer' }, null)
  }

  #decide(entry: AgentEntry, input: Input, what: string | null): void {
    const { clock, observer } = this.#deps
    const now = clock.now()
    const seq = this.#seq + 1
    const before: StatusId | null = input.kind === 'report' ? entry.state[input.side].observed : null
    const writing = !this.#deps.shadow && entry.rules.mode === 'live' && entry.paused === null
    const result = step({ state: entry.state, input, rules: entry.rules, now, seq, writing })
    entry.state = result.state
    if (input.kind === 'report' && before !== entry.state[input.side].observed) this.#dispatch.seen(entry, input.side)
    this.#committer.changed(entry, result.orders.length > 0)
    if (result.confirmed !== null) this.#confirmed(result.confirmed)
    if (result.verdicts.length > 0 || what !== null) {
      this.#seq = seq
      entry.decidedAt = now
      const record = recordOf({ entry, input, step: result, rules: this.#rules, now, before, what })
      this.#committer.decided({ seq, record })
      this.#ledger.open(seq, record, now)
      observer.decided({ seq, record })
      this.#dispatch.collect(entry, result.orders, { seq, record, now })
    } else {
      this.#dispatch.collect(entry, result.orders, null)
    }
  }

  #confirmed(write: NonNullable<Step['confirmed']>): void {
    this.#ledger.outcome(write.seq, write.side, 'confirmed')
  }
}
