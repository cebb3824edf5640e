// Where agents stand, by the platforms' truth, against what the rules and the bridge's own words say.

import { SIDES, type Side } from '../../src/domain/side.ts'
import type { Floor } from './harness.ts'
import type { Agent } from './person.ts'

/** By the rows of the mapping that these tests run with. */
const RELATED = ['On Queue/On Queue', 'Lunch/Meal', 'Break/Break', 'Busy/Busy', 'Busy/Training', 'Offline/Offline']

/** Sentences about agents who are not where the rules say; work that is open must block the other side. */
export async function unsettled(floor: Floor, { workEnded }: { workEnded: boolean }): Promise<readonly string[]> {
  const summaries = await floor.ops.agents()
  const told: string[] = []
  for (const agent of floor.agents) {
    const one = summaries.find((summary) => summary.agent === agent.name)
    const say = (what: string) => told.push(`${agent.name}: ${what} ${JSON.stringify(one)}`)
    if (one === undefined) {
      say('is not known')
      continue
    }
    const shown = labelled(floor, agent)
    for (const side of SIDES) {
      const { status, target, pending } = one[side]
      if (status !== shown[side]) say(`the bridge believes ${status} on ${side}, which shows ${shown[side]}`)
      if (status !== target || pending !== null) say(`${side} is not where it should be`)
      if (one.blocked.includes(side) && shown[side] === 'On Queue') say(`${side} is blocked and available`)
      const items = openItems(floor, agent)[side]
      if (one[side].work.length !== items) say(`${items} items are open on ${side}`)
      const other = side === 'crm' ? 'telephony' : 'crm'
      if (one.blocked.includes(other) !== items > 0 && !(await gaveWay(floor, agent, other)))
        say(`${items} items are open on ${side}, and ${other} is not blocked accordingly`)
    }
    if (workEnded && one.blocked.length > 0) say('is blocked without work')
    if (!RELATED.includes(`${one.crm.base}/${one.telephony.base}`) && !(await hasReason(floor, agent)))
      say('the pair is not related, and no reason is recorded')
  }
  return told
}

async function gaveWay(floor: Floor, agent: Agent, side: Side): Promise<boolean> {
  const log = await floor.ops.log(`agent=${agent.name}&limit=500`)
  const reasons = log.flatMap(({ decisions }) => decisions.filter((d) => d.side === side).map(({ reason }) => reason))
  const last = reasons.findLast((reason) => ['blocked', 'blocked_quiet', 'released', 'overridden'].includes(reason))
  return last === 'overridden'
}

/** Why the two sides are not in step, by the last decision that set or kept a base. */
async function hasReason(floor: Floor, agent: Agent): Promise<boolean> {
  const { causes } = await floor.ops.agent(agent.name)
  const reasons = ['transition', 'unrelated', 'unmapped', 'logout', 'logged_out', 'conflict', 'login', 'adopted']
  const cause = causes.find(({ reason }) => reasons.includes(reason))
  if (cause === undefined) return false
  return (await floor.ops.log(`agent=${agent.name}&reason=${cause.reason}&limit=1`)).length === 1
}

function openItems(
  floor: Floor,
  { crm, telephony: user }: Agent,
): { readonly crm: number; readonly telephony: number } {
  const { salesforce, genesys } = floor.centre
  const held = genesys.model
    .conversations()
    .filter(({ participants }) =>
      participants.some(
        (one) =>
          one.userId === user &&
          (['alerting', 'connected'].includes(one.state) || (one.wrapupRequired && one.acwEndedAt === null)),
      ),
    )
  return { crm: salesforce.model.work.openOf(crm).length, telephony: held.length }
}

function labelled(floor: Floor, agent: Agent): { readonly crm: string; readonly telephony: string } {
  const { crm, telephony } = agent.shows()
  const missed = telephony === 'On Queue' && agent.routing() === 'NOT_RESPONDING'
  return {
    crm: floor.centre.salesforce.model.status(crm)?.MasterLabel ?? crm,
    telephony: missed ? 'Not Responding' : telephony,
  }
}
