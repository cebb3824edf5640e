// Says once, not with every event, that the platform used a word that is not known here.

import type { Log } from '../../domain/log.ts'
import { SURPRISES_MAX } from './settings.ts'

export type Surprises = { unknown(what: string, value: string): void; once(code: string, sentence: string): void }

export function createSurprises(log: Log): Surprises {
  const seen = new Set<string>()
  function first(key: string): boolean {
    if (seen.has(key) || seen.size >= SURPRISES_MAX) return false
    seen.add(key)
    return true
  }
  return {
    unknown(what, value) {
      if (!first(`${what}=${value}`)) return
      log.warn(
        { code: 'genesys.unknown_value', what, value },
        'Genesys Cloud used a word that is not known here; ignored',
      )
    },
    once(code, sentence) {
      if (first(code)) log.warn({ code }, sentence)
    },
  }
}
