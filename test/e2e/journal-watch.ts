// Reads a bridge's journal again and again, also while it is being written and after a kill.

import { expect } from '@jest/globals'
import type { JournalEntry } from '../../src/domain/journal.ts'
import { openJournalReader } from '../../src/journal/sqlite-journal.ts'

export type JournalWatch = {
  /** Everything in it. Fails where it has a gap or a number twice, where what was there once is gone or another one, or a state is unreadable. */
  look(): readonly JournalEntry[]
}

export function watchJournal(path: string): JournalWatch {
  const known: string[] = []
  return {
    look() {
      // A bridge that died before it had made its journal leaves none.
      if (known.length === 0 && !isMade(path)) return []
      const reader = openJournalReader({ path })
      const last = reader.lastSeq()
      const entries = reader.query({ limit: 100_000 })
      const states = [...reader.states()]
      expect(entries.length).toBeGreaterThanOrEqual(last) // it may be written meanwhile
      reader.close()
      for (const [, text] of states) expect(JSON.parse(text)).toHaveProperty('crm.observed')
      const wrong = entries.filter(({ seq, record }, index) => {
        const told = `${record.time} ${record.agent} ${record.sentence}`
        known[index] ??= told
        return seq !== index + 1 || known[index] !== told
      })
      expect(wrong).toEqual([])
      expect(entries.length).toBe(known.length)
      return entries
    },
  }
}

function isMade(path: string): boolean {
  try {
    openJournalReader({ path }).close()
    return true
  } catch (error) {
    if (/is empty|cannot be opened/.test(String(error))) return false
    throw error
  }
}
