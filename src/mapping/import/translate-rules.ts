// Presence sync rules to rows and blocks. "When the state of one side becomes x, set y on the other" is a row of one way; "while there is work,
// show y on the other side" is a block, which the rule engine had to spell out as several rules. Everything else is told, never guessed.

import { type Side, sideName } from '../../domain/side.ts'
import type { Found, FoundBlock, FoundEntry, ImportSource, LeftOut, Origin, ReadResult } from './found.ts'
import { unreadable } from './found.ts'
import { type PresenceRule, understand } from './presence-rules.ts'
import { parseRules } from './rules-json.ts'

/** States that the platform sets by itself around a call; they can be heard of, never set. */
const CALL_STATES: Readonly<Record<string, 'offered' | 'accepted' | 'wrap_up'>> = {
  Pending: 'offered',
  PendingBusy: 'offered',
  CallingCustomer: 'accepted',
  Busy: 'accepted',
  AfterCallWork: 'wrap_up',
}

const REMARKS = ['CRM statuses are API names, as the rules write them; labels work too.']

/** Work that a rule sees, and what the side without the work shows meanwhile. */
type Piece = {
  readonly kind: 'piece'
  readonly side: Side
  readonly status: string
  readonly channel: string | null
  readonly state: 'offered' | 'accepted' | 'wrap_up'
  readonly origin: Origin
}

export function readPresenceRules({ file, text }: ImportSource): ReadResult {
  const parsed = parseRules(text)
  if (parsed.kind === 'unreadable') return parsed
  const found = parsed.rules.map((json) => {
    const origin = { file, line: json.line }
    const understood = understand(json)
    if (understood.kind === 'rule') return translate(understood.rule, origin)
    if (understood.kind === 'not_understood') return { kind: 'left_out', origin, words: understood.why } as const
    return { kind: 'note', origin, words: `The rule "${understood.name}" was switched off.` } as const
  })
  if (found.every((entry, index) => entry.kind === 'left_out' && !(parsed.rules[index]?.fields.has('source') ?? false)))
    return unreadable('None of its objects has a source and a destination, as presence sync rules have.')
  return { kind: 'found', found: gather(found) }
}

function translate(rule: PresenceRule, origin: Origin): FoundEntry | Piece {
  const { source, destination } = rule
  const touched: Side = source === 'telephony_change' ? 'telephony' : 'crm'
  if (touched === destination)
    return leftOut(
      rule,
      origin,
      `it sets ${sideName(destination)} after a change of ${sideName(destination)}; the touched side is never touched back (R8)`,
    )
  if (destination === 'telephony' && rule.status in CALL_STATES)
    return leftOut(rule, origin, `"${rule.status}" is set by the platform itself and by nobody else`)
  if (source === 'work_accepted') return workAccepted(rule, origin)
  if (source === 'workload_changed') return workloadChanged(rule, origin)
  return stateChange(rule, origin)
}

function stateChange(rule: PresenceRule, origin: Origin): FoundEntry | Piece {
  const { when, destination, status } = rule
  const subject = destination === 'crm' ? 'telephony_new' : 'crm_new'
  if (when === null) return leftOut(rule, origin, 'it has no condition, so it would follow every change')
  if (when.subject === 'telephony_old')
    return leftOut(
      rule,
      origin,
      `it looks at the state that was left ("${when.value}"); "transition" says what happens then, for all states`,
    )
  if (when.subject !== subject || when.comparator !== '=')
    return leftOut(
      rule,
      origin,
      `only "new state equal to" makes a row; this one compares otherwise ("${when.comparator} ${when.value}")`,
    )
  if (when.value === '') return leftOut(rule, origin, 'the state that it waits for is empty')
  const state = destination === 'crm' ? CALL_STATES[when.value] : undefined
  if (state !== undefined) return { kind: 'piece', side: 'crm', status, channel: null, state, origin }
  const row = destination === 'crm' ? { crm: status, telephony: when.value } : { crm: when.value, telephony: status }
  const direction = destination === 'crm' ? 'to_crm' : 'to_telephony'
  return { kind: 'row', crm: [row.crm], telephony: [row.telephony], direction, origins: [origin] }
}

function workAccepted(rule: PresenceRule, origin: Origin): FoundEntry | Piece {
  const { when, status } = rule
  if (when !== null && (when.subject !== 'channel' || when.comparator !== '='))
    return leftOut(rule, origin, 'of accepted work only "service channel equal to" can be said')
  return { kind: 'piece', side: 'telephony', status, channel: when?.value ?? null, state: 'accepted', origin }
}

function workloadChanged(rule: PresenceRule, origin: Origin): FoundEntry | Piece {
  const { when, status } = rule
  const words = `${when?.comparator ?? ''}${when?.value ?? ''}`
  if (when?.subject === 'workload_new' && ['>0', '>=1', '!=0'].includes(words))
    return { kind: 'piece', side: 'telephony', status, channel: null, state: 'accepted', origin }
  if (when?.subject === 'workload_new' && ['=0', '<=0', '<1'].includes(words))
    return leftOut(
      rule,
      origin,
      `when the work ends, telephony goes back to what the agent chose last, not to "${status}" (R12)`,
    )
  return leftOut(rule, origin, 'workloads are not compared; a block counts items: see blocking, channels and min_items')
}

function leftOut({ name }: PresenceRule, origin: Origin, why: string): LeftOut {
  return { kind: 'left_out', origin, words: name === '' ? `A rule: ${why}.` : `The rule "${name}": ${why}.` }
}

/** The pieces of each side become one block. */
function gather(found: readonly (FoundEntry | Piece)[]): Found {
  const blocks: FoundBlock[] = []
  const entries = found.flatMap((entry): readonly FoundEntry[] => {
    if (entry.kind !== 'piece') return [entry]
    const at = blocks.findIndex(({ side }) => side === entry.side)
    const block = blocks[at]
    if (block === undefined) {
      if (
        entry.state === 'wrap_up' &&
        !found.some((other) => other.kind === 'piece' && other.side === entry.side && other.state !== 'wrap_up')
      )
        return [alone(entry)]
      blocks.push(begun(entry))
      return []
    }
    if (block.status !== entry.status) return [other(entry, block)]
    blocks[at] = widened(block, entry)
    return []
  })
  return { title: 'presence sync rules', entries, blocks, remarks: REMARKS }
}

function begun({ side, status, channel, state, origin }: Piece): FoundBlock {
  const channels = channel === null ? null : [channel]
  return { side, on: true, status, channels, from: state === 'offered' ? 'offered' : 'accepted', origins: [origin] }
}

function widened(block: FoundBlock, { channel, state, origin }: Piece): FoundBlock {
  const channels = channel === null || block.channels === null ? null : [...new Set([...block.channels, channel])]
  return { ...block, channels, from: state === 'offered' ? 'offered' : block.from, origins: [...block.origins, origin] }
}

function other({ side, status, origin }: Piece, block: FoundBlock): LeftOut {
  const words = `${sideName(side)} would show "${status}" here, but a block has one status, "${block.status}" (line ${block.origins[0]?.line ?? 1}).`
  return { kind: 'left_out', origin, words: words.slice(0, 1).toUpperCase() + words.slice(1) }
}

function alone({ status, origin }: Piece): LeftOut {
  const words = `A block begins when work is offered or accepted; "${status}" for wrap-up alone cannot be said.`
  return { kind: 'left_out', origin, words }
}
