// diff --live: how many agents stand somewhere now from where the new rules lead elsewhere.

import { type Member, rulesetOf } from '../app/agents.ts'
import type { Live } from '../app/live.ts'
import { membersOf } from '../app/roster.ts'
import { SILENT } from '../domain/log.ts'
import type { Reading } from '../domain/report.ts'
import { type BySide, SIDES, type Side, type StatusId } from '../domain/side.ts'
import { isTouched } from '../mapping/diff/touched.ts'
import type { Mapping } from '../mapping/mapping.ts'

/** More names than these are only counted. */
const NAMES_MAX = 20

export type Touched = { readonly agents: number; readonly read: number; readonly names: readonly string[] }

/** `load`: the two mappings by the names that the platforms have. Throws CannotAsk. */
export async function touchedNow(
  live: Live,
  load: (
    catalogue: BySide<Awaited<ReturnType<Live['catalogue']>>>,
  ) => { readonly before: Mapping; readonly now: Mapping } | null,
): Promise<Touched | null> {
  const [crm, telephony] = await Promise.all([live.catalogue('crm'), live.catalogue('telephony')])
  const mappings = load({ crm, telephony })
  if (mappings === null) return null
  const [crmPeople, telephonyPeople] = await Promise.all([live.people('crm'), live.people('telephony')])
  const members = membersOf({ crm: crmPeople, telephony: telephonyPeople }, mappings.now.matching, SILENT)
  const readings = await readBoth(live, members)
  const statuses = {
    crm: new Set(crm.statuses.filter((s) => s.settable).map((s) => s.id)),
    telephony: new Set(telephony.statuses.filter((s) => s.settable).map((s) => s.id)),
  }
  const touched = whoIsTouched({ mappings, members, readings, statuses })
  return { agents: touched.length, read: members.length, names: touched.slice(0, NAMES_MAX) }
}

type Readings = BySide<ReadonlyMap<string, Reading>>

async function readBoth(live: Live, members: readonly Member[]): Promise<Readings> {
  const read = (side: Side) =>
    live.snapshot(
      side,
      members.map((m) => m.users[side]),
    )
  const [crm, telephony] = await Promise.all([read('crm'), read('telephony')])
  return { crm, telephony }
}

function whoIsTouched(args: {
  readonly mappings: { readonly before: Mapping; readonly now: Mapping }
  readonly members: readonly Member[]
  readonly readings: Readings
  readonly statuses: BySide<ReadonlySet<StatusId>>
}): readonly string[] {
  const { mappings, members, readings, statuses } = args
  /** Many people stand alike, and the same comes of it. */
  const known = new Map<string, boolean>()
  return members.flatMap(({ agent, users, profile }) => {
    const crm = readings.crm.get(users.crm)
    const telephony = readings.telephony.get(users.telephony)
    if (crm === undefined || telephony === undefined) return []
    const standing = { crm, telephony }
    const alike = JSON.stringify([profile, ...SIDES.map((side) => [standing[side].status, workOf(standing[side])])])
    const rules = { before: rulesetOf(mappings.before.rules, profile), now: rulesetOf(mappings.now.rules, profile) }
    const touched = known.get(alike) ?? isTouched(rules, standing, statuses)
    known.set(alike, touched)
    return touched ? [agent] : []
  })
}

function workOf({ work }: Reading): readonly (string | null)[] {
  return (work ?? []).flatMap(({ channel, state }) => [channel, state])
}
