// A run as data: what people, platforms, networks, disks and admins do, and when. Drawn up front, kept in files, played as it is.

import { z } from 'zod'
import { SIDES } from '../../src/domain/side.ts'
import { END_STATES, OPEN_STATES } from '../../src/domain/work.ts'
import { PROFILES, rulesPlan } from './plan.ts'

const side = z.enum(SIDES)
/** Counted from 0. */
const agent = z.number()
const share = z.number()

const faults = z.object({
  /** Reports (platform to bridge): shares that are lost and repeated, and the longest delay; a long one reorders. */
  loss: share,
  twice: share,
  delayMs: z.number(),
  /** Calls (bridge to platform): how they end. */
  callMs: z.number(),
  transient: share,
  /** The platform did it, but the answer was lost. */
  unheard: share,
  /** No answer ever; done or not. */
  silent: share,
  refused: share,
  ignored: share,
  limited: share,
})
export type Faults = z.infer<typeof faults>

const disk = z.object({
  /** How long a commit takes, at the most. */
  delayMs: z.number(),
  /** The disk is full: commits fail. */
  full: z.boolean(),
  /** Of so many commits one takes far too long. */
  hangs: share,
})
export type DiskFaults = z.infer<typeof disk>

const base = { id: z.number(), at: z.number() }

const act = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('status'), agent, side, status: z.string() }),
  z.object({
    ...base,
    kind: z.literal('work'),
    agent,
    side,
    item: z.string(),
    channel: z.string(),
    state: z.enum([...OPEN_STATES, ...END_STATES]),
    /** Given only to those who show an available status; what was never given never goes on. */
    routed: z.boolean().optional(),
  }),
  /** A report of what is not so, or with a time that cannot be. */
  z.object({
    ...base,
    kind: z.literal('rumour'),
    agent,
    side,
    status: z.string(),
    when: z.enum(['now', 'nan', 'far_future', 'long_ago']),
  }),
  z.object({ ...base, kind: z.literal('odd'), agent, side, what: z.enum(['stranger', 'huge', 'huge_item', 'no_end']) }),
  /** The last reports that were delivered come again. */
  z.object({ ...base, kind: z.literal('again'), agent, side, count: z.number() }),
  /** Everybody logs out, or is only said to. */
  z.object({ ...base, kind: z.literal('mass_logout'), side, real: z.boolean() }),
  /** The stream of reports; `told`: whether the adapter notices. */
  z.object({ ...base, kind: z.literal('events'), side, up: z.boolean(), told: z.boolean() }),
  z.object({ ...base, kind: z.literal('calls'), side, up: z.boolean(), told: z.boolean() }),
  z.object({ ...base, kind: z.literal('faults'), side, faults }),
  z.object({ ...base, kind: z.literal('token'), side, forMs: z.number() }),
  z.object({ ...base, kind: z.literal('limit'), side, forMs: z.number() }),
  z.object({ ...base, kind: z.literal('disk'), disk }),
  /** `torn`: what becomes of a commit that is under way. */
  z.object({ ...base, kind: z.literal('crash'), downMs: z.number(), torn: z.enum(['all', 'nothing']) }),
  z.object({ ...base, kind: z.literal('restart'), downMs: z.number() }),
  z.object({ ...base, kind: z.literal('reload'), plan: rulesPlan }),
  /** Null: everybody. */
  z.object({ ...base, kind: z.literal('pause'), agent: agent.nullable() }),
  z.object({ ...base, kind: z.literal('resume'), agent: agent.nullable() }),
  z.object({ ...base, kind: z.literal('release'), agent }),
])
export type Act = z.infer<typeof act>
export type ActOf<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>

export const schedule = z.object({
  seed: z.number(),
  /** The profile of each agent; null: the top level. */
  agents: z.array(z.enum(PROFILES).nullable()),
  /** Nothing goes wrong but restarts: then everything must be as a naive reading of the rules has it, after each act. */
  calm: z.boolean(),
  plan: rulesPlan,
  skewMs: z.object({ crm: z.number(), telephony: z.number() }),
  /** Whether reports carry versions beside their times. */
  versions: z.object({ crm: z.boolean(), telephony: z.boolean() }),
  resyncMs: z.number(),
  acts: z.array(act),
})
export type Schedule = z.infer<typeof schedule>

export const NO_FAULTS: Faults = {
  loss: 0,
  twice: 0,
  delayMs: 5,
  callMs: 5,
  transient: 0,
  unheard: 0,
  silent: 0,
  refused: 0,
  ignored: 0,
  limited: 0,
}
export const GOOD_DISK: DiskFaults = { delayMs: 0, full: false, hangs: 0 }
