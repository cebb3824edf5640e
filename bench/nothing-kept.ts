// A journal that keeps nothing: what everything else costs without the disk.

import type { KeptJournal } from '../src/journal/kept-journal.ts'

export const NOTHING_KEPT: KeptJournal = {
  append: async () => {},
  lastSeq: () => 0,
  states: () => [],
  mark: () => undefined,
  query: () => [],
  prune: async () => 0,
  close: async () => {},
}
