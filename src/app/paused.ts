// Who is paused, kept in the journal: a restart must not begin to write for somebody who was paused on purpose.

import { z } from 'zod'
import type { AgentEntry } from './agents.ts'

/** The mark's key. */
export const PAUSED = 'paused'

const schema = z.record(z.string(), z.string())

export function pausedText(entries: readonly AgentEntry[]): string {
  return JSON.stringify(
    Object.fromEntries(entries.flatMap((e) => (e.paused === null ? [] : [[e.member.agent, e.paused]]))),
  )
}

/** Agent to who paused and why. */
export function pausedOf(text: string | undefined): ReadonlyMap<string, string> {
  if (text === undefined) return new Map()
  return new Map(Object.entries(schema.parse(JSON.parse(text))))
}
