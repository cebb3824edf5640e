// Builds the bridge as it is installed: sources that run as they are keep the machinery that reads them in memory, some 20 MB a thread.

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '..')

/** The script of the bridge's process, built below this folder of the checkout. */
export function builtBridge(folder: string): URL {
  const outDir = join(folder, 'built')
  mkdirSync(outDir, { recursive: true })
  const config = join(folder, 'tsconfig.json')
  const compilerOptions = { noEmit: false, rootDir: ROOT, outDir, declaration: false }
  const include = [join(ROOT, 'src'), join(ROOT, 'bench/bridge.ts')]
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, include }))
  const compiler = join(ROOT, 'node_modules/.bin/tsc')
  const { status, stdout } = spawnSync(compiler, ['-p', config], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the bridge could not be built:\n${stdout}`)
  return pathToFileURL(join(outDir, 'bench/bridge.js'))
}
