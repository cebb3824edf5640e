// npm run build: puts the page's files beside the compiled program, where an installed bridge finds them.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ASSET_FILES } from './assets.ts'
import { bundlePage } from './bundle.ts'

const folder = fileURLToPath(new URL('../../dist/page/', import.meta.url))
const bundle = await bundlePage()
mkdirSync(folder, { recursive: true })
for (const part of ['script', 'style', 'licences'] as const)
  writeFileSync(join(folder, ASSET_FILES[part]), bundle[part])
