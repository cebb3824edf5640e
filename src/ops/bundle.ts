// Makes the page's one script and one style sheet of its sources. Used by the build, and on demand where the sources run as they are.
// Never here: anything at run time of an installed bridge; it has the files that the build made.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Bundle = {
  readonly script: string
  readonly style: string
  /** Of everything in it that is not ours. */
  readonly licences: string
}

/** The page's sources, where this file is one of the sources too. */
const SOURCES = fileURLToPath(new URL('../page/', import.meta.url))
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const LICENCE_FILES = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE']

export function hasSources(): boolean {
  return existsSync(join(SOURCES, 'main.tsx'))
}

/** Throws an Error of one plain sentence where the bundler is not installed. */
export async function bundlePage(): Promise<Bundle> {
  const { build } = await import('esbuild').catch((error: unknown) => {
    throw new Error('The page cannot be made, because esbuild is not installed: run npm ci.', { cause: error })
  })
  const { outputFiles, metafile } = await build({
    entryPoints: { page: join(SOURCES, 'main.tsx') },
    absWorkingDir: ROOT,
    outdir: 'page',
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  })
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  return { script: text('.js'), style: text('.css'), licences: licencesOf(Object.keys(metafile.inputs)) }
}

function licencesOf(inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))
  return [...packages]
    .sort()
    .map((folder) => `${folder.replace(/^.*node_modules\//, '')}\n\n${licenceIn(join(ROOT, folder))}`)
    .join('\n\n----\n\n')
}

function licenceIn(folder: string): string {
  const file = LICENCE_FILES.map((name) => join(folder, name)).find((path) => existsSync(path))
  if (file === undefined) throw new Error(`There is no licence in ${folder}; it must go with the page.`)
  return readFileSync(file, 'utf8').trim()
}
