// ${NAME} and ${file:/path} in a settings file, and the secrets that must not be written out in it.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Finding } from '../domain/finding.ts'
import type { Complaint, Place } from '../mapping/position.ts'
import type { Tree } from '../mapping/tree.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export type Resolved = {
  readonly tree: Tree
  readonly complaints: readonly Complaint[]
  /** The finding without any secret that is written out in the file. */
  masked(finding: Finding): Finding
}

/** Keys whose values are secrets, wherever they stand. */
const SECRET_KEYS: ReadonlySet<string> = new Set(['client_secret', 'private_key', 'token'])
/** A secret file larger than this is not one. */
const FILE_CHARS_MAX = 65_536
const VARIABLE = /\$\{([^}]*)\}/g

export function resolveVariables(
  tree: Tree,
  args: { readonly environment: Environment; readonly folder: string },
): Resolved {
  const complaints: Complaint[] = []
  const written: string[] = []

  function visit(value: unknown, path: readonly PropertyKey[]): unknown {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]))
    }
    if (typeof value !== 'string') return value
    const place = tree.spot(path)?.value ?? { line: 1, column: 1, length: 1 }
    const key = path.at(-1)
    if (typeof key === 'string' && SECRET_KEYS.has(key) && value !== '' && !value.includes('${')) {
      written.push(value)
      complaints.push({
        code: 'written-secret',
        place,
        message: `The secret of "${key}" is written out in the file.`,
        hint: `\${NAME} takes it from the environment, \${file:/run/secrets/x} from a file`,
      })
    }
    return value.replace(VARIABLE, (whole, name: string) => lookUp({ ...args, name, place }, complaints) ?? whole)
  }

  const value = visit(tree.value, [])
  return {
    tree: { value, spot: (path) => tree.spot(path) },
    complaints,
    masked: (finding) => ({
      ...finding,
      source: mask(finding.source, written),
      message: mask(finding.message, written),
    }),
  }
}

function lookUp(
  args: { readonly environment: Environment; readonly folder: string; readonly name: string; readonly place: Place },
  complaints: Complaint[],
): string | undefined {
  const { environment, folder, name, place } = args
  if (!name.startsWith('file:')) {
    const value = environment[name]
    if (value === undefined || value === '') {
      const message = `The environment variable ${name} is not set.`
      complaints.push({ code: 'missing-variable', place, message, hint: `set ${name} where the bridge is started` })
    }
    return value
  }
  const path = resolve(folder, name.slice('file:'.length))
  try {
    return readFileSync(path, 'utf8').slice(0, FILE_CHARS_MAX).trim()
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    complaints.push({ code: 'missing-variable', place, message: `The file ${path} cannot be read (${why}).` })
    return undefined
  }
}

function mask(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, '•••'), text)
}
