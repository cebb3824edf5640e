// The figures of a period, in one pass through the journal: little memory however long it is.

import type { ServiceEvent, Span } from '../domain/history.ts'
import type { JournalEntry, JournalReader } from '../domain/journal.ts'
import type { Reason } from '../domain/reason.ts'
import type { AgentId, BySide } from '../domain/side.ts'
import type { Gap } from '../domain/timeline.ts'
import { type BlockFigures, createBlockCount } from './block-figures.ts'
import { createExposureFold, type Total } from './exposures.ts'
import { serviceGaps } from './gaps.ts'
import { REPORT_KEYS_MAX, SERVICE_LOOK_AHEAD_MS, SERVICE_LOOK_BACK_MS } from './limits.ts'
import { within } from './spells.ts'
import { createWorkCount, type WorkFigures } from './work-figures.ts'
import { createWriteCount, plusOne, type WriteFigures } from './write-figures.ts'

export type Report = WriteFigures & {
  readonly from: string
  readonly to: string
  readonly decisions: number
  /** Of whom something was decided. */
  readonly agents: number
  readonly reasons: Readonly<Partial<Record<Reason, number>>>
  readonly blocks: BySide<BlockFigures>
  readonly exposures: readonly Total[]
  readonly overlaps: readonly Total[]
  /** How often a reading found that a side was not as it should be although nothing was reported. */
  readonly drift: BySide<number>
  readonly down: Readonly<Record<Exclude<Gap['kind'], 'paused'>, { readonly count: number; readonly ms: number }>>
  readonly work: readonly WorkFigures[]
  readonly profiles: readonly ProfileFigures[]
}

type ProfileFigures = {
  /** Null: those of no profile. */
  readonly profile: string | null
  readonly agents: number
  readonly decisions: number
  readonly writes: number
  /** What shadow mode kept back. */
  readonly withheld: number
  readonly exposedMs: number
}

export type ReportAsk = Required<Span> & { readonly progress?: (done: number) => void }

export function reportOf(reader: JournalReader, { from, to, progress = () => {} }: ReportAsk): Report {
  const after = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString()
  const service = reader.service({ from: after(from, -SERVICE_LOOK_BACK_MS), to: after(to, SERVICE_LOOK_AHEAD_MS) })
  const profiles = new Map<AgentId, string | null>()
  for (const { agent, profile } of reader.people()) profiles.set(agent, profile)
  const fold = createReportFold({ from, to, service, profileOf: (agent) => profiles.get(agent) ?? null })
  for (const entry of reader.walk({ from, to })) progress(fold.take(entry))
  return fold.end()
}

type FoldArgs = Required<Span> & {
  readonly service: readonly ServiceEvent[]
  readonly profileOf: (agent: AgentId) => string | null
}

type Told = { readonly agents: Set<AgentId>; decisions: number; writes: number; withheld: number }

function createReportFold({ from, to, service, profileOf }: FoldArgs) {
  const writes = createWriteCount()
  const blocks = createBlockCount({ from, to })
  const exposed = new Map<string | null, number>()
  const exposures = createExposureFold({ from, to }, service, ({ agent, ms }) => {
    exposed.set(profileOf(agent), (exposed.get(profileOf(agent)) ?? 0) + ms)
  })
  const work = createWorkCount()
  const reasons: Partial<Record<Reason, number>> = {}
  const drift = { crm: 0, telephony: 0 }
  const agents = new Set<AgentId>()
  const profiles = new Map<string | null, Told>()
  let decisions = 0

  function countProfile({ record }: JournalEntry): void {
    const profile = profileOf(record.agent)
    const told = profiles.get(profile) ?? { agents: new Set(), decisions: 0, writes: 0, withheld: 0 }
    profiles.set(profile, told)
    if (told.agents.size < REPORT_KEYS_MAX) told.agents.add(record.agent)
    told.decisions += 1
    for (const { outcome } of record.writes) {
      if (outcome === 'shadow') told.withheld += 1
      else if (outcome !== 'paused') told.writes += 1
    }
  }

  return {
    /** How many were taken so far. */
    take(entry: JournalEntry): number {
      const { record } = entry
      decisions += 1
      if (agents.size < REPORT_KEYS_MAX) agents.add(record.agent)
      for (const { reason } of record.decisions) plusOne(reasons, reason)
      if (record.event.kind === 'reading') for (const { side } of record.writes) drift[side] += 1
      writes.take(record)
      blocks.take(record)
      exposures.take(entry)
      work.take(record)
      countProfile(entry)
      return decisions
    },
    end(): Report {
      const { totals } = exposures.end()
      return {
        ...{ from, to, decisions, agents: agents.size, reasons, drift },
        ...writes.figures(),
        blocks: blocks.figures(),
        exposures: totals.exposures,
        overlaps: totals.overlaps,
        down: downTimes(service, { from, to }),
        work: work.figures(),
        profiles: [...profiles].map(([profile, told]) => ({
          ...{ profile, agents: told.agents.size, decisions: told.decisions },
          ...{ writes: told.writes, withheld: told.withheld, exposedMs: exposed.get(profile) ?? 0 },
        })),
      }
    },
  }
}

function downTimes(service: readonly ServiceEvent[], { from, to }: Required<Span>): Report['down'] {
  const gaps = within(serviceGaps(service), from).filter((gap) => gap.from < to)
  const of = (kind: Gap['kind']) => {
    const mine = gaps.filter((gap) => gap.kind === kind)
    const ms = mine.reduce(
      (sum, gap) => sum + Date.parse(gap.to === null || gap.to > to ? to : gap.to) - Date.parse(gap.from),
      0,
    )
    return { count: mine.length, ms }
  }
  return { bridge_down: of('bridge_down'), crm_down: of('crm_down'), telephony_down: of('telephony_down') }
}
