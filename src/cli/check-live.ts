// What `check` knows of the platforms: asked now (--live), or as they were put aside by `catalogue --save` (--catalogue).

import { readFileSync } from 'node:fs'
import { CannotAsk, type Live } from '../app/live.ts'
import type { Catalogue, Person, PlatformSetup } from '../domain/platform.ts'
import type { Rules } from '../domain/rules.ts'
import { type BySide, SIDES, sideName } from '../domain/side.ts'
import { catalogueNews, unforeseen, unmentioned } from '../mapping/import/news.ts'
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
  readonly setup?: BySide<PlatformSetup | undefined>
  /** A platform does not let the bridge do something that it needs; it has been said what. */
  readonly lacking?: boolean
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
  const setup = { crm: pulled?.crm?.setup, telephony: pulled?.telephony?.setup }
  if (!live) return pulled === null ? {} : { catalogue: before, setup }
  const now = await withLive(settings, io, (live) => askAll(live, io))
  if (now === null) return null
  for (const side of SIDES) {
    const [old, read] = [before[side], now.catalogue?.[side]]
    const news = old === undefined || read === undefined ? [] : catalogueNews(side, old, read)
    for (const sentence of news) io.err(`${sentence}\n`)
  }
  return now
}

/** What a platform has and the mapping does not speak of: worth knowing, no problem. */
export function tellUnmentioned(file: string, rules: Rules, { catalogue, setup }: KnownPlatforms, io: Io): void {
  for (const side of SIDES) {
    const [known, more] = [catalogue?.[side], setup?.[side]]
    if (known === undefined) continue
    const labels = unmentioned(side, rules, known)
    if (labels.length > 0) io.err(`${file} does not mention of ${sideName(side)}: ${labels.join(', ')}.\n`)
    const surprises = more === undefined ? [] : unforeseen({ side, rules, catalogue: known }, more)
    for (const sentence of surprises) io.err(`${file}: ${sentence}\n`)
  }
}

/** The rights first: what is missing may be why the rest cannot be read, and is said in any case. */
async function askAll(live: Live, io: Io): Promise<KnownPlatforms> {
  const lacking = await tellRights(live, io)
  try {
    const rest = await askRest(live)
    tellSetup(live, rest, io)
    return { ...rest, lacking }
  } catch (error) {
    if (!lacking || !(error instanceof CannotAsk)) throw error
    io.err(`${error.message}\n`)
    return { lacking }
  }
}

/** Whether something is missing. */
async function tellRights(live: Live, io: Io): Promise<boolean> {
  const found = await Promise.all(SIDES.map(async (side) => ({ side, rights: await live.rights(side) })))
  for (const { side, rights } of found) {
    const { title } = live.adapters[side]
    for (const { state, sentence } of rights) {
      if (state === 'missing') io.err(`${title}, a right is missing: ${sentence}\n`)
      if (state === 'unknown') io.err(`${title}, please look: ${sentence}\n`)
    }
  }
  return found.some(({ rights }) => rights.some(({ state }) => state === 'missing'))
}

/** What in the platforms' own set-up is likely to surprise. */
function tellSetup(live: Live, { setup }: KnownPlatforms, io: Io): void {
  for (const side of SIDES) {
    for (const warning of (setup?.[side]?.tables ?? []).flatMap(({ warnings }) => warnings))
      io.err(`${live.adapters[side].title}, set-up: ${warning}\n`)
  }
}

async function askRest(live: Live): Promise<Omit<KnownPlatforms, 'lacking'>> {
  const [crm, telephony] = await Promise.all([live.catalogue('crm'), live.catalogue('telephony')])
  const [crmPeople, telephonyPeople] = await Promise.all([live.people('crm'), live.people('telephony')])
  const [crmSetup, telephonySetup] = await Promise.all([live.setup('crm'), live.setup('telephony')])
  const setup = { crm: crmSetup ?? undefined, telephony: telephonySetup ?? undefined }
  return { catalogue: { crm, telephony }, setup, people: { crm: crmPeople, telephony: telephonyPeople } }
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
