// The switches of the stand-in's faults, tied to what they act on.

import type { Clock } from '../../domain/clock.ts'
import type { Cometd } from './cometd.ts'
import type { EventLog } from './event-log.ts'
import type { FaultState, SalesforceFaults } from './faults.ts'
import type { SalesforceModel } from './model.ts'
import type { Pubsub } from './pubsub.ts'

type FaultDeps = {
  readonly faults: FaultState
  readonly tokens: { expire(): void }
  readonly cometd: Cometd
  readonly pubsub: Pubsub
  readonly events: EventLog
  readonly model: SalesforceModel
  readonly clock: Clock
  /** Resets every connection of the HTTP server. */
  readonly cut: () => void
}

export function faultsOf({ faults, tokens, cometd, pubsub, events, model, clock, cut }: FaultDeps): SalesforceFaults {
  return {
    expireTokens() {
      tokens.expire()
      pubsub.end('token')
    },
    failNext: (count, status) => {
      faults.failures = { count, status }
    },
    unknownClients() {
      cometd.forgetClients()
      pubsub.end('silently')
    },
    rejectReplay: (on) => {
      faults.rejectReplay = on
    },
    blackHole: (on) => {
      faults.blackHole = on
      pubsub.shut(on)
    },
    loseEvents: (on) => {
      faults.loseEvents = on
    },
    duplicateEvents: (on) => {
      faults.duplicateEvents = on
    },
    delayEvents: (ms) => {
      faults.delayMs = ms
    },
    refuseLookup: (on) => {
      faults.refuseLookup = on
    },
    refuseSchemas: (how) => {
      faults.refuseSchemas = how
    },
    unavailable(on) {
      faults.unavailable = on
      if (on) pubsub.end('unavailable')
    },
    refuseStreaming: (how) => {
      faults.refuseStreaming = how
    },
    restart() {
      cut()
      cometd.forgetClients()
      pubsub.cut()
    },
    refuseStatusFor: (user, on = true) => model.refuse(user, on),
    refuseTokens: (on) => {
      faults.refuseTokens = on
    },
    gapEvent: (changeType = 'GAP_UPDATE') =>
      events.publish({
        entity: 'UserServicePresence',
        changeType,
        recordIds: [],
        fields: {},
        commitUser: '',
        at: clock.now(),
      }),
    calls: faults.calls,
  }
}
