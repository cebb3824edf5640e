// Which item stands for which status, over restarts. The org knows the item but not what it stands for; what is lost here is ended there.

import { z } from 'zod'
import type { PlatformUserId, StatusId } from '../../../domain/side.ts'
import type { Marks } from '../settings.ts'
import type { Block } from './person.ts'

const stored = z.object({
  status: z.string().transform((id) => id as StatusId),
  work: z.string(),
  record: z.string(),
})

export type BlockMemory = {
  /** As it was stored; whether it is still there only the org can tell. */
  load(user: PlatformUserId): Block | null
  store(user: PlatformUserId, block: Block | null): void
}

export function createBlockMemory(marks: Marks): BlockMemory {
  const last = new Map<PlatformUserId, string>()
  const keyOf = (user: PlatformUserId) => `salesforce:block:${user}`

  function textOf(user: PlatformUserId): string {
    const known = last.get(user) ?? marks.get(keyOf(user)) ?? ''
    last.set(user, known)
    return known
  }

  return {
    load(user) {
      const text = textOf(user)
      const parsed = text === '' ? null : stored.safeParse(parseJson(text))
      return parsed?.success ? { ...parsed.data, createdAt: 0, phase: 'asked' } : null
    },
    store(user, block) {
      const text = block ? JSON.stringify({ status: block.status, work: block.work, record: block.record }) : ''
      if (textOf(user) === text) return
      last.set(user, text)
      marks.set(keyOf(user), text)
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
