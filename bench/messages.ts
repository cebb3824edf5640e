// What the benchmark's processes say to each other, one JSON object a message.

import { z } from 'zod'

export const targetConfig = z.object({
  agents: z.number(),
  genesysUrl: z.string(),
  salesforceUrl: z.string(),
  publicKeyPem: z.string(),
  /** A folder of its own for the journal. */
  folder: z.string(),
  /** Where consoles connect, on loopback. */
  companionPort: z.number(),
  journal: z.boolean(),
  /** Between readings of both sides; an hour where left out. */
  resyncMs: z.number().optional(),
})
export type TargetConfig = z.infer<typeof targetConfig>

export const fakesConfig = z.object({ agents: z.number() })

export const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect'), port: z.number() }),
  /** All consoles open, each at a time of its own within `spreadMs`, and their agents log in. */
  z.object({ kind: z.literal('storm'), port: z.number(), spreadMs: z.number() }),
  /** Waits until all consoles are back that lost their connection since they were last waited for. */
  z.object({ kind: z.literal('return') }),
  z.object({ kind: z.literal('calls') }),
  z.object({ kind: z.literal('load'), ratePerS: z.number(), ms: z.number() }),
  /** What the process uses: memory after a garbage collection, processor time since its start. */
  z.object({ kind: z.literal('usage'), collect: z.boolean() }),
  z.object({ kind: z.literal('stop') }),
])
export type Order = z.infer<typeof order>

const loadResult = z.object({
  /** Changes sent; those whose write came; those whose write never came. */
  sent: z.number(),
  received: z.number(),
  lost: z.number(),
  /** Changes not made because the agent's last one was still without its write. */
  held: z.number(),
  /** Writes that nobody's change explains. */
  unasked: z.number(),
  tookMs: z.number(),
  /** From each change's event to its write, ms. */
  latencies: z.array(z.number()),
  /** Changes made on the crm side, and HTTP calls that came meanwhile; long polls are no calls. */
  crmChanges: z.number(),
  patches: z.number(),
  otherCalls: z.number(),
})
export type LoadResult = z.infer<typeof loadResult>

export const answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fakes'),
    genesysUrl: z.string(),
    salesforceUrl: z.string(),
    publicKeyPem: z.string(),
  }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('connected') }),
  z.object({ kind: z.literal('loaded'), result: loadResult }),
  z.object({
    kind: z.literal('usage'),
    uncollected: z.number(),
    rss: z.number(),
    heapUsed: z.number(),
    cpuMs: z.number(),
  }),
  z.object({
    kind: z.literal('served'),
    /** From each console's first try to its welcome, and where its agent logged in until the bridge's command was carried out; ms. */
    waits: z.array(z.number()),
    tries: z.number(),
    commands: z.number(),
    tookMs: z.number(),
  }),
  z.object({ kind: z.literal('calls'), crm: z.number(), telephony: z.number() }),
  z.object({ kind: z.literal('failed'), why: z.string() }),
])
export type Answer = z.infer<typeof answer>
