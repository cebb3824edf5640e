// Rules as data, so that a run can be kept in a file; and what the engine runs on, made of them directly or by way of a mapping file's text.

import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { z } from 'zod'
import type { Catalogue } from '../../src/domain/platform.ts'
import type { Rules, Ruleset } from '../../src/domain/rules.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId } from '../../src/domain/side.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { ruleset, type Sketch } from '../support/rules.ts'

export const PROFILES = ['other', 'watched'] as const
type Profile = (typeof PROFILES)[number]

const names = z.array(z.string())
const both = <T extends z.ZodType>(value: T) => z.object({ crm: value, telephony: value })
const partly = <T extends z.ZodType>(value: T) => z.object({ crm: value.optional(), telephony: value.optional() })

const blocking = z.object({
  status: z.string(),
  channels: names,
  from: z.enum(['offered', 'accepted']),
  minItems: z.number(),
  wrapUp: z.boolean(),
  releaseAfterMs: z.number(),
  onOverride: z.enum(['reassert', 'allow']),
})

const rulesetPlan = z.object({
  mode: z.enum(['live', 'shadow']),
  available: both(names),
  rows: z.array(z.object({ crm: names, telephony: names, direction: z.enum(['both', 'to_crm', 'to_telephony']) })),
  transition: partly(z.object({ status: z.string(), forMs: z.number().optional(), end: z.string().optional() })),
  unmapped: partly(z.string()),
  noSync: partly(names),
  login: z.enum(['follow', 'lead']),
  startup: z.enum(['adopt', 'crm', 'telephony']),
  prefer: z.enum(['latest', 'crm', 'telephony', 'less_available']),
  windowMs: z.number(),
  blocking: partly(blocking),
  writesPerMinute: z.number(),
  freezeMs: z.number(),
  massLogoutShare: z.number(),
  confirmWithinMs: z.number(),
})
export type RulesetPlan = z.infer<typeof rulesetPlan>

export const rulesPlan = z.object({
  /** By way of a mapping file's text. */
  yaml: z.boolean(),
  /** What the platforms have; null: they do not tell. */
  statuses: names.nullable(),
  top: rulesetPlan,
  /** Null: there are none. */
  profiles: z.object({ other: rulesetPlan, watched: rulesetPlan }).nullable(),
})
export type RulesPlan = z.infer<typeof rulesPlan>

/** Rules that the mapping room turned away are made directly; what it made must say what the plan says. */
export function buildRules(plan: RulesPlan): Rules {
  const direct = directRules(plan)
  if (!plan.yaml) return direct
  const { mapping } = loadMapping(yamlOf(plan), { file: 'sim.yaml', catalogue: catalogues(plan.statuses) })
  if (mapping === null) return direct
  const differs = difference(direct.top, mapping.rules.top) ?? differenceOfProfiles(direct, mapping.rules)
  if (differs !== null) throw new Error(`The mapping file was compiled into other rules: ${differs}\n${yamlOf(plan)}`)
  return mapping.rules
}

function directRules(plan: RulesPlan): Rules {
  const made = (p: RulesetPlan, profile: Profile | null) => directRuleset(p, profile, plan.statuses)
  const statuses = { crm: new Set<StatusId>(), telephony: new Set<StatusId>() }
  return {
    hash: `sim:${createHash('sha256').update(JSON.stringify(plan)).digest('hex')}`,
    file: 'sim.yaml',
    top: made(plan.top, null),
    profiles: new Map(plansOf(plan).map(([name, profile]) => [name, made(profile, name)])),
    statuses,
    label: (_side, status) => status,
  }
}

function directRuleset(plan: RulesetPlan, profile: Profile | null, statuses: readonly string[] | null): Ruleset {
  const known = statuses === null ? {} : { statuses: { crm: [...statuses], telephony: [...statuses] } }
  const { writesPerMinute, freezeMs, massLogoutShare } = plan
  return {
    ...ruleset({ ...(plan as Sketch), ...known }),
    profile,
    mode: plan.mode,
    startup: plan.startup,
    conflict: { prefer: plan.prefer, windowMs: plan.windowMs },
    limits: { writesPerMinute, freezeMs, massLogoutShare },
    confirmWithinMs: plan.confirmWithinMs,
  }
}

