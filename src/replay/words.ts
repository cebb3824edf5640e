// A difference as a sentence: what happened, what came of it, and what would have come of it.

import { sentence } from '../app/sentence.ts'
import type { EventRecord } from '../domain/record.ts'
import { SIDES, type Side, sideName } from '../domain/side.ts'
import { type Difference, isSameDecision } from './compare.ts'
import type { Decided } from './moment.ts'

/** `name`: as people call the agent. */
export function differenceWords(difference: Difference, name: string): string {
  const { event, before, now } = difference
  const sides = SIDES.flatMap((side) => {
    const words = sideWords(side, { before: on(side, before), now: on(side, now) })
    return words === null ? [] : [words]
  })
  return `${causeWords(name, event)}: ${sides.length === 0 ? 'other rules hold from here on' : sides.join('; ')}.`
}

function causeWords(name: string, event: EventRecord): string {
  if (event.kind === 'timer') return `Time passed for ${name}`
  return sentence({ name, event, decisions: [], overlaps: [] }).replace(/\.$/, '')
}

function on(side: Side, decided: readonly Decided[] | null): Decided | null {
  return decided?.find((d) => d.side === side) ?? null
}

type Pair = { readonly before: Decided | null; readonly now: Decided | null }

/** Null: nothing differs on this side. */
function sideWords(side: Side, { before, now }: Pair): string | null {
  if (before === null && now === null) return null
  if (before !== null && now !== null && isSameDecision(before, now)) return null
  const was = `${sideName(side)} ${pastWords(before)}${because(before)}`
  const isSame = before !== null && now !== null && pastWords(before) === pastWords(now)
  if (isSame) return `${was}, now so too, for another reason${because(now)}`
  return `${was}, now it would ${nowWords(now)}${because(now)}`
}

function pastWords(decided: Decided | null): string {
  if (decided === null || decided.reason === 'breaker') return 'was left alone'
  const { from, to, written } = decided
  if (written) return `was set from ${from} to ${to}`
  return from === to ? `stayed at ${to}` : `was on its way from ${from} to ${to}`
}

function nowWords(decided: Decided | null): string {
  if (decided === null || decided.reason === 'breaker') return 'be left alone'
  const { from, to, written } = decided
  if (written) return `be set from ${from} to ${to}`
  return from === to ? `stay at ${to}` : `be on its way from ${from} to ${to}`
}

/** " (mapped, mappings.yaml:7)" */
function because(decided: Decided | null): string {
  if (decided === null) return ''
  return ` (${decided.reason}${decided.rule === null ? '' : `, ${decided.rule}`})`
}
