// What people may ask, read from queries and bodies: either something useful or a sentence that says what is wrong.

import { z } from 'zod'
import type { JournalEntry, LogFilter } from '../domain/journal.ts'
import { TEXT_MAX } from '../domain/limits.ts'
import { REASONS, type Reason } from '../domain/reason.ts'
import type { AgentId } from '../domain/side.ts'
import { HISTORY_SPAN_MAX_MS, LOG_ROWS_DEFAULT, LOG_ROWS_MAX } from './limits.ts'
import { type AdminOrder, type ForgetOrder, type View, WORK_ACTIONS, type WorkOrder } from './status.ts'

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

const Time = z
  .string()
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text)))
  .refine((ms) => Math.abs(ms) <= 8.64e15, 'is not a time; write it like 2026-11-21T10:00:00Z')
  .transform((ms) => new Date(ms).toISOString())

const Name = z.string().min(1).max(TEXT_MAX)

const LogQuery = z.strictObject({
  agent: Name.optional(),
  from: Time.optional(),
  to: Time.optional(),
  reason: z
    .custom<Reason>((value) => typeof value === 'string' && Object.hasOwn(REASONS, value), 'is not a reason code')
    .optional(),
  limit: z.coerce.number().int().min(0).max(LOG_ROWS_MAX).optional(),
  // Each record with its number.
  numbered: z.literal('true').optional(),
  // The other flags of the command; what they ask for is said by the Accept header here.
  follow: z.string().optional(),
  format: z.string().optional(),
})

const ViewQuery = z.strictObject({ agent: Name.optional(), from: Time, to: Time })

const Words = z.string().max(500).optional()
const OrderBody = z
  .strictObject({
    agent: Name.optional(),
    profile: Name.optional(),
    all: z.literal(true).optional(),
    reason: Words,
    by: Words,
  })
  .transform(({ agent, profile, all, reason, by }) => ({ agent, profile, all, reason: reason ?? null, by: by ?? null }))

const WorkBody = z
  .strictObject({
    agent: Name,
    work: z.string().min(1).max(200),
    action: z.enum(WORK_ACTIONS),
    reason: Words,
    by: Words,
  })
  .transform(({ reason, by, ...order }) => ({ ...order, reason: reason ?? null, by: by ?? null }))

/** `agentOf` turns either of an agent's names into the one that records carry. */
export function parseLogQuery(
  query: Readonly<Record<string, string>>,
  agentOf: (name: string) => AgentId | null,
): Parsed<LogFilter> {
  const parsed = LogQuery.safeParse(query)
  if (!parsed.success) return { ok: false, error: sentence(parsed.error) }
  const { agent, from, to, reason, limit } = parsed.data
  const filter: LogFilter = {
    limit: limit ?? LOG_ROWS_DEFAULT,
    // Someone who is not kept in step any more may still be in the journal.
    ...(agent === undefined ? {} : { agent: agentOf(agent) ?? (agent as AgentId) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(reason === undefined ? {} : { reason }),
  }
  return { ok: true, value: filter }
}

/** A part of history to draw: both ends are needed, and it has a longest length. */
export function parseView(query: Readonly<Record<string, string>>): Parsed<View & { readonly agent?: string }> {
  const parsed = ViewQuery.safeParse(query)
  if (!parsed.success) return { ok: false, error: sentence(parsed.error) }
  const { agent, from, to } = parsed.data
  const ms = Date.parse(to) - Date.parse(from)
  if (ms <= 0) return { ok: false, error: '"to" must be later than "from".' }
  if (ms > HISTORY_SPAN_MAX_MS) return { ok: false, error: 'No more than 31 days can be shown at once.' }
  return { ok: true, value: { from, to, ...(agent === undefined ? {} : { agent }) } }
}

/** What `query` would say of a record that was just made. */
export function matches({ record }: JournalEntry, { agent, from, to, reason }: LogFilter): boolean {
  if (agent !== undefined && record.agent !== agent) return false
  if (reason !== undefined && !record.decisions.some((decision) => decision.reason === reason)) return false
  const at = Date.parse(record.time)
  return (from === undefined || at >= Date.parse(from)) && (to === undefined || at < Date.parse(to))
}

/** A body that names nobody stands for everybody only where the order has no target (`needsTarget` false). */
export function parseOrder(text: string, { needsTarget }: { needsTarget: boolean }): Parsed<AdminOrder> {
  const json = parseJson(text.trim() === '' && !needsTarget ? '{}' : text)
  if (!json.ok) return json
  const parsed = OrderBody.safeParse(json.value)
  if (!parsed.success) return { ok: false, error: sentence(parsed.error) }
  const { agent, profile, all, reason, by } = parsed.data
  const named = [agent, profile, all].filter((one) => one !== undefined)
  if (named.length > 1 || (named.length === 0 && needsTarget)) {
    return { ok: false, error: 'Name exactly one of "agent", "profile" or "all": true.' }
  }
  if (agent !== undefined) return { ok: true, value: { target: { kind: 'agent', agent }, reason, by } }
  if (profile !== undefined) return { ok: true, value: { target: { kind: 'profile', profile }, reason, by } }
  return { ok: true, value: { target: { kind: 'all' }, reason, by } }
}

export function parseWorkOrder(text: string): Parsed<WorkOrder> {
  const json = parseJson(text)
  if (!json.ok) return json
  const parsed = WorkBody.safeParse(json.value)
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, error: sentence(parsed.error) }
}

/** One person at a time: a slip of the pen must not empty the journal. Why is not asked: it might name them. */
export function parseForget(text: string): Parsed<ForgetOrder> {
  const order = parseOrder(text, { needsTarget: true })
  if (!order.ok) return order
  const { target, by } = order.value
  if (target.kind !== 'agent') return { ok: false, error: 'One person at a time is forgotten: name the "agent".' }
  return { ok: true, value: { agent: target.agent, by } }
}

function parseJson(text: string): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, error: 'The body is not JSON.' }
  }
}

function sentence(error: z.ZodError): string {
  const [first] = error.issues
  if (first === undefined) return 'The request is not understood.'
  const where = first.path.join('.')
  return where === '' ? `${first.message}.` : `"${where}": ${first.message}.`
}
