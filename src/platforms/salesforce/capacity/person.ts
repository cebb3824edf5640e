// One person under the capacity writer: what Salesforce really shows of them, and the block item that stands for an unavailable status. Pure:
// reports and readings in; what the bridge is to hear, and what is to be done about the item, out.
//
// A block item that the org reports as open *is* the status that was written: it is shown in place of the person's own until the item ends or
// the person chooses a status. The item itself is never shown as work.

import type { Reading, StatusReport, WorkReport } from '../../../domain/report.ts'
import { OFFLINE, type StatusId } from '../../../domain/side.ts'
import { isOpen } from '../../../domain/work.ts'

export type Block = {
  /** The status that was written and that the item stands for. */
  readonly status: StatusId
  /** AgentWork, and the record that it is about. */
  readonly work: string
  readonly record: string
  readonly createdAt: number
  /**
   * `asked`: created, not reported yet. `shown`: the org has it open. `unshown`: the person chose another available status since; the item still
   * keeps work away for a moment, in which the bridge may want it again. `ending`: its end was asked for.
   */
  readonly phase: 'asked' | 'shown' | 'unshown' | 'ending'
}

export type Person = {
  /** What Salesforce itself shows; null: not heard of yet. */
  readonly actual: { readonly status: StatusId; readonly at: number } | null
  /** When a report of it was heard last, by our own clock: a reading that began before does not know of it. */
  readonly heardAt: number
  readonly block: Block | null
  /** The newest time told of this person: our own tellings carry our clock, and nothing after them may seem older. */
  readonly toldAt: number
}

export const UNHEARD: Person = { actual: null, heardAt: 0, block: null, toldAt: 0 }

/** What is to be done about the item: end it now, end it unless it is wanted again in a moment, or nothing. */
export type Deed = 'none' | 'end' | 'end_soon'

export type Step = {
  readonly person: Person
  readonly tell: readonly StatusReport[]
  readonly deed: Deed
}

/** Whether Omni-Channel pushes work in this status. */
export type Takes = (status: StatusId) => boolean

export function heardStatus(
  person: Person,
  report: StatusReport,
  { takes, now }: { readonly takes: Takes; readonly now: number },
): Step {
  const { actual, block } = person
  const { at } = report.stamp
  const isNewest = actual === null || at >= actual.at
  const isNews = actual !== null && isNewest && report.status !== actual.status
  const next = isNewest ? { ...person, actual: { status: report.status, at }, heardAt: now } : person
  if (isNews && block !== null && block.phase !== 'ending') return chosen(next, report, takes)
  // Under a cover, what is no news is the second witness, the same again after a restart, or something older.
  if (isCovering(block)) return still(next)
  return isNews ? forward(next, report) : passOn(next, report)
}

/** The person moved under a block: what they chose is shown, and the item goes unless the bridge insists. */
function chosen(person: Person, report: StatusReport, takes: Takes): Step {
  const { person: uncovered, deed } = uncover(person, takes)
  return { ...forward(uncovered, report), deed }
}

/** Where they chose to be available, the bridge may want the item again at once; otherwise nothing is left for it to do. */
function uncover(person: Person, takes: Takes): { readonly person: Person; readonly deed: Deed } {
  const status = person.actual?.status ?? OFFLINE
  const available = status !== OFFLINE && takes(status)
  return { person: inPhase(person, available ? 'unshown' : 'ending'), deed: available ? 'end_soon' : 'end' }
}

/** A report of the block item itself. */
export function heardItem(person: Person, report: WorkReport): Step {
  const { block } = person
  if (block?.work !== report.item) return still(person)
  if (isOpen(report.state)) return block.phase === 'asked' ? shown(person, report.stamp.at) : still(person)
  return ended(person, report.stamp.at)
}

function shown(person: Person, at: number): Step {
  const { block } = person
  if (block === null) return still(person)
  return tellStatus(inPhase(person, 'shown'), block.status, at)
}

/** However it came: asked for, or declined or closed by the agent. What Salesforce shows is what there is. */
function ended(person: Person, at: number): Step {
  const wasCovering = person.block !== null && person.block.phase !== 'unshown'
  const freed = { ...person, block: null }
  return wasCovering && person.actual !== null ? tellStatus(freed, person.actual.status, at) : still(freed)
}

