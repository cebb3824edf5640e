// The frames between the console companion and the bridge (JSON text, one object a frame).

import { z } from 'zod'

const status = z.object({ id: z.string().max(64), apiName: z.string().max(255), label: z.string().max(255) })
const workState = z.enum(['assigned', 'accepted', 'declined', 'closed'])
const id = z.string().min(1).max(64)
const channel = z.string().max(255).nullish()
/** The browser's own time: kept out of all decisions, its clock may be wrong. */
const at = z.string().max(64).optional()

export const helloFrame = z.object({
  type: z.literal('hello'),
  v: z.literal(1),
  token: z.string().max(8_192),
  tab: z.string().min(1).max(128),
  status: status.nullable(),
  work: z.array(z.object({ workId: id, workItemId: z.string().max(64).nullish(), channel, state: workState })).max(200),
})

const companionFrame = z.discriminatedUnion('type', [
  status.extend({ type: z.literal('status'), reason: z.string().max(64).optional(), at }),
  z.object({ type: z.literal('logout'), reason: z.string().max(64).nullish(), at }),
  z.object({
    type: z.literal('work'),
    workId: id,
    workItemId: z.string().max(64).nullish(),
    channel,
    state: workState,
    at,
  }),
  z.object({ type: z.literal('workload') }),
  z.object({ type: z.literal('result'), cmd: id, ok: z.literal(true) }),
  z.object({ type: z.literal('ping') }),
])

/** Apart from the union above: a discriminator can only tell by one member. */
const failedResult = z.object({
  type: z.literal('result'),
  cmd: id,
  ok: z.literal(false),
  error: z.string().max(64),
  message: z.string().max(1_000).nullish(),
})

export type HelloFrame = z.infer<typeof helloFrame>
export type FailedResult = z.infer<typeof failedResult>
export type CompanionFrame = z.infer<typeof companionFrame> | FailedResult

export type BridgeFrame =
  | { readonly type: 'welcome'; readonly lead: boolean; readonly agent: string }
  | { readonly type: 'lead' }
  | {
      readonly type: 'set_status'
      readonly cmd: string
      readonly apiName: string
      readonly expect: string | null
      readonly expiresAt: string
      readonly sentence: string
    }
  | {
      readonly type: 'work'
      readonly cmd: string
      readonly action: 'accept' | 'decline' | 'close'
      readonly workId: string
      readonly reason?: string
      readonly expiresAt: string
    }
  | { readonly type: 'pong' }

/** 4401 and so on are promised to those who write companions; 1008, 1011 and 1013 are WebSocket's own. */
export const CLOSE = {
  goingAway: 1001,
  notThisProtocol: 1008,
  failed: 1011,
  tryLater: 1013,
  tokenRefused: 4401,
  originRefused: 4403,
  noHello: 4408,
  sameTab: 4409,
  frameTooLarge: 4413,
  tooManyFrames: 4429,
} as const

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** undefined: a frame of a kind that this version does not know; null: one that it knows but cannot read. */
export function readFrame(value: unknown): CompanionFrame | null | undefined {
  const kind = anyFrame.safeParse(value)
  if (!kind.success) return null
  if (!KNOWN.has(kind.data.type)) return undefined
  const frame = (isFailure(kind.data) ? failedResult : companionFrame).safeParse(value)
  return frame.success ? frame.data : null
}

const anyFrame = z.object({ type: z.string(), ok: z.unknown().optional() })
const KNOWN: ReadonlySet<string> = new Set(['status', 'logout', 'work', 'workload', 'result', 'ping'])

function isFailure({ type, ok }: z.infer<typeof anyFrame>): boolean {
  return type === 'result' && ok === false
}
