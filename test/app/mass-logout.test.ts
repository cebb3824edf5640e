// R22: a platform that fails over reports everybody as logged out; nobody is moved because of it.

import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Member } from '../../src/app/agents.ts'
import { SILENT_OBSERVER } from '../../src/app/observer.ts'
import { Runtime } from '../../src/app/runtime.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import { type AgentId, OFFLINE, type PlatformUserId, type StatusId } from '../../src/domain/side.ts'
import { createMemoryJournal } from '../../src/journal/memory-journal.ts'
import { createVirtualClock, type VirtualClock } from '../../src/stories/virtual-clock.ts'
import { SimPlatform } from '../sim/platform.ts'
import { ruleset } from '../support/rules.ts'

const AGENTS = 20
const members: Member[] = Array.from({ length: AGENTS }, (_, n) => ({
  agent: `agent${n}` as AgentId,
  name: `agent${n}`,
  aliases: [],
  users: { crm: `c${n}` as PlatformUserId, telephony: `t${n}` as PlatformUserId },
  profile: null,
}))
const users = members.map((m) => m.users.crm)
const top = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [
    { crm: ['Q'], telephony: ['Q'] },
    { crm: [OFFLINE], telephony: [OFFLINE] },
  ],
})

let clock: VirtualClock
let crm: SimPlatform
let telephony: SimPlatform
let runtime: Runtime
let records: LogRecord[]

beforeEach(async () => {
  clock = createVirtualClock(1_800_000_000_000)
  const common = {
    seed: 1,
    clock,
    skewMs: 0,
    versions: false,
    moody: false,
    told() {},
    called() {},
    answered() {},
  }
  crm = new SimPlatform({ ...common, side: 'crm', users })
  telephony = new SimPlatform({ ...common, side: 'telephony', users: members.map((m) => m.users.telephony) })
  for (const m of members) {
    crm.choose(m.users.crm, 'Q' as StatusId, 'first')
    telephony.choose(m.users.telephony, 'Q' as StatusId, 'first')
  }
  records = []
  const rules = {
    hash: 'x',
    file: 'x',
    top,
    profiles: new Map(),
    statuses: { crm: new Set<never>(), telephony: new Set<never>() },
    label: (_: unknown, s: StatusId) => s,
  }
  runtime = new Runtime({
    members,
    rules,
    adapters: { crm: crm.adapter, telephony: telephony.adapter },
    journal: createMemoryJournal(),
    clock,
    random: () => 0.5,
    log: SILENT,
    observer: {
      ...SILENT_OBSERVER,
      decided: ({ record }) => records.push(record),
    },
    shadow: false,
    resyncEveryMs: 10 ** 9,
  })
  void runtime.start()
  await clock.advanceTo(clock.now() + 1_000)
})

describe('when most of a side is reported as logged out within seconds', () => {
  test('from the seventh of twenty on nobody is moved by what is not true', async () => {
    for (const user of users.slice(0, 15)) {
      crm.rumour({ status: OFFLINE, when: 'now' }, user, `rumour ${user}`)
      await clock.advanceTo(clock.now() + 100)
    }
    await clock.advanceTo(clock.now() + 5_000)
    expect(records.filter((r) => r.decisions.some((d) => d.reason === 'suspect'))).toHaveLength(9)
    for (const entry of runtime.agents.all) expect(entry.state.crm.observed).toBe('Q')
    // The first six were believed: telephony followed them by the rule, and nobody is logged in by a write (R2).
    for (const m of members.slice(6)) expect(telephony.person(m.users.telephony).status).toBe('Q')
    expect(telephony.writes).toBe(6)
  })

  test('what is true is followed after the check', async () => {
    for (const user of users.slice(0, 15)) crm.choose(user, OFFLINE, `out ${user}`)
    await clock.advanceTo(clock.now() + 5_000)
    for (const [n, m] of members.entries()) {
      expect(telephony.person(m.users.telephony).status).toBe(n < 15 ? OFFLINE : 'Q')
    }
  })
})

test('a few log-outs, or many over time, are believed at once', async () => {
  for (const user of users.slice(0, 12)) {
    crm.choose(user, OFFLINE, `out ${user}`)
    await clock.advanceTo(clock.now() + 2_500)
  }
  expect(records.some((r) => r.decisions.some((d) => d.reason === 'suspect'))).toBe(false)
})
