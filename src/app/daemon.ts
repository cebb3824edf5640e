// The composition: settings in, a running bridge out. One straight line up, and the same line down in reverse.

import { readFileSync } from 'node:fs'
import type { Clock } from '../domain/clock.ts'
import type { JournalEntry } from '../domain/journal.ts'
import type { Log } from '../domain/log.ts'
import { CannotListen, type Catalogue, type PlatformAdapter } from '../domain/platform.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import { type FileJournal, openSqliteJournal } from '../journal/sqlite-journal.ts'
import { type BuildInfo, createMetrics, type Metrics } from '../ops/metrics.ts'
import { createOpsServer } from '../ops/server.ts'
import { createAdapters } from './adapters.ts'
import { createBoard, type WatchedBoard } from './board.ts'
import { CannotStart, orCannotStart, wordsOf } from './cannot-start.ts'
import { ALIVE, type Chronicle, createChronicle, mappingEntry } from './chronicle.ts'
import { giveBlocksBack, isOverWithin } from './drain.ts'
import { createFigures, type Figures } from './figures.ts'
import { watchFile } from './file-watch.ts'
import { createForget } from './forget.ts'
import { createHealth, type Health } from './health.ts'
import { trust } from './live.ts'
import { mappingOf, NO_PROOF, readMapping } from './mapping-file.ts'
import { observe } from './observer.ts'
import { createOpsStatus } from './ops-status.ts'
import { untilItWorks } from './patience.ts'
import { createReloader, type Platforms, type Reloaded, type Reloader, type ReloadOutcome } from './reloader.ts'
import { keepWithin } from './retention.ts'
import { tellRights } from './rights.ts'
import { membersOf, type Roster } from './roster.ts'
import { Runtime } from './runtime.ts'
import { createScrape } from './scrape.ts'
import { type Settings, STOP_DEFAULT } from './settings.ts'
import { createStreamWatch, type StreamWatch } from './stream-watch.ts'

export type DaemonDeps = {
  readonly settings: Settings
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  /** Gets each decision once, when its writes are settled. */
  readonly sync: (entry: JournalEntry) => void
  readonly version: string
}

export class Daemon {
  readonly #deps: DaemonDeps
  readonly #over = new AbortController()
  /** What to do on the way down, the last thing first. */
  readonly #downs: (() => Promise<void> | void)[] = []
  readonly #health: Health
  readonly #metrics: Metrics = createMetrics()
  readonly #followers = new Set<(entry: JournalEntry) => void>()
  #journal: FileJournal | null = null
  #runtime: Runtime | null = null
  #platforms: Platforms | null = null
  #adapters: BySide<PlatformAdapter> | null = null
  readonly #reloader: Reloader
  readonly #chronicle: Chronicle
  readonly #figures: Figures
  readonly #board: WatchedBoard
  readonly #streams: StreamWatch
  #opsUrl = ''

