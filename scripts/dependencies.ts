// Writes docs/dependencies.md: every package that runs with the bridge, with what it is for and why it and no other one. What is for and why is
// written here by people; the rest comes from the lock file. A test fails where the page is not fresh, or a package has no reason or a licence that is not allowed.

import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

type Locked = {
  readonly version?: string
  readonly license?: string
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}
export type Lock = Readonly<Record<string, Locked>>

type Reason = { readonly use: string; readonly why: string }

/** Of each direct dependency. */
export const REASONS: Readonly<Record<string, Reason>> = {
  '@grpc/grpc-js': {
    use: 'the Pub/Sub API of Salesforce (gRPC over HTTP/2)',
    why: 'by the gRPC project itself; no native code',
  },
  '@grpc/proto-loader': { use: 'reads the description of that API', why: 'belongs to the one above' },
  '@hono/node-server': { use: 'the ops server on Node’s own HTTP', why: 'belongs to hono; no dependency of its own' },
  '@rgrove/parse-xml': {
    use: 'import of mapping files of another product that come as XML',
    why: 'small, strict, resolves no external entity; loaded by that command only',
  },
  avsc: {
    use: 'the change events of the Pub/Sub API (Avro)',
    why: 'the usual one for Node, no dependency; schemas come from the org',
  },
  commander: { use: 'the command line', why: 'no dependency, sub-commands and help are what it does' },
  'fastest-levenshtein': { use: '“did you mean …” in findings', why: 'one function, no dependency' },
  hono: { use: 'routes of the ops server', why: 'no dependency, typed, body limit and event streams included' },
  jose: {
    use: 'tokens of console companions, and the signed log-in (JWT)',
    why: 'no dependency, on Node’s own crypto; JWTs are not to be hand-made',
  },
  jsforce: {
    use: 'log-in, queries and CometD of Salesforce',
    why: 'the library that Salesforce’s own tools use. The largest tree of all; its retries, redirects and refreshes are switched off or bounded',
  },
  'p-retry': { use: 'retries of writes', why: 'backoff and abort in some hundred lines' },
  pino: { use: 'the service log', why: 'fast, JSON, blanks by path' },
  'pino-pretty': { use: 'the same log in a terminal', why: 'belongs to pino' },
  'prom-client': { use: '/metrics', why: 'the usual one for Node; histograms and the text format are what it does' },
  ws: {
    use: 'the endpoint of consoles, and the channels of Genesys Cloud',
    why: 'the usual one for Node, no dependency; limits of frames and fragments',
  },
  yaml: {
    use: 'mapping and settings files',
    why: 'keeps the place of everything, so that findings have line and column; no dependency',
  },
  zod: {
    use: 'everything that comes from outside is checked by a schema',
    why: 'no dependency; the reference pages and JSON Schemas are made from the same schemas',
  },
}

/** Built into the page when the package is made: not installed with it. */
export const BUILT_IN: Readonly<Record<string, Reason>> = {
  preact: { use: 'the page', why: 'React’s way, small, no dependency' },
  '@preact/signals': { use: 'what the page shows when something changes', why: 'belongs to preact' },
  '@tanstack/virtual-core': { use: 'lists of 10,000 agents', why: 'only what is seen is in the document' },
  uplot: { use: 'charts', why: 'fast and small, no dependency' },
}

/** Free to use, change and pass on, with nothing asked but the notice. */
export const LICENCES: ReadonlySet<string> = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  '(MIT OR CC0-1.0)',
])

/** Packages that want to run something when they are installed, and what: none needs it. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  protobufjs: 'warns of a version range that is too wide',
  'core-js': 'prints a message of its author',
  'core-js-pure': 'prints a message of its author',
}

/** Paths in the lock file of the package and all that comes with it. */
export function treeOf(lock: Lock, name: string): ReadonlySet<string> {
  const found = new Set<string>()
  const todo = [resolve(lock, '', name)]
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (path === '' || found.has(path)) continue
    found.add(path)
    const { dependencies, optionalDependencies } = lock[path] ?? {}
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) todo.push(resolve(lock, path, next))
  }
  return found
}

/** As Node finds it: beside whoever asks, else further up. Empty: it is not there, being optional. */
function resolve(lock: Lock, from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (lock[path] !== undefined) return path
    if (folder === '') return ''
  }
}

export function directOf(lock: Lock): readonly string[] {
  return Object.keys(lock['']?.dependencies ?? {}).sort()
}

/** Everything that is installed to run. */
export function runtimeOf(lock: Lock): readonly string[] {
  return [...new Set(directOf(lock).flatMap((name) => [...treeOf(lock, name)]))].sort()
}

export function readLock(): Lock {
  const file = new URL('../package-lock.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly packages: Lock }).packages
}

export function dependenciesPage(lock: Lock): string {
  const all = runtimeOf(lock)
  const row = (name: string, { use, why }: Reason, packages: number) => {
    const { version = '', license = '' } = lock[`node_modules/${name}`] ?? {}
    return `| \`${name}\` ${version} | ${use} | ${why} | ${packages} | ${license} |`
  }
  const direct = directOf(lock).map((name) => row(name, REASONS[name] ?? NONE, treeOf(lock, name).size))
  const builtIn = Object.entries(BUILT_IN).map(([name, reason]) => row(name, reason, treeOf(lock, name).size))
  const scripts = all.filter((path) => lock[path]?.hasInstallScript === true)
  const licences = Map.groupBy(all, (path) => lock[path]?.license ?? 'none')
  return `<!-- Made by \`node scripts/dependencies.ts\` from package-lock.json; do not edit. -->

# What runs with the bridge

${directOf(lock).length} packages are used directly; with what they bring, ${all.length} are installed. Versions and checksums of all of them stand in \`package-lock.json\`, and
\`npm ci\` installs nothing else. A test fails when a package is added without an entry here, when a licence is not on the list below, or when one more wants to run something
when it is installed.

| package | for | why this one | packages with it | licence |
| --- | --- | --- | --- | --- |
${direct.join('\n')}

Packages are shared: the numbers do not add up. Everything else that the bridge needs is Node's own: HTTP, TLS, crypto, SQLite, threads.

## Built into the page

Not installed; their code is in the two files that the page loads, with their licences beside them (\`/assets/licences.txt\`).

| package | for | why this one | packages with it | licence |
| --- | --- | --- | --- | --- |
${builtIn.join('\n')}

## Licences

Allowed: ${[...LICENCES].map((one) => `\`${one}\``).join(', ')}.

| licence | packages |
| --- | --- |
${[...licences]
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([name, paths]) => `| ${name} | ${paths.length} |`)
  .join('\n')}

## What runs at installation

${scripts.map((path) => `- \`${nameOf(path)}\`: ${SCRIPTS[nameOf(path)] ?? 'nobody has looked at it'}`).join('\n')}

The bridge needs none of it: \`npm ci --omit=dev --ignore-scripts\` is enough to run what was built. Nothing is downloaded when it runs.

## Known weaknesses

\`npm audit --omit=dev\` compares with the public list of advisories; run it in your own CI against the registry that you install from, and at each release. Its answer is not part
of this page: it changes without a change here.
`
}

const NONE: Reason = { use: '?', why: '?' }

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(new URL('../docs/dependencies.md', import.meta.url), dependenciesPage(readLock()))
}
