// The journal of the recorded morning on a disk, and commands that read it as somebody in Berlin does, the same day.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import type { When } from '../../src/cli/times.ts'
import { aMorning, at, recordShift, type Shift } from '../history/shift.ts'

export const BERLIN: When = { now: () => at('10:05:00'), zone: 'Europe/Berlin' }

export type ShiftJournal = { readonly journal: string; remove(): void }

export async function shiftJournal(play: (shift: Shift) => Promise<void> = aMorning): Promise<ShiftJournal> {
  const folder = mkdtempSync(join(tmpdir(), 'presence-bridge-shift-'))
  const journal = join(folder, 'journal.sqlite')
  await recordShift(journal, play)
  return { journal, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** After a deliberate change: UPDATE_GOLDEN=1 npm run -s jest -- test/cli, then read the difference. */
export function expectGolden(name: string, said: string): void {
  const file = `test/cli/files/shift/${name}`
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, said)
  expect(said).toBe(readFileSync(file, 'utf8'))
}
