// Stands beside both stand-in platforms and notes every status that is set there, by whom and when: the truth that the bridge's own account
// is compared with.

import type { Side } from '../../src/domain/side.ts'
import type { ContactCentre } from '../../src/sandbox/contact-centre.ts'
import type { Agent } from './person.ts'

/** A run of the longest test sets some ten thousand. */
const SEEN_MAX = 500_000

export type Seen = {
  /** ms since 1970. */
  readonly at: number
  readonly agent: string
  readonly side: Side
  /** By label. */
  readonly status: string
  readonly by: 'person' | 'bridge'
}

export type Witness = {
  /** What the platforms took, in its order. */
  seen(): readonly Seen[]
  /** Called at each write of the bridge, at the moment in which the platform takes it; null: nobody. */
  atWrite(listener: (() => void) | null): void
}

export function watchPlatforms(centre: ContactCentre, agents: readonly Agent[]): Witness {
  const names = new Map(
    agents.flatMap(({ name, crm, telephony }) => [[crm, name] as const, [telephony, name] as const]),
  )
  const seen: Seen[] = []
  let listener: (() => void) | null = null

  function note(user: string, what: Omit<Seen, 'agent'>): void {
    const agent = names.get(user)
    if (agent === undefined || seen.length >= SEEN_MAX) return
    seen.push({ agent, ...what })
    if (what.by === 'bridge') listener?.()
  }

  // In place of the model's own: whoever comes over the wire comes through here as well, also with a status that is shown already.
  const crm = centre.salesforce.model
  const setInCrm = crm.setPresence
  crm.setPresence = (change) => {
    const at = Date.now() // before anybody can hear of it
    const outcome = setInCrm(change)
    const status = crm.status(change.apiName)?.MasterLabel ?? change.apiName
    if (outcome === 'ok')
      note(change.user, { at, side: 'crm', status, by: change.by === 'toolkit' ? 'bridge' : 'person' })
    return outcome
  }
  const telephony = centre.genesys.model
  const setInTelephony = telephony.setPresence
  telephony.setPresence = (user, wanted) => {
    const at = Date.now()
    const outcome = setInTelephony(user, wanted)
    const definition = telephony.definition(wanted)
    // The wire knows ids only, a test says a label.
    const by = definition?.id === wanted ? 'bridge' : 'person'
    if (outcome.kind === 'done') note(user, { at, side: 'telephony', status: definition?.label ?? wanted, by })
    return outcome
  }

  // Who is On Queue and does not respond is brought back this way; by the wire only.
  const setIdle = telephony.setIdle
  telephony.setIdle = (user) => {
    const isNews = telephony.user(user)?.routing === 'NOT_RESPONDING'
    const at = Date.now()
    const outcome = setIdle(user)
    if (isNews && outcome.kind === 'done') note(user, { at, side: 'telephony', status: 'On Queue', by: 'bridge' })
    return outcome
  }

  return {
    seen: () => seen,
    atWrite(next) {
      listener = next
    },
  }
}
