// R26: a new mapping takes effect for all agents at one instant, or not at all. Everything that can fail happens first, then one swap.

import { readFileSync } from 'node:fs'
import type { Finding } from '../domain/finding.ts'
import type { MappingEntry } from '../domain/history.ts'
import type { Log } from '../domain/log.ts'
import type { Catalogue, PlatformAdapter } from '../domain/platform.ts'
import type { BySide, Side } from '../domain/side.ts'
import { orCannotStart, wordsOf } from './cannot-start.ts'
import { checkAside } from './check-aside.ts'
import { mappingEntry } from './chronicle.ts'
import { mappingOf, NO_PROOF, refuseErrors, sayWarnings } from './mapping-file.ts'
import { type Roster, regroup } from './roster.ts'
import type { Runtime } from './runtime.ts'

export type Reloaded = { readonly ok: true; readonly agents: number } | { readonly ok: false; readonly error: string }

/** What is known of the platforms, for the check of a new file. */
export type Platforms = {
  readonly adapters: BySide<PlatformAdapter>
  readonly catalogue: BySide<Catalogue>
  readonly roster: Roster
}

export type Reloader = {
  /** One at a time; the sentence says why not. `what`: who asked and why, for the record. */
  reload(what?: string): Promise<Reloaded>
  /** The file may have changed: taken where it says something else than what was tried last. */
  look(): Promise<void>
  /** Why the file as it is now was not taken, and when; null: it is in force. */
  refused(): { readonly at: string; readonly error: string } | null
  /** The last try, whatever became of it; null: there was none since the start. */
  last(): LastReload | null
}

type LastReload = {
  /** ISO 8601. */
  readonly at: string
  /** Null: the file was taken. */
  readonly error: string | null
  readonly findings: readonly Finding[]
}

export type ReloadOutcome =
  | { readonly ok: true; readonly mapping: MappingEntry }
  | { readonly ok: false; readonly why: string }

export function createReloader(deps: {
  readonly file: string
  readonly log: Log
  readonly now: () => number
  readonly told: (how: ReloadOutcome) => void
  readonly running: () => { readonly runtime: Runtime; readonly platforms: Platforms } | null
}): Reloader {
  const { file, log } = deps
  let underWay: Promise<Reloaded> = Promise.resolve({ ok: false, error: '' })
  let last: LastReload | null = null
  let tried = textOf(file)

  async function reload(what: string | null): Promise<Reloaded> {
    const running = deps.running()
    if (running === null) return { ok: false, error: 'The bridge has not begun yet' }
    const { runtime, platforms } = running
    let findings: readonly Finding[] = []
    try {
      const text = orCannotStart(() => readFileSync(file, 'utf8'), `The mapping file ${file} cannot be read`)
      tried = text
      const options = { file, catalogue: await newest(platforms, log), people: platforms.roster }
      findings = await checkAside({ text, options })
      refuseErrors(file, findings)
      sayWarnings(findings, log)
      const mapping = mappingOf(text, { ...options, patience: NO_PROOF })
      const { profiles, added, removed } = regroup(platforms.roster, mapping.matching, runtime.members)
      runtime.bridge.reload(mapping.rules, profiles, what)
      last = { at: new Date(deps.now()).toISOString(), error: null, findings }
      const { hash } = mapping.rules
      deps.told({ ok: true, mapping: mappingEntry({ hash, text, ...options, now: deps.now() }) })
      log.info({ code: 'reloaded', mapping: hash }, 'A new mapping took effect')
      if (added + removed > 0)
        log.warn({ code: 'people_differ', added, removed }, 'Whom the new mapping adds or leaves out needs a restart')
      return { ok: true, agents: runtime.agents.all.length }
    } catch (error) {
      const why = wordsOf(error)
      last = { at: new Date(deps.now()).toISOString(), error: why, findings }
      deps.told({ ok: false, why })
      log.error({ code: 'reload_refused', why }, 'The mapping file was not taken; the old rules stay in force')
      return { ok: false, error: why }
    }
  }

  return {
    reload(what) {
      underWay = underWay.then(() => reload(what ?? null))
      return underWay
    },
    async look() {
      const text = textOf(file)
      if (text !== null && text !== tried) await this.reload()
    },
    refused: () => (last === null || last.error === null ? null : { at: last.at, error: last.error }),
    last: () => last,
  }
}

/** Null where it cannot be read now. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** Statuses may have been renamed or removed since the start; where they cannot be read now, those that were known are used. */
async function newest({ adapters, catalogue }: Platforms, log: Log): Promise<BySide<Catalogue>> {
  const read = async (side: Side): Promise<Catalogue> => {
    try {
      return await adapters[side].catalogue()
    } catch (error) {
      log.warn({ code: 'catalogue_old', side, why: wordsOf(error) }, 'The statuses could not be read anew')
      return catalogue[side]
    }
  }
  const [crm, telephony] = await Promise.all([read('crm'), read('telephony')])
  return { crm, telephony }
}
