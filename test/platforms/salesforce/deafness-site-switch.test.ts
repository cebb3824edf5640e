// Salesforce moves an org to another site: everybody is logged out at once, servers are changed for others, and positions in the stream are void.
// The whole bridge, as a process, finds out how people stand, believes no burst of log-outs without looking, and hears events again.

import { afterEach, expect, test } from '@jest/globals'
import { eventually, type Floor, openFloor } from '../../e2e/harness.ts'
import { FINER } from '../../e2e/mappings.ts'

const AGENTS = 6
const floors: Floor[] = []
afterEach(async () => {
  for (const floor of floors.splice(0)) await floor.close()
})

test.each([
  ['pubsub', 'told before the cut'],
  ['pubsub', 'told to nobody'],
  ['cometd', 'told before the cut'],
  ['cometd', 'told to nobody'],
] as const)(
  '%s, log-outs %s',
  async (transport, how) => {
    const floor = await openFloor({ mapping: FINER, agents: AGENTS, transport, consolesClosed: true })
    floors.push(floor)
    const { faults } = floor.centre.salesforce.server
    for (const agent of floor.agents) {
      agent.inCrm('On_Queue')
      agent.inTelephony('On Queue')
    }
    const bridge = await floor.start()
    const crm = async () => {
      const views = await Promise.all(floor.agents.map(({ name }) => floor.ops.agent(name)))
      return views.map((view) => view.crm.status)
    }
    floor.agent(0).inCrm('Lunch')
    await eventually(async () => expect((await crm())[0]).toBe('Lunch'))
    await eventually(() => expect(floor.agent(0).shows().telephony).toBe('Meal'))
    const before = floor.writes().telephony

    faults.rejectReplay(true)
    faults.loseEvents(how === 'told to nobody')
    for (const agent of floor.agents) agent.inCrm('Offline')
    // Each end is held for two seconds before it is looked up: long enough for a burst.
    if (how === 'told before the cut') await bridge.says('mass_logout', 8_000)
    faults.restart()
    faults.loseEvents(false)
    await bridge.says('link_down')
    await eventually(async () => expect(await crm()).toEqual(Array.from({ length: AGENTS }, () => 'Offline')), 15_000)
    // Logging out of one system logs nobody out of the other.
    expect(floor.writes().telephony).toBe(before)

    await eventually(() => expect(floor.centre.salesforce.server.subscribers()).toBe(1), 15_000)
    floor.agent(1).inCrm('Break')
    await eventually(async () => expect((await crm())[1]).toBe('Break'))
  },
  60_000,
)
