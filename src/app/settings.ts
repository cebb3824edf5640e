// The daemon's own settings: read once, checked as a whole, handed on as values. The only place that reads the environment.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Finding } from '../domain/finding.ts'
import { durationMs } from '../mapping/fields.ts'
import { conform } from '../mapping/issues.ts'
import { didYouMean } from '../mapping/nearest.ts'
import { parseYaml } from '../mapping/parse.ts'
import { type Complaint, tidied, toFinding } from '../mapping/position.ts'
import type { Tree } from '../mapping/tree.ts'
import { ENVIRONMENTS, environmentOf, withoutService } from '../platforms/genesys-cloud/hosts.ts'
import type { CompanionSettings } from '../platforms/salesforce/settings.ts'
import { type Address, addressOf, isLoopbackUrl, parseAddress } from './address.ts'
import { type Add, type CrmSettings, checkCrm, companionOf, crmOf, type Need } from './crm-settings.ts'
import { type Proxies, proxiesOf, wrongProxies } from './proxies.ts'
import { type SettingsFile, settingsFile } from './settings-schema.ts'
import { type Environment, masked, resolveVariables } from './variables.ts'

type TelephonySettings =
  | { readonly kind: 'sandbox' }
  | {
      readonly kind: 'genesys_cloud'
      readonly environment: string | null
      readonly apiUrl: string | null
      readonly loginUrl: string | null
      readonly clientId: string
      readonly clientSecret: string
      /** Left out: presence. */
      readonly logOut: 'presence' | 'tokens'
    }

export type Settings = {
  readonly name: string
  readonly mappings: string
  readonly shadow: boolean
  readonly crm: CrmSettings
  readonly telephony: TelephonySettings
  readonly companion: CompanionSettings | null
  readonly ops: { readonly listen: Address; readonly token: string | null }
  readonly journal: { readonly path: string; readonly keepMs: number; readonly maxBytes: number }
  readonly resyncEveryMs: number
  readonly callsPerMinute: { readonly crm: number; readonly telephony: number }
  /** How it ends; left out: STOP_DEFAULT. */
  readonly stop?: StopSettings
  /** `format` null: as the terminal is. */
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'json' | 'pretty' | null }
  /** PEM texts to trust besides the system's. */
  readonly authorities: readonly string[]
  /** From the environment; left out where everything is dialled directly. */
  readonly proxies?: Proxies
}

export type StopSettings = {
  /** From the order to stop to the end of the process. */
  readonly withinMs: number
  /** Whether blocks are given back first. */
  readonly releaseBlocks: boolean
}

export const STOP_DEFAULT: StopSettings = { withinMs: 20_000, releaseBlocks: false }

export type LoadedSettings = { readonly findings: readonly Finding[]; readonly settings: Settings | null }

/** What is no line's fault stands at the first. */
const TOP = { line: 1, column: 1, length: 1 }
const DAY_MS = 24 * 3_600_000
/** Writes under way have 3 s, and the journal is closed after them. */
const STOP_MIN_MS = 5_000
/** Whoever waits for longer believes that it hangs. */
const STOP_MAX_MS = 600_000

/** Throws only where the file itself cannot be read. */
export function loadSettings(file: string, environment: Environment): LoadedSettings {
  return parseSettings(readFileSync(file, 'utf8'), { file, environment })
}

function parseSettings(
  text: string,
  args: { readonly file: string; readonly environment: Environment },
): LoadedSettings {
  const { source, tree: raw, complaints } = parseYaml(text, { file: args.file })
  if (raw === null)
    return { findings: tidied(complaints.map((c) => masked(toFinding(source, c), null))), settings: null }
  const variables = resolveVariables(raw, { ...args, folder: dirname(args.file) })
  const { readable, complaints: shape } = conform(settingsFile, variables.tree)
  const value = readable?.value ?? null
  const meaning = value === null ? [] : checkMeaning(value, variables.tree)
  const proxies = proxiesOf(args.environment)
  const surroundings = wrongProxies(proxies ?? {}).map(
    (message) => ({ code: 'wrong-value', place: TOP, message }) as const,
  )
  const all = [...complaints, ...variables.complaints, ...shape, ...meaning, ...surroundings]
  const findings = tidied(all.map((c) => variables.masked(toFinding(source, c))))
  const usable = value !== null && findings.every((f) => f.severity !== 'error')
  return {
    findings,
    settings: usable ? { ...settingsOf(value, dirname(args.file)), ...(proxies && { proxies }) } : null,
  }
}

