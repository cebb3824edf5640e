// Reads an agent's state back from the journal. What does not have the shape is not believed.

import { z } from 'zod'
import { STUCK_BLOCK_MS } from '../domain/limits.ts'
import type { AgentState } from '../engine/state.ts'

const status = z.string()
const stamp = z.object({ at: z.number(), version: z.number().optional() })
const timer = z.object({ due: z.number(), order: z.number() })

const side = z.object({
  observed: status,
  stamp,
  heardAt: z.number(),
  base: status,
  cause: z.object({ reason: z.string(), rule: z.string().nullable() }),
  own: z.array(
    z.object({
      seq: z.number(),
      status,
      at: z.number(),
      phase: z.enum(['queued', 'sent', 'turned_away', 'withheld']),
      taken: z.boolean().default(false),
      superseded: z.boolean(),
      seen: stamp,
    }),
  ),
  work: z.array(
    z.object({ item: z.string(), channel: z.string().nullable(), state: z.string(), stamp, heardAt: z.number() }),
  ),
  forgottenAt: z.number().default(Number.MIN_SAFE_INTEGER),
  block: z
    .object({
      phase: z.enum(['standing', 'holding', 'gave_way']),
      status,
      rule: z.string(),
      since: z.number(),
      reasserts: z.number(),
      release: timer.nullable(),
      stuck: timer.optional(),
    })
    // Blocks of before were not watched; they are from when they began.
    .transform((b) => ({ ...b, stuck: b.stuck ?? { due: b.since + STUCK_BLOCK_MS, order: 0 } }))
    .nullable(),
  overlaps: z.array(z.object({ item: z.string(), beside: z.array(z.string()), since: z.number() })).default([]),
  transition: timer.extend({ status, rule: z.string() }).nullable(),
  stuck: z
    .object({ kind: z.enum(['refused', 'failed', 'unconfirmed', 'retrying']), status, words: z.string() })
    .nullable(),
  ignored: z.object({ status, count: z.number() }).nullable(),
  retry: timer.nullable(),
  change: z
    .object({ at: z.number(), to: status, bases: z.object({ crm: status, telephony: status }), bothIn: z.boolean() })
    .nullable(),
})

const schema = z.object({
  crm: side,
  telephony: side,
  writes: z.array(z.number()),
  frozen: timer.nullable(),
  timers: z.number(),
})

/** Null where the text is not a state of this version or the one before. */
export function parseState(text: string): AgentState | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = schema.safeParse(json)
  return parsed.success ? (parsed.data as unknown as AgentState) : null
}
