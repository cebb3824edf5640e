// Work that reached somebody at work on the other side, or could have, and why.

import { otherSide, type Side, sideName } from '../domain/side.ts'
import type { ExposureSpell, Lane, WriteMark } from '../domain/timeline.ts'
import { causeWords, remedyFor } from './cause-words.ts'
import { WAITING_MS } from './limits.ts'
import { lastsAt } from './moment.ts'
import {
  capital,
  DOWN_WORDS,
  downWords,
  isNear,
  itemWords,
  linkDown,
  type Trouble,
  type TroubleAsk,
} from './trouble.ts'

/** Work that came while it should have been kept away. */
export function reachedOn(side: Side, ask: TroubleAsk): readonly Trouble[] {
  const { timeline } = ask
  const lane = timeline.lanes[side]
  return lane.work.flatMap((work): Trouble[] => {
    const exposure = lane.exposures.findLast((e) => e.from <= work.from && (e.to === null || e.to >= work.from))
    if (exposure === undefined || !isNear(work, ask)) return []
    const beside = timeline.lanes[otherSide(side)].work.find((w) => lastsAt(w, work.from))
    const during =
      beside === undefined
        ? `work in ${sideName(otherSide(side))}`
        : `${itemWords(beside)} in ${sideName(otherSide(side))}`
    const { why, remedy } = explained(side, exposure, lane, ask)
    const words = `${capital(itemWords(work))} reached ${timeline.name} in ${sideName(side)} during ${during}, because ${why}.`
    return [{ kind: 'reached', from: work.from, to: work.to, words, remedy }]
  })
}

export function exposedOn(side: Side, ask: TroubleAsk): readonly Trouble[] {
  const lane = ask.timeline.lanes[side]
  return lane.exposures.flatMap((exposure): Trouble[] => {
    const ms = Date.parse(exposure.to ?? ask.timeline.to) - Date.parse(exposure.from)
    if (ms < WAITING_MS || !isNear(exposure, ask)) return []
    if (lane.work.some((w) => exposure.from <= w.from && (exposure.to === null || exposure.to >= w.from))) return []
    const { why, remedy } = explained(side, exposure, lane, ask)
    const words = `Work in ${sideName(side)} could have reached ${ask.timeline.name} during work in ${sideName(otherSide(side))}, because ${why}.`
    return [{ kind: 'exposed', from: exposure.from, to: exposure.to, words, remedy }]
  })
}

/** The cause with what else is known of that time: a link that was down, a write that waited. */
function explained(
  side: Side,
  exposure: ExposureSpell,
  lane: Lane,
  ask: TroubleAsk,
): { readonly why: string; readonly remedy: string | null } {
  const end = exposure.to ?? ask.timeline.to
  const write = lane.writes.findLast((w) => w.at <= exposure.from) ?? null
  const down = linkDown(side, ask.timeline, exposure.from, end)
  const waited = isSlow(write) && exposure.cause !== 'refused'
  const cause = exposure.cause === 'under_way' && (down !== null || waited) ? 'not_taken' : exposure.cause
  const why = causeWords(cause, side, write?.words ?? null)
  const rule = write?.rule ?? lane.blocks.find((b) => lastsAt(b, exposure.from))?.rule ?? null
  if (down === null || (cause !== 'not_taken' && cause !== 'failed'))
    return { why, remedy: remedyFor(cause, { side, rule }) }
  return {
    why: `${why}: ${downWords(side, down, ask)}, the write waited`,
    remedy: DOWN_WORDS[side === 'crm' ? 'crm_down' : 'telephony_down'].remedy,
  }
}

function isSlow(write: WriteMark | null): boolean {
  return write !== null && (write.outcome === 'waiting' || (write.ms ?? 0) > WAITING_MS)
}