function plansOf({ profiles }: RulesPlan): readonly (readonly [Profile, RulesetPlan])[] {
  return profiles === null ? [] : PROFILES.map((name) => [name, profiles[name]])
}

function yamlOf(plan: RulesPlan): string {
  const named = plansOf(plan).map(([name, profile]) => ({ name, agents: [`${name}@sim.example`], ...keysOf(profile) }))
  return stringify({ version: 1, ...keysOf(plan.top), profiles: named })
}

function keysOf(plan: RulesetPlan): Record<string, unknown> {
  const ms = (value: number) => `${value}ms`
  const sides = <T>(make: (side: Side) => T) => Object.fromEntries(SIDES.map((side) => [side, make(side)]))
  const { transition, blocking: blocks } = plan
  return {
    mode: plan.mode,
    available: plan.available,
    mapped: plan.rows,
    transition: Object.fromEntries(
      SIDES.flatMap((side) => {
        const t = transition[side]
        if (t === undefined) return []
        // biome-ignore lint/suspicious/noThenProperty: the file format's word; nothing awaits it.
        return [[side, t.forMs === undefined ? t.status : { status: t.status, for: ms(t.forMs), then: t.end }]]
      }),
    ),
    unmapped: sides((side) => plan.unmapped[side] ?? 'ignore'),
    no_sync: sides((side) => plan.noSync[side] ?? []),
    login: plan.login,
    startup: plan.startup,
    conflict: { prefer: plan.prefer, window: ms(plan.windowMs) },
    blocking: sides((side) => {
      const b = blocks[side]
      if (b === undefined) return 'off'
      return {
        status: b.status,
        channels: b.channels,
        from: b.from,
        min_items: b.minItems,
        wrap_up: b.wrapUp,
        release_after: ms(b.releaseAfterMs),
        on_override: b.onOverride,
      }
    }),
    limits: {
      writes_per_minute: plan.writesPerMinute,
      freeze: ms(plan.freezeMs),
      mass_logout: `${Math.round(plan.massLogoutShare * 100)}%`,
    },
    confirm_within: ms(plan.confirmWithinMs),
  }
}

function catalogues(statuses: readonly string[] | null): BySide<Catalogue | undefined> {
  if (statuses === null) return { crm: undefined, telephony: undefined }
  const catalogue: Catalogue = {
    channels: [],
    statuses: [...statuses, OFFLINE].map((name) => ({
      id: name as StatusId,
      label: name,
      apiName: name,
      available: undefined,
      settable: true,
    })),
  }
  return { crm: catalogue, telephony: catalogue }
}

function differenceOfProfiles(a: Rules, b: Rules): string | null {
  for (const name of PROFILES) {
    const found = difference(a.profiles.get(name) ?? a.top, b.profiles.get(name) ?? b.top)
    if (found !== null) return `profile ${name}: ${found}`
  }
  return null
}

/** What two rulesets say differently, places in the file and being asked for statuses apart; null: nothing. */
function difference(a: Ruleset, b: Ruleset): string | null {
  const [left, right] = [told(a), told(b)]
  for (const key of Object.keys(left)) {
    const [x, y] = [JSON.stringify(left[key]), JSON.stringify(right[key])]
    if (x !== y) return `${key}: ${x} became ${y}`
  }
  return null
}

function told({ related, statuses: _statuses, ...rules }: Ruleset): Record<string, unknown> {
  const known = [...new Set(SIDES.flatMap((side) => [...rules.partners[side].keys()]))].sort()
  const plain = (value: unknown): unknown => {
    if (value instanceof Map) return [...value].map(([k, v]) => [k, plain(v)]).sort(byText)
    if (value instanceof Set) return [...value].sort()
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value).filter(([key]) => key !== 'rule')
    return Object.fromEntries(members.map(([key, v]) => [key, plain(v)]).sort(byText))
  }
  const pairs = known.flatMap((crm) => known.filter((t) => related(crm, t)).map((t) => `${crm} ${t}`))
  const of = plain(rules)
  const noSync = SIDES.map((side) => [...rules.noSync[side].keys()]) // without their places in the file
  return typeof of === 'object' && of !== null ? { ...of, noSync, related: pairs } : {}
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
