// What of somebody's history wants explaining, in words that support staff understand, and what can be done about each.

import { otherSide, SIDES, type Side, sideName } from '../domain/side.ts'
import type { ExposureSpell } from '../domain/timeline.ts'
import { remedyFor } from './cause-words.ts'
import { exposedOn, reachedOn } from './exposure-troubles.ts'
import { STUCK_MS, WAITING_MS } from './limits.ts'
import { type Moment, momentOf } from './moment.ts'
import { ruleTrouble } from './rule-troubles.ts'
import { capital, DOWN_WORDS, downWords, itemWords, linkDown, type Trouble, type TroubleAsk } from './trouble.ts'

/** What weighs most first. */
export function troublesOf(ask: TroubleAsk): readonly Trouble[] {
  const moment = momentOf(ask.timeline, ask.at)
  const lasting = [...standstills(moment, ask), ...SIDES.flatMap((side) => writeTrouble(side, moment, ask))]
  const reached = SIDES.flatMap((side) => reachedOn(side, ask))
  const exposed = SIDES.flatMap((side) => exposedOn(side, ask))
  const blocked = SIDES.flatMap((side) => blockTrouble(side, moment, ask))
  const isPresent = ask.aroundMs.after === 0
  const first = isPresent ? [...lasting, ...reached] : [...reached, ...lasting]
  return [...first, ...ruleTrouble(ask), ...blocked, ...exposed]
}

/** Nothing is written, or heard. */
function standstills({ gaps }: Moment, { timeline }: TroubleAsk): readonly Trouble[] {
  return gaps.map(({ kind, from, to, words }): Trouble => {
    if (kind !== 'paused') {
      const said = words === '' ? '' : ` (${words})`
      return { kind: 'down', from, to, words: `${DOWN_WORDS[kind].words}${said}.`, remedy: DOWN_WORDS[kind].remedy }
    }
    const resume = `presence-bridge resume --agent ${timeline.agent}`
    return {
      kind: 'paused',
      from,
      to,
      words: `Nothing is written for them: ${words}.`,
      remedy: `When it is over: ${resume}`,
    }
  })
}

function writeTrouble(side: Side, { sides, at }: Moment, ask: TroubleAsk): readonly Trouble[] {
  const { write, waits, status } = sides[side]
  if (write === null || (status !== null && status.from > write.at)) return []
  const { status: wanted, outcome, words } = write
  const where = sideName(side)
  const said = words === null ? '' : ` (${words})`
  const trouble = (kind: Trouble['kind'], text: string, remedy: string): readonly Trouble[] => [
    { kind, from: write.at, to: null, words: text, remedy },
  ]
  if (outcome === 'shadow')
    return trouble(
      'shadow',
      `${wanted} would have been written to ${where}, but nothing is written: shadow mode.`,
      remedyOf('shadow', side),
    )
  if (waits) {
    const forMs = Date.parse(at) - Date.parse(write.at)
    if (forMs < WAITING_MS) return []
    const down = linkDown(side, ask.timeline, write.at, at)
    const why = down === null ? said : `: ${downWords(side, down, ask)}`
    const remedy =
      down === null ? remedyOf('not_taken', side) : DOWN_WORDS[side === 'crm' ? 'crm_down' : 'telephony_down'].remedy
    return trouble('write', `${wanted} waits to be written to ${where}; it has not been taken yet${why}.`, remedy)
  }
  if (outcome === 'refused')
    return trouble('write', `${capital(where)} refused ${wanted}${said}.`, remedyOf('refused', side))
  if (outcome === 'failed')
    return trouble(
      'write',
      `${wanted} could not be written to ${where} and was given up${said}.`,
      remedyOf('failed', side),
    )
  if (outcome === 'ignored')
    return trouble('write', `${capital(where)} took ${wanted} and did not set it.`, remedyOf('ignored', side))
  return []
}

function blockTrouble(side: Side, { sides, at }: Moment, { timeline }: TroubleAsk): readonly Trouble[] {
  const { block } = sides[side]
  if (block === null || block.phase === 'gave_way') return []
  const since =
    timeline.lanes[side].blocks.findLast((b, n, all) => b.from <= at && all[n - 1]?.to !== b.from)?.from ?? block.from
  const where = sideName(side)
  const holding = sides[otherSide(side)].work
  const by =
    holding.length === 0
      ? ''
      : ` by ${holding.map((w) => itemWords(w, w.state)).join(' and ')} in ${sideName(otherSide(side))}`
  const isLong = Date.parse(at) - Date.parse(since) >= STUCK_MS
  const release = `If that work ended long ago: presence-bridge release ${timeline.agent}`
  if (block.phase === 'holding')
    return [
      {
        kind: 'blocked',
        from: since,
        to: null,
        words: `${capital(where)} is blocked for a moment longer, after the work (release_after).`,
        remedy: null,
      },
    ]
  const wrapUp = holding.length > 0 && holding.every((w) => w.state === 'wrap_up')
  const patience = wrapUp
    ? 'The block ends with the wrap-up; wrap_up: false under blocking: lets it end with the work.'
    : null
  return [
    {
      kind: 'blocked',
      from: since,
      to: null,
      words: `${capital(where)} is blocked${by}.`,
      remedy: isLong ? release : patience,
    },
  ]
}

function remedyOf(cause: ExposureSpell['cause'], side: Side): string {
  return remedyFor(cause, { side, rule: null }) ?? ''
}
