// A stand-in organisation whose minutes are short, with an adapter and an outbox on real sockets: for limits that are counted by the minute.

import type { Clock } from '../../../src/domain/clock.ts'
import { SILENT } from '../../../src/domain/log.ts'
import type { Settlement, Urgency, Write } from '../../../src/domain/outbox.ts'
import type { PlatformSink } from '../../../src/domain/platform.ts'
import type { AgentId, PlatformUserId, StatusId } from '../../../src/domain/side.ts'
import { createOutbox } from '../../../src/outbox/outbox.ts'
import { createGenesysCloud } from '../../../src/platforms/genesys-cloud/adapter.ts'
import { createGenesysModel } from '../../../src/sandbox/genesys-cloud/model.ts'
import { serveGenesys } from '../../../src/sandbox/genesys-cloud/server.ts'
import { CLIENT, seededRandom } from '../../sandbox/genesys-cloud/support.ts'

/** Time that passes faster than the machine's. */
function fastClock(factor: number): Clock {
  const from = Date.now()
  const started = performance.now()
  return {
    now: () => from + (performance.now() - started) * factor,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs / factor)
      return () => clearTimeout(timer)
    },
    soon: (callback) => setImmediate(callback),
  }
}

export async function openFastOrganisation({ factor, callsPerMinute }: { factor: number; callsPerMinute: number }) {
  const clock = fastClock(factor)
  const model = createGenesysModel({ clock, random: seededRandom() })
  const server = await serveGenesys(model, { port: 0, ...CLIENT, callsPerMinute })
  const calls: { operation: string; ok: boolean }[] = []
  const sink: PlatformSink = {
    report() {},
    link() {},
    gap() {},
    reachable() {},
    call: (what) => calls.push(what),
  }
  const adapter = createGenesysCloud({
    settings: { apiUrl: server.url, loginUrl: server.url, callsPerMinute, ...CLIENT },
    clock,
    log: SILENT,
    random: seededRandom(2),
  })
  const settled: { write: Write; settlement: Settlement }[] = []
  const outbox = createOutbox({
    adapters: { crm: adapter, telephony: adapter },
    clock,
    random: seededRandom(3),
    log: SILENT,
    events: {
      sending() {},
      untaken() {},
      waiting() {},
      settled: (write, settlement) => settled.push({ write, settlement }),
    },
  })
  /** Presences as they came to stand, in order. */
  const stood: { user: string; label: string; at: number }[] = []
  model.onChange((change) => {
    if (change.kind === 'presence') {
      stood.push({ user: change.user.id, label: change.user.presence.label, at: clock.now() })
    }
  })
  let seq = 0
  return {
    clock,
    model,
    faults: server.faults,
    calls,
    settled,
    stood,
    adapter,
    outbox,
    people: (count: number) =>
      Array.from(
        { length: count },
        (_, at) => model.addUser({ name: `P${at}`, email: `p${at}@acme.example` }).id as PlatformUserId,
      ),
    start: (users: readonly PlatformUserId[]) => adapter.start(users, sink),
    put(user: PlatformUserId, label: string, urgency: Urgency) {
      seq += 1
      outbox.put({
        seq,
        agent: String(user) as AgentId,
        side: 'telephony',
        user,
        status: (model.definition(label)?.id ?? '') as StatusId,
        expect: '' as StatusId,
        urgency,
        sentence: 'a test',
        decidedAt: clock.now(),
      })
    },
    async close() {
      await outbox.stop()
      await adapter.stop()
      model.stop()
      await server.close()
    },
  }
}
