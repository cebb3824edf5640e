// A platform that answers writes as it is told, and remembers what it was asked and what it shows.

import type { WriteOptions, WriteResult } from '../../src/domain/platform.ts'
import type { PlatformUserId, StatusId } from '../../src/domain/side.ts'
import type { StatusSetter } from '../../src/outbox/attempt.ts'

export type Asked = {
  readonly user: PlatformUserId
  readonly status: StatusId
  readonly options: WriteOptions
  readonly answer: (result: WriteResult) => void
}

export type ScriptedPlatform = StatusSetter & {
  /** Every attempt, in order. */
  readonly asked: readonly Asked[]
  /** Attempts that have no answer yet. */
  readonly open: ReadonlySet<Asked>
  readonly shows: ReadonlyMap<PlatformUserId, StatusId>
}

/** `answer` undefined: the attempt stays open until the test answers it. */
export function createScriptedPlatform(answer: (asked: Asked) => WriteResult | undefined): ScriptedPlatform {
  const asked: Asked[] = []
  const open = new Set<Asked>()
  const shows = new Map<PlatformUserId, StatusId>()
  return {
    asked,
    open,
    shows,
    setStatus(user, status, options) {
      return new Promise((resolve) => {
        const question: Asked = {
          user,
          status,
          options,
          answer(result) {
            open.delete(question)
            if (result.kind === 'accepted') shows.set(user, status)
            resolve(result)
          },
        }
        asked.push(question)
        open.add(question)
        const result = answer(question)
        if (result !== undefined) question.answer(result)
      })
    },
  }
}
