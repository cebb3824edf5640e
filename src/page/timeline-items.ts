// What of a timeline can be drawn and walked through: each with its place, its colour and its words. Pure.

import { SIDES, type Side } from '../domain/side.ts'
import type { Gap, Lane, Timeline } from '../domain/timeline.ts'
import { lasting, took } from './time.ts'
import { ACTOR_WORDS, CAUSE_WORDS, OUTCOME_TONES, SIDE_TITLES, type Tone } from './words.ts'

type ItemKind = 'status' | 'work' | 'block' | 'exposure' | 'write' | 'gap'

export type Item = {
  readonly key: string
  readonly kind: ItemKind
  /** Null: of both. */
  readonly side: Side | null
  readonly from: number
  /** Of what has no length, as `from`. */
  readonly to: number
  readonly label: string
  readonly tone: Tone
  /** A status in which the platform pushes work. */
  readonly takesWork: boolean
  /** Row within the kind's band: bars that overlap stand below each other. */
  readonly row: number
  /** The decision behind it; null: none. */
  readonly seq: number | null
  /** In sentences, the first one the most telling. */
  readonly words: readonly string[]
  /** Of work: how far it was, one after the other. */
  readonly stages?: readonly Stage[]
}

export type Stage = { readonly state: string; readonly from: number; readonly to: number }

/** Bars of work below each other; what is more lies on the last one. */
export const WORK_ROWS_MAX = 4

type Args = { readonly now: number; readonly available: Readonly<Record<Side, readonly string[]>> }

export function itemsOf(timeline: Timeline, args: Args): readonly Item[] {
  const lanes = SIDES.flatMap((side) => laneItems(side, timeline.lanes[side], args))
  const gaps = timeline.gaps.map((gap, index) => gapItem(gap, index, args.now))
  return [...gaps, ...lanes]
}

/** In the order in which the keyboard walks through them: by time, then by lane. */
export function walked(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => a.from - b.from || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
}

const KINDS: readonly ItemKind[] = ['gap', 'status', 'work', 'block', 'exposure', 'write']

function laneItems(side: Side, lane: Lane, { now, available }: Args): readonly Item[] {
  const where = SIDE_TITLES[side]
  const base = { side, tone: 'info', takesWork: false, row: 0, seq: null } as const
  const statuses = lane.statuses.map((spell, index): Item => {
    const { from, to } = ends(spell, now)
    const rule = spell.rule === null ? '' : `, by ${spell.rule}`
    const by =
      spell.by === null
        ? []
        : [`Set by ${ACTOR_WORDS[spell.by]}${spell.reason === null ? '' : ` (${spell.reason}${rule})`}.`]
    return {
      ...base,
      key: `${side} status ${index}`,
      kind: 'status',
      from,
      to,
      label: spell.status,
      takesWork: available[side].includes(spell.status),
      seq: spell.seq,
      words: [`${spell.status} in ${where} for ${lasting(to - from)}`, ...by],
    }
  })
  return [
    ...statuses,
    ...workItems(side, lane, now),
    ...lane.blocks.map((spell, index): Item => {
      const { from, to } = ends(spell, now)
      const rule = spell.rule === null ? [] : [`By ${spell.rule}.`]
      const words = [`${where} blocked for ${lasting(to - from)}: ${BLOCK_WORDS[spell.phase]}`, ...rule]
      return {
        ...base,
        key: `${side} block ${index}`,
        kind: 'block',
        from,
        to,
        label: spell.phase,
        tone: spell.phase === 'gave_way' ? 'warn' : 'quiet',
        words,
      }
    }),
    ...lane.exposures.map((spell, index): Item => {
      const { from, to } = ends(spell, now)
      const words = [
        `Could be offered work in ${where} while working on the other side, for ${took(to - from)}`,
        `Because ${CAUSE_WORDS[spell.cause]}.`,
      ]
      return {
        ...base,
        key: `${side} exposure ${index}`,
        kind: 'exposure',
        from,
        to,
        label: 'exposed',
        // That a write takes its time is no fault; it is shown, but not as one.
        tone: spell.cause === 'under_way' ? 'warn' : 'bad',
        words,
      }
    }),
    ...lane.writes.map((mark, index): Item => {
      const at = Date.parse(mark.at)
      const how = mark.ms === null ? mark.outcome : `${mark.outcome} after ${took(mark.ms)}`
      const more = mark.words === null ? [] : [`${mark.words}.`]
      const rule = mark.rule === null ? mark.reason : `${mark.reason}, by ${mark.rule}`
      const words = [`${mark.status} written in ${where}: ${how}`, `Because of ${rule}.`, ...more]
      return {
        ...base,
        key: `${side} write ${index}`,
        kind: 'write',
        from: at,
        to: at,
        label: mark.status,
        tone: OUTCOME_TONES[mark.outcome],
        seq: mark.seq,
        words,
      }
    }),
  ]
}