function checkMeaning(file: SettingsFile, tree: Tree): readonly Complaint[] {
  const complaints: Complaint[] = []
  const add = (path: readonly string[], message: string, hint?: string) => {
    const spot = tree.spot(path) ?? tree.spot(path.slice(0, 1))
    const place = spot?.value ?? spot?.key ?? { line: 1, column: 1, length: 1 }
    complaints.push({ code: 'wrong-value', place, message, hint })
  }
  const need = (path: readonly string[], value: unknown, why: string) => {
    if (value !== undefined) return
    const spot = tree.spot(path.slice(0, -1))
    const place = spot?.key ?? spot?.value ?? { line: 1, column: 1, length: 1 }
    complaints.push({ code: 'missing-key', place, message: `The key "${path.at(-1)}" is missing.`, hint: why })
  }
  if ((file.crm.kind === 'sandbox') !== (file.telephony.kind === 'sandbox')) {
    add(['crm', 'kind'], 'Either both sides are sandboxes or none is: the people in them belong together.')
  }
  if (file.crm.kind === 'salesforce') checkCrm(file, add, need)
  if (file.telephony.kind === 'genesys_cloud') checkGenesys(file, add, need)
  else if (file.telephony.kind !== 'sandbox')
    add(['telephony', 'kind'], `This version cannot talk to ${file.telephony.kind} yet.`, 'genesys_cloud or sandbox')
  const addresses = [
    [['ops', 'listen'], file.ops?.listen],
    [['companion', 'listen'], file.companion?.listen],
  ] as const
  for (const [path, text] of addresses) {
    if (text !== undefined && parseAddress(text) === null)
      add(path, `Expected an address such as 127.0.0.1:8787, got "${text}".`)
  }
  for (const side of ['crm', 'telephony'] as const) {
    const text = file.rate_limits?.[side]
    if (text !== undefined && rateOf(text) === null)
      add(['rate_limits', side], `Expected a rate such as 300/min, got "${text}".`)
  }
  if (file.journal?.max_size !== undefined && sizeOf(file.journal.max_size) === null) {
    add(['journal', 'max_size'], `Expected a size of 16MB or more, such as 10GB, got "${file.journal.max_size}".`)
  }
  if (file.journal?.keep !== undefined && keepOf(file.journal.keep) === null) {
    add(['journal', 'keep'], `Expected a time such as 90d or 12h, got "${file.journal.keep}".`)
  }
  const within = file.stop?.within
  if (within !== undefined && (durationMs(within) < STOP_MIN_MS || durationMs(within) > STOP_MAX_MS)) {
    add(['stop', 'within'], `Expected a time from 5s to 10m, got "${within}".`)
  }
  for (const [path, url] of urlsOf(file)) checkUrl(path, url, tree, complaints)
  return complaints
}

function checkGenesys(file: SettingsFile, add: Add, need: Need): void {
  const { telephony } = file
  need(['telephony', 'auth'], telephony.auth, 'how the bridge logs in: client_id and client_secret')
  const own = telephony.api_url !== undefined && telephony.login_url !== undefined
  if (telephony.environment === undefined && !own) {
    need(['telephony', 'environment'], undefined, 'the region, such as mypurecloud.com; or api_url and login_url')
  }
  if (telephony.environment !== undefined && environmentOf(telephony.environment) === undefined) {
    const message = `There is no Genesys Cloud environment "${telephony.environment}".`
    const hint = didYouMean(withoutService(telephony.environment), ENVIRONMENTS) ?? `one of ${ENVIRONMENTS.join(', ')}`
    add(['telephony', 'environment'], message, hint)
  }
  if (telephony.environment !== undefined && (telephony.api_url !== undefined || telephony.login_url !== undefined)) {
    add(['telephony', 'environment'], 'Either environment, or api_url and login_url.')
  }
}

