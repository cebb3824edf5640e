// Which vendor stands on which side: the only place of the app that knows one by name.

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { PlatformAdapter } from '../domain/platform.ts'
import { createScrub } from '../domain/scrub.ts'
import type { BySide } from '../domain/side.ts'
import { createGenesysCloud } from '../platforms/genesys-cloud/adapter.ts'
import { genesysCloudHosts } from '../platforms/genesys-cloud/hosts.ts'
import { createSalesforce } from '../platforms/salesforce/adapter.ts'
import { discreetAdapter, discreetLog } from './discreet.ts'
import { secretsOf } from './secrets.ts'
import type { Settings } from './settings.ts'

export type AdapterDeps = {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  /** Small durable memory, such as the position in a stream. */
  readonly marks: { get(key: string): string | undefined; set(key: string, value: string): void }
}

/** Throws an Error with a plain sentence where the settings name something that does not exist. */
export function createAdapters(deps: AdapterDeps): BySide<PlatformAdapter> {
  const scrub = createScrub(secretsOf(deps.settings))
  const inner = {
    ...deps,
    log: discreetLog(deps.log, { blank: scrub.words, debug: deps.settings.log.level === 'debug' }),
  }
  return { crm: discreetAdapter(createCrm(inner), scrub), telephony: discreetAdapter(createTelephony(inner), scrub) }
}

function createCrm({ settings, clock, log, marks }: AdapterDeps): PlatformAdapter {
  const { crm, companion, callsPerMinute, proxies } = settings
  const noProxy = proxies?.NO_PROXY
  if (crm.kind === 'sandbox') throw new Error('The sandbox is started by the start command only')
  return createSalesforce({
    settings: { ...crm, callsPerMinute: callsPerMinute.crm, companion, ...(noProxy && { noProxy }) },
    clock,
    log,
    marks,
  })
}

function createTelephony({ settings, clock, log, marks }: AdapterDeps): PlatformAdapter {
  const { telephony, callsPerMinute, proxies } = settings
  if (telephony.kind === 'sandbox') throw new Error('The sandbox is started by the start command only')
  const { apiUrl, loginUrl, environment, clientId, clientSecret, logOut } = telephony
  const hosts = apiUrl !== null && loginUrl !== null ? { apiUrl, loginUrl } : genesysCloudHosts(environment ?? '')
  return createGenesysCloud({
    settings: {
      ...hosts,
      clientId,
      clientSecret,
      logOut,
      callsPerMinute: callsPerMinute.telephony,
      ...(proxies && { proxies }),
    },
    clock,
    log,
    marks,
  })
}
