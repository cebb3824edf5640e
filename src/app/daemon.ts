// The composition: settings in, a running bridge out. One straight line up, and the same line down in reverse.

import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import type { Clock } from '../domain/clock.ts'
import type { Finding } from '../domain/finding.ts'
import type { JournalEntry } from '../domain/journal.ts'
import { STUCK_BLOCK_MS } from '../domain/limits.ts'
import type { Log } from '../domain/log.ts'
import { CannotListen, type Catalogue, type PlatformAdapter } from '../domain/platform.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import type { KeptJournal } from '../journal/kept-journal.ts'
import { openSqliteJournal } from '../journal/sqlite-journal.ts'
import { loadMapping } from '../mapping/compile.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { matchPeople } from '../mapping/people.ts'
import { createMetrics, type Metrics } from '../ops/metrics.ts'
import { createOpsServer } from '../ops/server.ts'
import { createAdapters } from './adapters.ts'
import type { Member } from './agents.ts'
import { createHealth, type Health } from './health.ts'
import { observe } from './observer.ts'
import { createOpsStatus } from './ops-status.ts'
import { untilItWorks } from './patience.ts'
import { Runtime } from './runtime.ts'
import type { Settings } from './settings.ts'

/** The bridge cannot run like this; the message is a sentence for whoever starts it. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
  readonly findings: readonly Finding[]

  constructor(message: string, findings: readonly Finding[] = []) {
    super(message)
    this.findings = findings
  }
}

type Reloaded = { readonly ok: true; readonly agents: number } | { readonly ok: false; readonly error: string }

export type DaemonDeps = {
  readonly settings: Settings
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  /** Gets each decision once, when its writes are settled. */
  readonly sync: (entry: JournalEntry) => void
  readonly version: string
}

const PRUNE_EVERY_MS = 3_600_000
const PRUNE_ROWS = 5_000
/** Between two slices: other work comes first. */
const PRUNE_PAUSE_MS = 1_000

export class Daemon {
  readonly #deps: DaemonDeps
  readonly #over = new AbortController()
  /** What to do on the way down, the last thing first. */
  readonly #downs: (() => Promise<void> | void)[] = []
  readonly #health: Health
  readonly #metrics: Metrics = createMetrics()
  readonly #followers = new Set<(entry: JournalEntry) => void>()
  #journal: KeptJournal | null = null
  #runtime: Runtime | null = null
  #catalogue: BySide<Catalogue> | null = null
  #adapters: BySide<PlatformAdapter> | null = null
  #opsUrl = ''

  constructor(deps: DaemonDeps) {
    this.#deps = deps
    this.#health = createHealth({ clock: deps.clock, journalOk: () => this.#runtime?.bridge.journalOk() ?? true })
  }

  get opsUrl(): string {
    return this.#opsUrl
  }

  /** Everything that must work at once: mapping file, journal, ports. Throws CannotStart; nothing stays open then. */
  async open(): Promise<void> {
    const { settings, log } = this.#deps
    try {
      trust(settings.authorities)
      this.#loadMapping(null)
      const replaced = () => this.#runtime?.bridge.storeAll()
      const journal = await openSqliteJournal({ path: settings.journal.path, log, replaced })
      this.#journal = journal
      this.#downs.push(() => journal.close())
      await this.#openOps()
      this.#openAdapters(journal)
    } catch (error) {
      await this.stop()
      throw error instanceof CannotStart ? error : new CannotStart(wordsOf(error))
    }
  }

