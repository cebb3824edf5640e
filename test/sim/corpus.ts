// Runs that failed once, or that show what would fail without a fix: kept for ever, each with a line of why.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { schedule } from './acts.ts'

const kept = z.object({ why: z.string().min(20), schedule })

export type Kept = z.infer<typeof kept> & { readonly file: string }

export function readCorpus(folder = 'test/sim/corpus'): readonly Kept[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.map((name) => {
    const file = join(folder, name)
    return { ...kept.parse(JSON.parse(readFileSync(file, 'utf8'))), file }
  })
}
