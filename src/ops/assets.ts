// The files that a browser loads for the page: as the build made them, or in a checkout made of the sources when first asked for.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Bundle, bundlePage, hasSources } from './bundle.ts'

/** As the build names them, beside the compiled program. */
export const ASSET_FILES = { script: 'page.js', style: 'page.css', licences: 'licences.txt' } as const

type Asset = { readonly body: string; readonly type: string }

export type Assets = {
  /** Addresses change with the content, so that a browser may keep what it has. */
  readonly script: string
  readonly style: string
  /** By address. */
  readonly files: ReadonlyMap<string, Asset>
}

/** A call gives the same files each time; what failed is tried again. */
export function createAssets(): () => Promise<Assets> {
  let made: Promise<Assets> | null = null
  return () => {
    made ??= (hasSources() ? bundlePage() : Promise.resolve().then(builtBundle)).then(assetsOf)
    made.catch(() => {
      made = null
    })
    return made
  }
}

function builtBundle(): Bundle {
  const text = (part: keyof typeof ASSET_FILES) =>
    readFileSync(fileURLToPath(new URL(`../page/${ASSET_FILES[part]}`, import.meta.url)), 'utf8')
  try {
    return { script: text('script'), style: text('style'), licences: text('licences') }
  } catch (error) {
    throw new Error('The files of the page are missing: build or install presence-bridge again.', { cause: error })
  }
}

function assetsOf({ script, style, licences }: Bundle): Assets {
  const names = { script: `/assets/page-${hashOf(script)}.js`, style: `/assets/page-${hashOf(style)}.css` }
  return {
    ...names,
    files: new Map([
      [names.script, { body: script, type: 'text/javascript; charset=utf-8' }],
      [names.style, { body: style, type: 'text/css; charset=utf-8' }],
      ['/assets/licences.txt', { body: licences, type: 'text/plain; charset=utf-8' }],
      ['/favicon.svg', { body: FAVICON, type: 'image/svg+xml' }],
    ]),
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** Two presences, bridged. */
const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#3451b2"/><path d="M9.5 20.5a6.5 6.5 0 0 1 13 0" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/><circle cx="9.5" cy="20.5" r="3.6" fill="#7ee2a8"/><circle cx="22.5" cy="20.5" r="3.6" fill="#fff"/></svg>`