/** The bridge wants another status shown, and the item that is there serves for it. */
export function relabelled(person: Person, status: StatusId, now: number): Step {
  const { block } = person
  if (block === null) return still(person)
  const wanted = { ...person, block: { ...block, status } }
  // Not reported yet: its first report will show the new status.
  return block.phase === 'asked' ? still(wanted) : tellStatus(inPhase(wanted, 'shown'), status, now)
}

/** What the bridge wants is what Salesforce shows already: said again, so that the write has its echo. */
export function saidAgain(person: Person, now: number): Step {
  return person.actual === null ? still(person) : tellStatus(person, person.actual.status, now)
}

export type Read = {
  readonly person: Person
  readonly reading: Reading
  readonly deed: Deed
  readonly orphans: readonly string[]
}

export type ReadAbout = {
  readonly begunAt: number
  /** Whether open work is a block item, ours or a forgotten one. */
  readonly isItem: (work: { readonly item: string; readonly channel: string | null }) => boolean
  readonly takes: Takes
}

export function read(person: Person, reading: Reading, about: ReadAbout): Read {
  const { begunAt, isItem } = about
  const found = reading.work?.filter(isItem) ?? []
  const work = reading.work?.filter((one) => !isItem(one))
  const block = blockAfter(person.block, { found, reading, begunAt })
  const orphans = found.filter(({ item }) => item !== block?.work).map(({ item }) => item)
  // Something was heard while others were being read: the reading is older than that, and moves nothing.
  const isLate = person.heardAt >= begunAt
  const actual = isLate && person.actual !== null ? person.actual : { status: reading.status, at: reading.stamp.at }
  const at = Math.max(reading.stamp.at, person.toldAt)
  const next = { ...person, actual, block, toldAt: at }
  const moved = person.actual !== null && person.actual.status !== actual.status
  if (block?.phase === 'shown' && moved) {
    const { person: uncovered, deed } = uncover(next, about.takes)
    return { person: uncovered, reading: { ...reading, stamp: { ...reading.stamp, at }, work }, deed, orphans }
  }
  const status = block?.phase === 'shown' ? block.status : reading.status
  const deed = leftover(block, found)
  return { person: next, reading: { status, stamp: { ...reading.stamp, at }, work }, deed, orphans }
}

/** An end that was asked for and did not come, or whose moment was missed. */
function leftover(block: Block | null, found: readonly { readonly item: string }[]): Deed {
  if (block === null || !found.some(({ item }) => item === block.work)) return 'none'
  if (block.phase === 'ending') return 'end'
  return block.phase === 'unshown' ? 'end_soon' : 'none'
}

/** A reading tells of the block as well: that it is open, or that it is not any more. */
function blockAfter(
  block: Block | null,
  { found, reading, begunAt }: { found: readonly { item: string }[]; reading: Reading; begunAt: number },
): Block | null {
  if (block === null || reading.work === undefined) return block
  const isThere = found.some(({ item }) => item === block.work)
  if (isThere) return block.phase === 'asked' ? { ...block, phase: 'shown' } : block
  // It may have been created while others were being read.
  return block.createdAt >= begunAt ? block : null
}

export function isCovering(block: Block | null): boolean {
  return block !== null && (block.phase === 'asked' || block.phase === 'shown')
}

export function inPhase(person: Person, phase: Block['phase']): Person {
  return person.block === null ? person : { ...person, block: { ...person.block, phase } }
}

function still(person: Person): Step {
  return { person, tell: [], deed: 'none' }
}

function tellStatus(person: Person, status: StatusId, now: number): Step {
  const at = Math.max(now, person.toldAt)
  return {
    person: { ...person, toldAt: at },
    tell: [{ kind: 'status', status, stamp: { at }, by: 'unknown' }],
    deed: 'none',
  }
}

/** News after a telling of our own must not seem older than that, whatever the two clocks say. */
function forward(person: Person, report: StatusReport): Step {
  const at = Math.max(report.stamp.at, person.toldAt)
  return passOn(person, { ...report, stamp: { ...report.stamp, at } })
}

/** As it was heard: whether it is a repeat or stale is for the bridge to say. */
function passOn(person: Person, report: StatusReport): Step {
  return { person: { ...person, toldAt: Math.max(person.toldAt, report.stamp.at) }, tell: [report], deed: 'none' }
}
