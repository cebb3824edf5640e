// When one agent could be offered work on a side while working on the other one, and why.

import { EXPOSURE_CAUSES, type ExposureCause, type ExposureRecord, type LogRecord } from '../domain/record.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import type { ExposureSpell } from '../domain/timeline.ts'
import { createSpells } from './spells.ts'

export type Exposures = {
  take(record: LogRecord): void
  /** Nobody was there to tell. */
  end(at: string): void
  spells(side: Side): readonly ExposureSpell[]
}

const NONE: readonly ExposureRecord[] = []

export function createExposures(): Exposures {
  const by: BySide<ReturnType<typeof createSpells<{ readonly cause: ExposureCause }>>> = {
    crm: createSpells(),
    telephony: createSpells(),
  }
  return {
    take({ exposed = NONE, time }) {
      for (const side of SIDES) {
        const cause = exposed.find((e) => e.side === side)?.cause
        if (cause === undefined || !EXPOSURE_CAUSES.includes(cause)) by[side].end(time)
        else if (by[side].open()?.cause !== cause) by[side].begin({ cause }, time)
      }
    },
    end(at) {
      for (const side of SIDES) by[side].end(at)
    },
    spells: (side) => by[side].all(),
  }
}
