// Writes the files that are made from the sources: the schemas that editors use and the reference pages. A test fails where they are not fresh.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settingsFiles } from '../src/app/settings-reference.ts'
import { generatedFiles } from '../src/mapping/generated.ts'
import { metricsFiles } from '../src/ops/metrics-reference.ts'

const root = new URL('../', import.meta.url)

for (const { path, text } of [...generatedFiles(), ...settingsFiles(), ...metricsFiles()]) {
  const file = fileURLToPath(new URL(path, root))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  console.log(`wrote ${path}`)
}
