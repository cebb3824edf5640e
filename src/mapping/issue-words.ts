// One issue of the schema in plain words: what is wrong, where, and what to write instead.

import type { z } from 'zod'
import { jsonSchema } from './json-schema.ts'
import { rowsOf } from './key-table.ts'
import { didYouMean, nearest } from './nearest.ts'
import type { Complaint, Place } from './position.ts'
import type { Path, Tree } from './tree.ts'
import { fixOf } from './value-fixes.ts'

export type Issue = z.core.$ZodIssue
/** Where the format has a key, by the key. */
export type Homes = (key: string) => readonly string[]
export type Found = {
  readonly tree: Tree
  readonly homes: Homes
  readonly issue: Issue
  readonly path: Path
  readonly value: unknown
}

const START: Place = { line: 1, column: 1, length: 1 }
/** More places than this where a key belongs say nothing. */
const HOMES_MAX = 4
/** Unknown keys of one mapping for which what stands above is looked at: each looks at all of them. */
const EMPTY_LOOKS_MAX = 100

export function unknownKey(found: Found, key: string): Complaint {
  const place = found.tree.spot([...found.path, key])?.key ?? START
  return { code: 'unknown-key', place, message: `There is no key "${key}" here.`, hint: keyHint(found, key) }
}

/** "crm:Lunch" is the key crm without the blank. */
function withoutBlank(key: string, known: readonly string[]): string | undefined {
  const [name, value] = key.split(':')
  return value !== undefined && known.includes(name ?? '') ? name : undefined
}

/** The key that is meant by one that is not known. */
export function meantKey({ issue }: Found, key: string): string | undefined {
  const known = keysOf(issue)
  return withoutBlank(key, known) ?? nearest(key, known)
}

/** Its message is the list of the keys that are known: see fields.ts. */
function keysOf(issue: Issue): readonly string[] {
  return issue.message.split('\n')
}

function keyHint({ homes: homesOf, issue, value }: Found, key: string): string {
  const known = keysOf(issue)
  const name = withoutBlank(key, known)
  if (name) return `write a blank after the colon: "${name}: ${key.slice(name.length + 1)}"`
  const homes = homesOf(key)
  if (homes.length > 0 && homes.length <= HOMES_MAX)
    return `it belongs under ${homes.map((home) => `"${home}"`).join(' or ')}: see how far it is indented`
  const few = issue.code !== 'unrecognized_keys' || issue.keys.length <= EMPTY_LOOKS_MAX
  const holder = few ? emptyBefore(value, key, known) : undefined
  if (holder) return `indent it if it belongs under "${holder}"`
  return didYouMean(key, known) ?? `known here: ${known.join(', ')}`
}

/** The key above that has nothing in it: what should be in it may stand beside it. */
function emptyBefore(holder: unknown, key: string, known: readonly string[]): string | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined
  const keys = Object.keys(holder)
  const above = keys.slice(0, keys.indexOf(key)).findLast((name) => known.includes(name))
  return above !== undefined && Reflect.get(holder, above) === null ? above : undefined
}

/** Stories and profiles apart. The schema is only gone through where somebody asks. */
export function createHomes(schema: z.ZodType): Homes {
  let paths: readonly string[] | undefined
  return (key) => {
    paths ??= rowsOf(jsonSchema(schema, ''), '', false)
      .map(({ path }) => path)
      .filter((path) => !/^(profiles|tests|stories)\[\]/.test(path))
      .map((path) => path.replaceAll('[]', ''))
    return [...new Set(paths.flatMap((path) => (path.endsWith(`.${key}`) ? path.slice(0, -key.length - 1) : [])))]
  }
}

export function missingKey({ tree, issue, path }: Found): Complaint {
  const parent = path.length > 1 ? tree.spot(path.slice(0, -1)) : undefined
  const place = parent?.key ?? parent?.value ?? START
  const message = `The key "${String(path.at(-1))}" is missing.`
  return { code: 'missing-key', place, message, hint: `it takes ${issue.message}` }
}

export function wrongValue({ tree, issue, path, value }: Found): Complaint {
  const spot = tree.spot(path)
  const place = (value === null ? spot?.key : undefined) ?? spot?.value ?? START
  const allowed = allowedValues(issue)
  const ofKind = issue.code !== 'invalid_type' && !(issue.code === 'invalid_union' && allowed.length === 0)
  const code = ofKind && value !== null ? 'wrong-value' : 'wrong-type'
  const takesText = issue.code === 'invalid_type' ? issue.expected === 'string' : !ofKind
  const hint = fixOf({ expected: issue.message, value, written: spot?.written ?? null, allowed, takesText })
  return {
    code,
    place,
    message: `Expected ${issue.message}, got ${typeof value === 'number' ? (spot?.written ?? value) : shown(value)}.`,
    hint,
  }
}

function allowedValues(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  return issue.code === 'invalid_union' ? issue.errors.flatMap((branch) => branch.flatMap(allowedValues)) : []
}

function shown(value: unknown): string {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return value === '' ? 'an empty text' : `"${value}"`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return typeof value === 'object' ? 'a mapping' : String(value)
}
