// The version of this package, with the revision that it was built from where the build wrote that down: "0.1.0+3f2a9c1".

import { existsSync, readFileSync } from 'node:fs'

const PACKAGE = new URL('../../package.json', import.meta.url)
/** Written by the image's build; in a checkout there is none. */
const REVISION = new URL('../../REVISION', import.meta.url)
/** Longer ones are cut: nobody compares more of a hash by eye. */
const REVISION_MAX = 12

export function version(): string {
  const version = /"version": "([^"]+)"/.exec(readFileSync(PACKAGE, 'utf8'))?.[1] ?? 'unknown'
  const revision = existsSync(REVISION) ? readFileSync(REVISION, 'utf8').replace(/[^0-9A-Za-z.-]/g, '') : ''
  return revision === '' ? version : `${version}+${revision.slice(0, REVISION_MAX)}`
}
