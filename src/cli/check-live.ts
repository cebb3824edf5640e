// What `check` knows of the platforms: asked now (--live), or as they were put aside by `catalogue --save` (--catalogue).

import { readFileSync } from 'node:fs'
import type { Live } from '../app/live.ts'
import type { Catalogue, Person } from '../domain/platform.ts'
import type { Rules } from '../domain/rules.ts'
import { type BySide, SIDES, sideName } from '../domain/side.ts'
import { catalogueNews, unmentioned } from '../mapping/import/news.ts'
import { type PulledFile, parsePulled } from '../mapping/import/pulled.ts'
import type { Io } from './output.ts'
import { withLive } from './with-live.ts'

export type PlatformArgs = {
  readonly live: boolean
  readonly settings: string | null
  /** A file of `catalogue --save`. */
  readonly catalogue: string | null
}

/** For `loadMapping`; both empty where no platform is to be looked at. */
export type KnownPlatforms = {
  readonly catalogue?: BySide<Catalogue | undefined>
  readonly people?: BySide<readonly Person[]>
}

/** Null where that could not be had: it has been said why. What has changed since the file was made is told. */
export async function knownPlatforms(
  { live, settings, catalogue: file }: PlatformArgs,
  io: Io,
): Promise<KnownPlatforms | null> {
  if (live && settings === null) {
    io.err('--live needs --settings: the file that says which platforms to ask.\n')
    return null
  }
  const pulled = file === null ? null : readPulled(file, io)
  if (file !== null && pulled === null) return null
  const before = { crm: pulled?.crm, telephony: pulled?.telephony }
  if (!live) return pulled === null ? {} : { catalogue: before }
  const now = await withLive(settings, io, askAll)
  if (now === null) return null
  for (const side of SIDES) {
    const old = before[side]
    const news = old === undefined ? [] : catalogueNews(side, old, now.catalogue[side])
    for (const sentence of news) io.err(`${sentence}\n`)
  }
  return now
}

/** What a platform has and the mapping does not speak of: worth knowing, no problem. */
export function tellUnmentioned(file: string, rules: Rules, { catalogue }: KnownPlatforms, io: Io): void {
  for (const side of SIDES) {
    const known = catalogue?.[side]
    const labels = known === undefined ? [] : unmentioned(side, rules, known)
    if (labels.length > 0) io.err(`${file} does not mention of ${sideName(side)}: ${labels.join(', ')}.\n`)
  }
}

async function askAll(live: Live): Promise<Required<KnownPlatforms> & { readonly catalogue: BySide<Catalogue> }> {
  const [crm, telephony] = await Promise.all([live.catalogue('crm'), live.catalogue('telephony')])
  const [crmPeople, telephonyPeople] = await Promise.all([live.people('crm'), live.people('telephony')])
  return { catalogue: { crm, telephony }, people: { crm: crmPeople, telephony: telephonyPeople } }
}

function readPulled(file: string, io: Io): PulledFile | null {
  try {
    const pulled = parsePulled(readFileSync(file, 'utf8'))
    if (typeof pulled !== 'string') return pulled
    io.err(`${file} cannot be used: ${pulled}.\n`)
  } catch (error) {
    io.err(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`)
  }
  return null
}
