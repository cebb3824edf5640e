// A profile laid over the top level: a key replaces the same key, and inside blocking, transition, unmapped, no_sync, conflict
// and limits only what is named. A plain name, on or off names everything, so it inherits nothing.

import { type BlockDraft, eachSide, type RulesDraft, type TransitionDraft } from './draft.ts'

export function mergeRules(top: RulesDraft, own: RulesDraft): RulesDraft {
  return {
    ...over(top, own),
    transition: eachSide((side) => mergeTransition(top.transition[side], own.transition[side])),
    unmapped: over(top.unmapped, own.unmapped),
    noSync: over(top.noSync, own.noSync),
    conflict: over(top.conflict, own.conflict),
    blocking: eachSide((side) => mergeBlock(top.blocking[side], own.blocking[side])),
    limits: over(top.limits, own.limits),
  }
}

function mergeTransition(
  top: TransitionDraft | undefined,
  own: TransitionDraft | undefined,
): TransitionDraft | undefined {
  if (!own || !top) return own ?? top
  return own.plain ? own : over(top, own)
}

function mergeBlock(top: BlockDraft | undefined, own: BlockDraft | undefined): BlockDraft | undefined {
  if (!own || !top) return own ?? top
  return own.plain ? own : over(top, own)
}

/** What `own` leaves out stays as it is in `base`. */
function over<T extends object>(base: T, own: T): T {
  return { ...base, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) }
}
