// What has become of the platforms' statuses: since they were put aside in a file, and beside what a mapping mentions. Nothing of it is
// wrong by itself, so none of it is a finding.

import type { Catalogue, CatalogueStatus, PlatformSetup } from '../../domain/platform.ts'
import type { Rules, Ruleset } from '../../domain/rules.ts'
import { OFFLINE, otherSide, type Side, type StatusId, sideName } from '../../domain/side.ts'

/** One sentence a change; ids tell what is the same. */
export function catalogueNews(side: Side, before: Catalogue, now: Catalogue): readonly string[] {
  const old = new Map(before.statuses.map((status) => [status.id, status]))
  const there = new Set(now.statuses.map(({ id }) => id))
  const gone = before.statuses.filter(({ id }) => !there.has(id)).map(({ label }) => `"${label}" is gone`)
  const changes = now.statuses.flatMap((status) => changesOf(old.get(status.id), status))
  return [...gone, ...changes].map((what) => `In ${sideName(side)} ${what}.`)
}

function changesOf(
  old: CatalogueStatus | undefined,
  { label, apiName, available, settable }: CatalogueStatus,
): readonly string[] {
  if (old === undefined) return [`"${label}" is new${available ? ' and takes work' : ''}`]
  return [
    ...(old.label === label ? [] : [`"${old.label}" is called "${label}" now`]),
    ...(old.apiName === apiName ? [] : [`the API name of "${label}" is "${apiName}" now, was "${old.apiName}"`]),
    ...(old.available !== true && available === true ? [`"${label}" takes work now`] : []),
    ...(old.available === true && available === false ? [`"${label}" takes no work any more`] : []),
    ...(old.settable === settable ? [] : [`"${label}" can ${settable ? 'be set now' : 'not be set any more'}`]),
  ]
}

/** Statuses of the platform of which the mapping says nothing, by label. */
export function unmentioned(side: Side, rules: Rules, catalogue: Catalogue): readonly string[] {
  return unmentionedStatuses(side, rules, catalogue).map(({ label }) => label)
}

function unmentionedStatuses(side: Side, rules: Rules, { statuses }: Catalogue): readonly CatalogueStatus[] {
  const mentioned = new Set([rules.top, ...rules.profiles.values()].flatMap((ruleset) => mentionsOf(side, ruleset)))
  return statuses.filter(({ id }) => id !== OFFLINE && !mentioned.has(id))
}

/** One sentence for each status that the platform sets by itself and that no row mentions. */
export function unforeseen(
  at: { readonly side: Side; readonly rules: Rules; readonly catalogue: Catalogue },
  { setByItself }: PlatformSetup,
): readonly string[] {
  const left = new Map(unmentionedStatuses(at.side, at.rules, at.catalogue).map(({ id, label }) => [id, label]))
  return setByItself.flatMap(({ status, when }) => {
    const label = left.get(status)
    const what = `puts agents into "${label}" by itself ${when}, and no row mentions it: a status that nobody clicked`
    return label === undefined ? [] : [`${capitalised(sideName(at.side))} ${what}.`]
  })
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function mentionsOf(side: Side, ruleset: Ruleset): readonly StatusId[] {
  const other = otherSide(side)
  const led = [...ruleset.partners[other].values()].flatMap((partners) => partners.map(({ status }) => status))
  const { transition, blocking, unmapped } = ruleset
  const targets = [
    transition[side]?.status,
    transition[side]?.ends?.status,
    blocking[side]?.status,
    unmapped[other]?.status,
  ]
  const plain = [...ruleset.partners[side].keys(), ...ruleset.available[side], ...ruleset.noSync[side].keys()]
  return [...plain, ...led, ...targets.filter((status) => status !== undefined)]
}