  /**
   * Reads the platforms' set-up and both sides, and runs the bridge; tries until it works. Resolves when the bridge decides.
   * Rejects with CannotStart where the live platforms show that the mapping file is wrong.
   */
  async run(): Promise<void> {
    const adapters = this.#adapters
    const journal = this.#journal
    if (adapters === null || journal === null) throw new CannotStart('The bridge was not opened')
    const [crm, telephony] = await Promise.all([this.#catalogueOf(adapters.crm), this.#catalogueOf(adapters.telephony)])
    this.#catalogue = { crm, telephony }
    const mapping = this.#loadMapping(this.#catalogue)
    const members = await this.#matchMembers(adapters, mapping)
    const { settings, clock, random, log } = this.#deps
    const runtime = new Runtime({
      members,
      rules: mapping.rules,
      adapters,
      journal,
      clock,
      random,
      log,
      observer: observe({
        metrics: this.#metrics,
        health: this.#health,
        finished: (entry) => this.#finished(entry),
        log,
      }),
      shadow: settings.shadow,
      resyncEveryMs: settings.resyncEveryMs,
    })
    this.#runtime = runtime
    this.#downs.push(() => runtime.stop())
    await runtime.start().catch((error: unknown) => {
      throw error instanceof CannotListen ? new CannotStart(error.message) : error
    })
    log.info({ code: 'running', agents: members.length, mapping: mapping.rules.hash }, 'The bridge runs')
    this.#prune(journal, PRUNE_PAUSE_MS)
  }

  /** Stop reading, finish or park what is being written, close. */
  async stop(): Promise<void> {
    this.#over.abort()
    for (const down of this.#downs.splice(0).reverse()) await down()
  }

  /**
   * R26: a new mapping takes effect for all agents at one instant, or not at all; the sentence says why not. The platforms' statuses are read
   * anew, so that what was renamed or removed there is known; where that cannot be done now, those that were known are used.
   */
  async reload(): Promise<Reloaded> {
    const { log } = this.#deps
    if (this.#runtime === null || this.#catalogue === null) return { ok: false, error: 'The bridge has not begun yet' }
    try {
      this.#catalogue = await this.#newestCatalogue(this.#catalogue)
      const mapping = this.#loadMapping(this.#catalogue)
      this.#runtime.bridge.reload(mapping.rules)
      log.info({ code: 'reloaded', mapping: mapping.rules.hash }, 'A new mapping took effect')
      return { ok: true, agents: this.#runtime.agents.all.length }
    } catch (error) {
      log.error(
        { code: 'reload_refused', why: wordsOf(error) },
        'The mapping file was not taken; the old rules stay in force',
      )
      return { ok: false, error: wordsOf(error) }
    }
  }

  async #newestCatalogue(known: BySide<Catalogue>): Promise<BySide<Catalogue>> {
    const { log } = this.#deps
    const newest = async (side: Side): Promise<Catalogue> => {
      try {
        return (await this.#adapters?.[side].catalogue()) ?? known[side]
      } catch (error) {
        log.warn({ code: 'catalogue_old', side, why: wordsOf(error) }, 'The statuses could not be read anew')
        return known[side]
      }
    }
    const [crm, telephony] = await Promise.all([newest('crm'), newest('telephony')])
    return { crm, telephony }
  }

  #loadMapping(catalogue: BySide<Catalogue> | null): Mapping {
    const { settings, log } = this.#deps
    const file = settings.mappings
    const text = orCannotStart(() => readFileSync(file, 'utf8'), `The mapping file ${file} cannot be read`)
    const { findings, mapping } = loadMapping(text, { file, ...(catalogue === null ? {} : { catalogue }) })
    if (mapping === null) {
      const first = findings.find((f) => f.severity === 'error')
      const where = first === undefined ? '' : `: line ${first.line}: ${first.message}`
      throw new CannotStart(`The mapping file ${file} has errors${where}`, findings)
    }
    if (catalogue !== null) {
      for (const f of findings) log.warn({ code: f.code, line: f.line, hint: f.hint }, f.message)
    }
    return mapping
  }

  async #openOps(): Promise<void> {
    const { settings, log } = this.#deps
    const status = createOpsStatus({
      settings,
      version: this.#deps.version,
      runtime: () => this.#runtime,
      adapters: () => this.#adapters,
      journal: () => this.#journal,
      health: this.#health,
      followers: this.#followers,
      reload: () => this.reload(),
    })
    const { listen, token } = settings.ops
    const server = createOpsServer({ listen, token, metrics: this.#metrics, status, log, clock: this.#deps.clock })
    this.#downs.push(() => server.stop())
    this.#opsUrl = (await server.start()).url
    this.#metrics.onScrape(() => this.#sample())
  }

  #openAdapters(journal: KeptJournal): void {
    const { settings, clock, log } = this.#deps
    const marks = {
      get: (key: string) => journal.mark(key),
      set: (key: string, value: string) => this.#runtime?.bridge.mark(key, value),
    }
    const adapters = createAdapters({ settings, clock, log, marks })
    this.#adapters = adapters
    for (const side of SIDES) this.#downs.push(() => adapters[side].stop())
  }

  #catalogueOf(adapter: PlatformAdapter): Promise<Catalogue> {
    return this.#patiently(adapter.side, `reading the statuses of ${adapter.title}`, () => adapter.catalogue())
  }

  async #matchMembers(adapters: BySide<PlatformAdapter>, mapping: Mapping): Promise<readonly Member[]> {
    const { log } = this.#deps
    const roster = (adapter: PlatformAdapter) =>
      this.#patiently(adapter.side, `reading the people of ${adapter.title}`, () => adapter.roster())
    const [crm, telephony] = await Promise.all([roster(adapters.crm), roster(adapters.telephony)])
    const { agents, unmatched } = matchPeople({ crm, telephony }, mapping.matching)
    for (const { side, name, why } of unmatched) {
      log.debug({ code: 'unmatched', side, person: name, why }, 'Somebody is not kept in step')
    }
    const counts = { agents: agents.length, unmatched: unmatched.length, crm: crm.length, telephony: telephony.length }
    if (agents.length === 0)
      log.warn({ code: 'nobody', ...counts }, 'Nobody was found on both sides; see agents.match_by in the mapping file')
    else log.info({ code: 'people', ...counts }, 'People were matched; those in one system only are left alone')
    return agents.map(({ agent, users, name, email, profile }) => ({
      agent,
      users,
      name,
      aliases: email === null ? [] : [email],
      profile,
    }))
  }

  #patiently<T>(side: Side, what: string, run: () => Promise<T>): Promise<T> {
    const { clock, random, log } = this.#deps
    const failed = (why: string | null) => this.#health.read(side, why ?? 'not read yet')
    return untilItWorks({ clock, random, log, signal: this.#over.signal }, { what, run, failed })
  }

  #finished(entry: JournalEntry): void {
    this.#deps.sync(entry)
    for (const follower of this.#followers) follower(entry)
  }

  #sample(): void {
    const runtime = this.#runtime
    if (runtime === null) return
    this.#metrics.outboxDepth(runtime.outbox.depth())
    this.#metrics.inboxDepth(runtime.bridge.depth())
    this.#metrics.agents(runtime.agents.all.length)
    this.#metrics.journalUp(runtime.bridge.journalOk())
    for (const side of SIDES) {
      this.#metrics.agentsBlocked(side, runtime.blockedCount(side))
      this.#metrics.agentsStuck(side, runtime.blockedCount(side, STUCK_BLOCK_MS))
    }
  }

  /** What is older than journal.keep goes, a slice at a time. */
  #prune(journal: KeptJournal, afterMs: number): void {
    if (this.#over.signal.aborted) return
    const { clock } = this.#deps
    const cancel = clock.after(afterMs, () => void this.#pruneSlice(journal).then((wait) => this.#prune(journal, wait)))
    this.#over.signal.addEventListener('abort', cancel, { once: true })
  }

  /** Returns how long to wait before the next slice, ms. */
  async #pruneSlice(journal: KeptJournal): Promise<number> {
    const { clock, settings, log } = this.#deps
    try {
      const { keepMs, maxBytes } = settings.journal
      const gone = await journal.prune({ olderThanMs: clock.now() - keepMs, maxBytes, maxRows: PRUNE_ROWS })
      return gone === PRUNE_ROWS ? PRUNE_PAUSE_MS : PRUNE_EVERY_MS
    } catch (error) {
      log.warn({ code: 'prune_failed', why: wordsOf(error) }, 'Old decisions could not be removed')
      return PRUNE_EVERY_MS
    }
  }
}

/** Besides the system's authorities and NODE_EXTRA_CA_CERTS; for everything this process dials. */
function trust(authorities: readonly string[]): void {
  const system = [...tls.getCACertificates('default'), ...tls.getCACertificates('system')]
  tls.setDefaultCACertificates([...new Set([...system, ...authorities])])
}

function orCannotStart<T>(attempt: () => T, what?: string): T {
  try {
    return attempt()
  } catch (error) {
    throw new CannotStart(what === undefined ? wordsOf(error) : `${what}: ${wordsOf(error)}`)
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