const BLOCK_WORDS = {
  standing: 'work is open on the other side',
  quiet: 'work is open on the other side; nothing had to be written',
  holding: 'the work is over, release_after runs',
  gave_way: 'gave way to what the agent chose',
} as const

/** Each on the first row that is free. */
function workItems(side: Side, lane: Lane, now: number): readonly Item[] {
  const freeFrom: number[] = []
  return lane.work.map((spell, index): Item => {
    const { from, to } = ends(spell, now)
    const free = freeFrom.findIndex((until) => until <= from)
    const row = Math.min(free >= 0 ? free : freeFrom.length, WORK_ROWS_MAX - 1)
    freeFrom[row] = Math.max(to, freeFrom[row] ?? 0)
    const channel = spell.channel ?? 'work'
    const states = spell.states.map(
      ({ state, at }) => `${state.replace('_', ' ')} ${new Date(at).toLocaleTimeString('en-GB')}`,
    )
    return {
      key: `${side} work ${index}`,
      kind: 'work',
      side,
      from,
      to,
      label: channel,
      tone: 'info',
      takesWork: false,
      row,
      seq: null,
      words: [
        `${channel} in ${SIDE_TITLES[side]} for ${lasting(to - from)}`,
        `Item ${spell.item}: ${states.join(', ')}.`,
      ],
      stages: stagesOf(spell.states, { from, to }),
    }
  })
}

/** By the platform's times, which may lie outside of what the bridge saw. */
function stagesOf(
  states: readonly { readonly state: string; readonly at: string }[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly Stage[] {
  const within = (at: number) => Math.max(from, Math.min(to, at))
  const begins = states.map(({ state, at }, index) => ({ state, at: index === 0 ? from : within(Date.parse(at)) }))
  return begins.map(({ state, at }, index) => ({ state, from: at, to: Math.max(at, begins[index + 1]?.at ?? to) }))
}

function gapItem(gap: Gap, index: number, now: number): Item {
  const { from, to } = ends(gap, now)
  const side = gap.kind === 'crm_down' ? 'crm' : gap.kind === 'telephony_down' ? 'telephony' : null
  const words = [`${GAP_WORDS[gap.kind]} for ${lasting(to - from)}`, gap.words]
  return {
    key: `gap ${index}`,
    kind: 'gap',
    side,
    from,
    to,
    label: GAP_WORDS[gap.kind],
    tone: 'warn',
    takesWork: false,
    row: 0,
    seq: null,
    words,
  }
}

const GAP_WORDS = {
  bridge_down: 'The bridge was down',
  crm_down: 'No link to the CRM',
  telephony_down: 'No link to telephony',
  paused: 'Paused',
} as const

function ends(
  { from, to }: { readonly from: string; readonly to: string | null },
  now: number,
): { from: number; to: number } {
  const begin = Date.parse(from)
  return { from: begin, to: Math.max(begin, to === null ? now : Date.parse(to)) }
}
