// What the journal shall have beside decisions, so that it can be read when no bridge runs: when the bridge and its links were up, who is who,
// which mapping was in force.

import type { Clock } from '../domain/clock.ts'
import type { MappingEntry, MinuteFigures, PersonEntry, ServiceEvent } from '../domain/history.ts'
import type { HistoryBatch } from '../domain/journal.ts'
import type { Catalogue } from '../domain/platform.ts'
import type { BySide, Side } from '../domain/side.ts'
import type { AgentEntry } from './agents.ts'

/** The mark's key: when the bridge was last known to be alive, so that the time between a kill and the next start is known. */
export const ALIVE = 'alive'

export type Chronicle = {
  started(about: {
    readonly agents: readonly AgentEntry[]
    readonly mapping: MappingEntry
    readonly aliveUntil: string | null
  }): void
  stopped(): void
  link(side: Side, up: boolean, why: string): void
  /** A new mapping took effect; who belongs to which profile may be different now. */
  reloaded(mapping: MappingEntry, agents: readonly AgentEntry[]): void
  refused(why: string): void
  figures(figures: MinuteFigures): void
  alive(): void
}

export function createChronicle(deps: {
  readonly clock: Pick<Clock, 'now'>
  readonly version: string
  readonly keep: (history: Partial<HistoryBatch>) => void
  readonly mark: (key: string, value: string) => void
}): Chronicle {
  const { keep } = deps
  const now = () => new Date(deps.clock.now()).toISOString()
  const tell = (event: Omit<ServiceEvent, 'time'>) => keep({ service: [{ time: now(), ...event }] })
  return {
    started({ agents, mapping, aliveUntil }) {
      keep({ people: peopleOf(agents), mappings: [mapping] })
      const words = `presence-bridge ${deps.version} began with ${agents.length} agents`
      tell({ kind: 'started', words, ...(aliveUntil === null ? {} : { aliveUntil }) })
    },
    stopped: () => tell({ kind: 'stopped', words: 'The bridge was told to stop' }),
    link: (side, up, why) => tell({ kind: up ? 'link_up' : 'link_down', side, words: why }),
    reloaded(mapping, agents) {
      keep({ people: peopleOf(agents), mappings: [mapping] })
      tell({ kind: 'reloaded', words: mapping.hash })
    },
    refused: (why) => tell({ kind: 'reload_refused', words: why }),
    figures: (figures) => keep({ figures: [figures] }),
    alive: () => deps.mark(ALIVE, now()),
  }
}

function peopleOf(agents: readonly AgentEntry[]): readonly PersonEntry[] {
  return agents.map(({ member: { agent, name, aliases, users }, profile }) => ({
    agent,
    name,
    aliases,
    profile,
    users,
  }))
}

/** Who is granted what is left out: it is long, and changes without the mapping. */
export function mappingEntry(
  mapping: Pick<MappingEntry, 'hash' | 'file' | 'text'> & {
    readonly catalogue: BySide<Catalogue>
    readonly now: number
  },
): MappingEntry {
  const { hash, file, text, catalogue, now } = mapping
  return {
    hash,
    time: new Date(now).toISOString(),
    file,
    text,
    catalogue: { crm: withoutGrants(catalogue.crm), telephony: withoutGrants(catalogue.telephony) },
  }
}

function withoutGrants({ statuses, channels }: Catalogue): Catalogue {
  return { statuses: statuses.map(({ grantedTo: _, ...status }) => status), channels }
}
