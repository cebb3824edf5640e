// An order to a running bridge over its private HTTP.

import type { z } from 'zod'
import type { Address } from '../app/address.ts'

export type Order = {
  readonly ops: { readonly listen: Address; readonly token: string | null }
  /** The last part of its path. */
  readonly action: string
  readonly body: object
  readonly deadlineMs: number
}

/** A sentence where there was no answer to understand. */
export async function giveOrder<T extends object>(order: Order, answer: z.ZodType<T>): Promise<T | string> {
  const { listen, token } = order.ops
  const url = `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}/api/${order.action}`
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(order.body),
      signal: AbortSignal.timeout(order.deadlineMs),
    })
    const parsed = answer.safeParse(await response.json())
    return parsed.success
      ? parsed.data
      : `The bridge at ${url} gave an answer that is not understood (${response.status}).`
  } catch {
    return `No bridge answers at ${url}; is it running, and does "ops: listen" of the settings file name its address?`
  }
}
