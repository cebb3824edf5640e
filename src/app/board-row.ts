// One agent as the board shows them: where they stand, and what is not as it should be.

import { STUCK_BLOCK_MS } from '../domain/limits.ts'
import type { ExposureCause, ExposureRecord } from '../domain/record.ts'
import type { Rules } from '../domain/rules.ts'
import { OFFLINE, SIDES, type Side } from '../domain/side.ts'
import { isOpen } from '../domain/work.ts'
import type { SideState } from '../engine/state.ts'
import { blockInForce, showingBlock, target } from '../engine/target.ts'
import { liveWrite } from '../engine/turn.ts'
import { type BoardRow, type BoardSide, TROUBLES, type Trouble } from '../ops/board.ts'
import type { AgentEntry } from './agents.ts'
import { exposuresOf } from './exposure.ts'

type RowArgs = { readonly rules: Rules; readonly shadow: boolean; readonly now: number }

/** `shadow`: of the whole bridge. */
export function boardRowOf(entry: AgentEntry, args: RowArgs): BoardRow {
  const { member, profile, paused, telling } = entry
  const exposures = exposuresOf(entry, args.shadow)
  const troubles = troublesOf(entry, exposures, args)
  return {
    agent: member.agent,
    name: member.name,
    ...(profile === null ? {} : { profile }),
    crm: sideOf(entry, 'crm', { ...args, exposures }),
    telephony: sideOf(entry, 'telephony', { ...args, exposures }),
    ...(troubles.length === 0 ? {} : { troubles }),
    ...(paused === null ? {} : { paused }),
    ...(telling === null ? {} : { reason: telling.reason, decidedAt: telling.at }),
  }
}

function sideOf(
  { state, rules }: AgentEntry,
  side: Side,
  args: RowArgs & { readonly exposures: readonly ExposureRecord[] },
): BoardSide {
  const s = state[side]
  const label = (status: typeof s.observed) => args.rules.label(side, status)
  const write = liveWrite(s)
  const wanted = target(rules, side, s)
  const work = s.work.filter((item) => isOpen(item.state)).map(({ channel, state }) => [channel, state] as const)
  const exposed = args.exposures.find((exposure) => exposure.side === side)?.cause
  const block = blockOf(rules, side, s)
  return {
    status: label(s.observed),
    ...(rules.available[side].has(s.observed) ? { takesWork: true } : {}),
    ...(s.stamp.at > 0 ? { since: s.stamp.at } : {}),
    ...(wanted === s.observed || s.observed === OFFLINE ? {} : { target: label(wanted) }),
    ...(write === null || write.phase === 'withheld' ? {} : { pending: label(write.status) }),
    ...(work.length === 0 ? {} : { work }),
    ...(block === null ? {} : { block }),
    ...(exposed === undefined ? {} : { exposed }),
    ...(s.stuck === null ? {} : { stuck: s.stuck.words }),
  }
}

function blockOf(
  rules: AgentEntry['rules'],
  side: Side,
  s: Readonly<SideState>,
): NonNullable<BoardSide['block']> | null {
  const block = blockInForce(s)
  if (block === null) return null
  if (block.phase === 'holding') return 'holding'
  return showingBlock(rules, side, s) === null ? 'quiet' : 'standing'
}

function troublesOf(
  entry: AgentEntry,
  exposures: readonly ExposureRecord[],
  { shadow, now }: RowArgs,
): readonly Trouble[] {
  const { state, rules, paused, faulty } = entry
  const silent = shadow || rules.mode === 'shadow'
  const found = new Set<Trouble>(SIDES.flatMap((side) => sideTroubles(entry, side, { now, silent })))
  if (exposures.some((exposure) => isTrouble(entry, exposure, now))) found.add('exposed')
  if (faulty) found.add('faulty')
  else if (paused !== null) found.add('paused')
  // Of the whole bridge it is said once.
  if (silent && !shadow) found.add('shadow')
  if (state.frozen !== null) found.add('frozen')
  if (found.size === 0) return NONE
  return TROUBLES.filter((trouble) => found.has(trouble))
}

/** That a write takes a moment is no trouble; with many agents somebody would be called at every moment. */
function isTrouble({ state }: AgentEntry, { side, cause }: ExposureRecord, now: number): boolean {
  if (CHOSEN.has(cause)) return false
  const write = liveWrite(state[side])
  return cause !== 'under_way' || write === null || now - write.at >= EXPOSED_MOMENT_MS
}

/** So long a write may be under way before the exposure is called one, ms. */
export const EXPOSED_MOMENT_MS = 2_000
const NONE: readonly Trouble[] = []
/** Exposures that somebody decided on: shown, but nobody is called because of them. */
const CHOSEN: ReadonlySet<ExposureCause> = new Set<ExposureCause>(['paused', 'shadow', 'gave_way', 'not_blocked'])

function sideTroubles(
  { state, rules, paused, started }: AgentEntry,
  side: Side,
  { now, silent }: { readonly now: number; readonly silent: boolean },
): readonly Trouble[] {
  const s = state[side]
  const found: Trouble[] = []
  const write = liveWrite(s)
  if (write?.phase === 'turned_away') found.push('unreachable')
  if (s.stuck !== null) found.push(s.stuck.kind === 'retrying' ? 'unconfirmed' : s.stuck.kind)
  if (s.block?.phase === 'standing' && s.block.since <= now - STUCK_BLOCK_MS) found.push('stuck_block')
  // What is being written, given up or held back on purpose has a name of its own.
  const isWritten = write !== null && write.phase !== 'withheld'
  const explained = isWritten || s.stuck !== null || state.frozen !== null || paused !== null || silent
  if (started && !explained && s.observed !== OFFLINE && target(rules, side, s) !== s.observed) found.push('drift')
  return found
}
