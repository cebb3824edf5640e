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
const DOTS = '•••'
const BEHIND_SECRET_KEY = /((?:client_secret|private_key|token)["']?\s*:\s*)(?![\s"']*\$\{)[^\s].*/g
/** What is shorter is no secret worth the name, and would be found in the middle of words. */
const SECRET_CHARS_MIN = 6
/** A line of a PEM file; nothing else in a settings file looks like it. */
const KEY_MATERIAL = /(?<![\w+/=])[A-Za-z0-9+/]{40,}={0,2}(?![\w+/=])/g
/** A variable, or what stands between blanks, quotes, brackets and colons. */
const PIECE = /\$\{[^}\n]*\}|[^\s"'`,:;{}[\]()<>|•]+/g
/** Shorter ones are words and numbers. */
const LOOKALIKE_CHARS_MIN = 12
/** Variables and their names, paths, hosts. */
const NO_SECRETS = [/^\$\{/, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/, /^[./]/, /^([a-z0-9-]+\.)+[a-z]{2,}$/]
const VARIABLE = /\$\{([^}]*)\}/g

export function resolveVariables(
  tree: Tree,
  args: { readonly environment: Environment; readonly folder: string },
): Resolved {
  const complaints: Complaint[] = []
  const secrets: string[] = []

  function visit(value: unknown, path: readonly PropertyKey[]): unknown {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]))
    }
    const place = tree.spot(path)?.value ?? { line: 1, column: 1, length: 1 }
    const key = path.at(-1)
    const isSecret = typeof key === 'string' && SECRET_KEYS.has(key) && value !== '' && value !== null
    if (isSecret && !String(value).includes('${')) {
      complaints.push({
        code: 'written-secret',
        place,
        message: `The secret of "${key}" is written out in the file.`,
        hint: `\${NAME} takes it from the environment, \${file:/run/secrets/x} from a file`,
      })
    }
    const resolved =
      typeof value === 'string'
        ? value.replace(VARIABLE, (whole, name: string) => lookUp({ ...args, name, place }, complaints) ?? whole)
        : value
    if (isSecret)
      for (const line of String(resolved).split('\n')) {
        const hidden = line.trim()
        if (hidden.length >= SECRET_CHARS_MIN && !hidden.includes('${')) secrets.push(hidden)
      }
    return resolved
  }

  const value = visit(tree.value, [])
  return {
    tree: { value, spot: (path) => tree.spot(path) },
    complaints,
    masked: (finding) => masked(finding, secrets),
  }
}

/** `secrets` null: the file could not be read as YAML, so only its keys tell where a secret stands. */
export function masked(finding: Finding, secrets: readonly string[] | null): Finding {
  const hide = (text: string) => maskLookalikes(secrets === null ? maskBlindly(text) : mask(text, secrets))
  const { source, message, hint, related } = finding
  return {
    ...finding,
    source: hide(source),
    message: hide(message),
    ...(hint === undefined ? {} : { hint: hide(hint) }),
    ...(related === undefined ? {} : { related: related.map((r) => ({ ...r, source: hide(r.source) })) }),
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

/** Of a key that was mistyped nobody knows that its value is a secret. */
function maskLookalikes(text: string): string {
  return text.replace(PIECE, (piece) => (looksSecret(piece) ? DOTS : piece))
}

function looksSecret(piece: string): boolean {
  if (piece.length < LOOKALIKE_CHARS_MIN || !/\d/.test(piece) || !/[a-z]/i.test(piece)) return false
  return !NO_SECRETS.some((form) => form.test(piece))
}

function mask(text: string, secrets: readonly string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, DOTS), text)
}

/** Whatever stands behind a key of secrets unless it is a variable, and what looks like a line of a key. */
function maskBlindly(text: string): string {
  return text.replace(BEHIND_SECRET_KEY, (_whole, key: string) => `${key}${DOTS}`).replace(KEY_MATERIAL, DOTS)
}