  constructor(deps: DaemonDeps) {
    this.#deps = deps
    this.#health = createHealth({ clock: deps.clock, journalOk: () => this.#runtime?.bridge.journalOk() ?? true })
    const { clock, version } = deps
    this.#board = createBoard({ clock, shadow: deps.settings.shadow, agents: () => this.#runtime })
    this.#chronicle = createChronicle({
      clock,
      version,
      keep: (history) => this.#runtime?.bridge.keep(history),
      mark: (key, value) => this.#runtime?.bridge.mark(key, value),
    })
    this.#figures = createFigures({
      clock,
      minute: () => {
        this.#chronicle.alive()
        this.#runtime?.bridge.tellExposures()
      },
      keep: (figures) => this.#chronicle.figures(figures),
    })
    this.#streams = createStreamWatch({ clock, metrics: this.#metrics })
    this.#metrics.build(buildOf(version))
    this.#metrics.onScrape(
      createScrape({
        metrics: this.#metrics,
        clock,
        health: this.#health,
        streams: this.#streams,
        settings: deps.settings,
        runtime: () => this.#runtime,
        adapters: () => this.#adapters,
        journal: () => this.#journal?.history() ?? null,
      }),
    )
    this.#reloader = createReloader({
      file: deps.settings.mappings,
      log: deps.log,
      now: () => deps.clock.now(),
      told: (how) => this.#toldOfMapping(how),
      running: () => {
        const [runtime, platforms] = [this.#runtime, this.#platforms]
        return runtime === null || platforms === null || !runtime.begun ? null : { runtime, platforms }
      },
    })
  }

  get opsUrl(): string {
    return this.#opsUrl
  }

  /** Everything that must work at once: mapping file, journal, ports. Throws CannotStart; nothing stays open then. */
  async open(): Promise<void> {
    const { settings, log } = this.#deps
    try {
      trust(settings.authorities)
      readMapping({ file: settings.mappings })
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
    const { settings, clock, random, log } = this.#deps
    const [crm, telephony] = await Promise.all([this.#catalogueOf(adapters.crm), this.#catalogueOf(adapters.telephony)])
    const roster = await this.#rosterOf(adapters)
    const live = { file: settings.mappings, catalogue: { crm, telephony }, people: roster }
    const { mappings: file } = settings
    const text = orCannotStart(() => readFileSync(file, 'utf8'), `The mapping file ${file} cannot be read`)
    const mapping = mappingOf(text, { ...live, patience: NO_PROOF }, log)
    const members = membersOf(roster, mapping.matching, log)
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
        figures: this.#figures,
        health: this.#health,
        streams: this.#streams,
        finished: (entry) => this.#finished(entry),
        link: (side, up, why) => this.#chronicle.link(side, up, why),
        touched: (agent) => this.#board.touched(agent),
        log,
      }),
      shadow: settings.shadow,
      resyncEveryMs: settings.resyncEveryMs,
    })
    this.#runtime = runtime
    this.#platforms = { adapters, catalogue: { crm, telephony }, roster }
    this.#downs.push(() => runtime.stop())
    this.#downs.push(() => this.#chronicle.stopped())
    const { hash } = mapping.rules
    this.#chronicle.started({
      agents: runtime.agents.all,
      mapping: mappingEntry({ hash, file, text, catalogue: live.catalogue, now: clock.now() }),
      aliveUntil: aliveUntil(journal),
    })
    this.#figures.start()
    this.#downs.push(() => this.#figures.stop())
    await runtime.start().catch((error: unknown) => {
      throw error instanceof CannotListen ? new CannotStart(error.message) : error
    })
    log.info({ code: 'running', agents: members.length, mapping: mapping.rules.hash }, 'The bridge runs')
    void tellRights({ adapters, log })
    const { signal } = this.#over
    keepWithin({ ...settings.journal, journal, clock, log, signal })
    watchFile({ path: settings.mappings, clock, signal, changed: () => void this.#reloader.look() })
  }

  /** Stop reading, finish or park what is being written, close. False: that took too long, and something may be left open. */
  async stop(): Promise<boolean> {
    const { clock, settings } = this.#deps
    this.#health.stopping()
    return await isOverWithin(this.#goDown(), { clock, ms: (settings.stop ?? STOP_DEFAULT).withinMs })
  }

  async #goDown(): Promise<void> {
    const { clock, log, settings } = this.#deps
    const { withinMs, releaseBlocks } = settings.stop ?? STOP_DEFAULT
    const runtime = this.#runtime
    if (releaseBlocks && runtime?.begun) await giveBlocksBack({ runtime, clock, log, withinMs })
    this.#over.abort()
    for (const down of this.#downs.splice(0).reverse()) await down()
  }

  /** R26 */
  reload(): Promise<Reloaded> {
    return this.#reloader.reload()
  }

  async #openOps(): Promise<void> {
    const { settings, log } = this.#deps
    const status = createOpsStatus({
      settings,
      version: this.#deps.version,
      clock: this.#deps.clock,
      runtime: () => this.#runtime,
      adapters: () => this.#adapters,
      journal: () => this.#journal,
      history: () => this.#journal?.history() ?? null,
      health: this.#health,
      followers: this.#followers,
      reloader: this.#reloader,
      board: this.#board,
      forget: createForget({
        clock: this.#deps.clock,
        log,
        journal: () => this.#journal,
        runtime: () => this.#runtime,
      }),
    })
    const { listen, token } = settings.ops
    const server = createOpsServer({ listen, token, metrics: this.#metrics, status, log, clock: this.#deps.clock })
    this.#downs.push(() => server.stop())
    this.#opsUrl = (await server.start()).url
  }

  #toldOfMapping(how: ReloadOutcome): void {
    this.#metrics.reloaded(how.ok)
    if (how.ok) this.#chronicle.reloaded(how.mapping, this.#runtime?.agents.all ?? [])
    else this.#chronicle.refused(how.why)
  }

  #openAdapters(journal: FileJournal): void {
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

  async #rosterOf(adapters: BySide<PlatformAdapter>): Promise<Roster> {
    const roster = (adapter: PlatformAdapter) =>
      this.#patiently(adapter.side, `reading the people of ${adapter.title}`, () => adapter.roster())
    const [crm, telephony] = await Promise.all([roster(adapters.crm), roster(adapters.telephony)])
    return { crm, telephony }
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
}

/** "0.1.0+3f2a9c1": the version, and the revision where it is known. */
function buildOf(text: string): BuildInfo {
  const [version = '', revision = 'unknown'] = text.split('+')
  return { version, revision, node: process.version }
}

/** By the last minute that it marked, or the last decision; null for a new journal. */
function aliveUntil(journal: FileJournal): string | null {
  const [last] = journal.query({ limit: 1 })
  const known = [last?.record.time, journal.mark(ALIVE)].filter((time) => time !== undefined).sort()
  return known.at(-1) ?? null
}