function urlsOf(file: SettingsFile): readonly (readonly [readonly string[], string | undefined])[] {
  return [
    [['crm', 'login_url'], file.crm.login_url],
    [['telephony', 'api_url'], file.telephony.api_url],
    [['telephony', 'login_url'], file.telephony.login_url],
  ]
}

function checkUrl(path: readonly string[], url: string | undefined, tree: Tree, complaints: Complaint[]): void {
  if (url === undefined) return
  const place = tree.spot(path)?.value ?? { line: 1, column: 1, length: 1 }
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    complaints.push({
      code: 'wrong-value',
      place,
      message: `Expected an address that begins with https://, got "${url}".`,
    })
  } else if (parsed.protocol === 'http:' && !isLoopbackUrl(parsed)) {
    const message = 'Plain http is accepted for this machine itself only; secrets would cross the network readable.'
    complaints.push({ code: 'plain-address', place, message, hint: 'write https://' })
  }
}

function settingsOf(file: SettingsFile, folder: string): Settings {
  const { crm, telephony, companion, ops, journal } = file
  return {
    name: file.name ?? 'presence-bridge',
    mappings: resolve(folder, file.mappings),
    shadow: file.mode === 'shadow',
    crm: crmOf(crm),
    telephony: telephonyOf(telephony),
    companion: companion === undefined ? null : companionOf(companion),
    ops: { listen: addressOf(ops?.listen ?? '127.0.0.1:8787'), token: ops?.token ?? null },
    journal: {
      path: resolve(folder, journal?.path ?? './data/journal.sqlite'),
      keepMs: keepOf(journal?.keep ?? '90d') ?? 90 * DAY_MS,
      maxBytes: sizeOf(journal?.max_size ?? '10GB') ?? 10 * 2 ** 30,
    },
    resyncEveryMs: durationMs(file.resync?.every ?? '5m'),
    callsPerMinute: {
      crm: rateOf(file.rate_limits?.crm ?? '60/min') ?? 60,
      telephony: rateOf(file.rate_limits?.telephony ?? '300/min') ?? 300,
    },
    stop: {
      withinMs: file.stop?.within === undefined ? STOP_DEFAULT.withinMs : durationMs(file.stop.within),
      releaseBlocks: file.stop?.release_blocks ?? STOP_DEFAULT.releaseBlocks,
    },
    log: { level: file.log?.level ?? 'info', format: file.log?.format ?? null },
    authorities: [crm.ca, telephony.ca].filter((ca) => ca !== undefined),
  }
}

function telephonyOf(telephony: SettingsFile['telephony']): TelephonySettings {
  if (telephony.kind === 'sandbox') return { kind: 'sandbox' }
  return {
    kind: 'genesys_cloud',
    environment: telephony.environment ?? null,
    apiUrl: telephony.api_url?.replace(/\/+$/, '') ?? null,
    loginUrl: telephony.login_url?.replace(/\/+$/, '') ?? null,
    clientId: telephony.auth?.client_id ?? '',
    clientSecret: telephony.auth?.client_secret ?? '',
    logOut: telephony.log_out ?? 'presence',
  }
}

/** "300/min" is 300. */
function rateOf(text: string): number | null {
  const found = /^(\d{1,6})\/min$/.exec(text)
  const calls = Number(found?.[1] ?? 0)
  return calls > 0 ? calls : null
}

/** Bytes; at least 16 MB, or nothing would stay long enough to be read. */
function sizeOf(text: string): number | null {
  const [, count, unit] = /^(\d+)\s*(MB|GB|TB)$/i.exec(text.trim()) ?? []
  const exponent = { MB: 20, GB: 30, TB: 40 }[unit?.toUpperCase() ?? '']
  if (count === undefined || exponent === undefined) return null
  const bytes = Number(count) * 2 ** exponent
  return bytes >= 16 * 2 ** 20 ? bytes : null
}

/** "90d" in ms. */
function keepOf(text: string): number | null {
  const found = /^(\d{1,5})(d|h)$/.exec(text)
  const amount = Number(found?.[1] ?? 0)
  if (amount === 0) return null
  return found?.[2] === 'd' ? amount * DAY_MS : amount * 3_600_000
}
