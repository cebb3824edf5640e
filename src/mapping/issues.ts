// What the schema has to say about a file, turned into findings in plain words.

import type { z } from 'zod'
import { PRUNES_MAX } from './limits.ts'
import { didYouMean } from './nearest.ts'
import type { Complaint, Place } from './position.ts'
import { without } from './prune.ts'
import type { Path, Tree } from './tree.ts'

type Issue = z.core.$ZodIssue
type Found = { readonly tree: Tree; readonly issue: Issue; readonly path: Path; readonly value: unknown }

/** `remove`: what to leave out so that the rest can be read. */
type Trouble = { readonly complaint: Complaint; readonly remove: Path }

const START: Place = { line: 1, column: 1, length: 1 }

/** What can be read of a file, and what is wrong with the rest. */
export type Conformed<T> = {
  /** null where too much is wrong to go on. */
  readonly readable: { readonly value: T; readonly tree: Tree } | null
  /** Whether nothing had to be left out. */
  readonly whole: boolean
  readonly complaints: readonly Complaint[]
}

/** The schemas transform nothing, so the parsed value and the tree's are alike, and the tree's places fit it. */
export function conform<T>(schema: z.ZodType<T>, tree: Tree): Conformed<T> {
  const issues = schema.safeParse(tree.value).error?.issues ?? []
  const complaints = issues.flatMap((issue) => troubles(tree, issue, []).map(({ complaint }) => complaint))
  const rest = issues.length > PRUNES_MAX ? null : healthyRest(schema, tree)
  // The schema has just let this very value through.
  const readable = rest && { value: rest.value as T, tree: rest }
  return { readable, whole: issues.length === 0, complaints }
}

/** The tree without what the schema refuses; null where what is refused is the file itself or a key that it must have. */
function healthyRest(schema: z.ZodType, tree: Tree): Tree | null {
  let rest = tree
  for (let round = 0; round <= 2 * PRUNES_MAX; round += 1) {
    const issue = schema.safeParse(rest.value).error?.issues[0]
    if (!issue) return rest
    const remove = troubles(rest, issue, [])[0]?.remove ?? []
    if (remove.length === 0) return null
    rest = without(rest, remove)
  }
  return null
}

function troubles(tree: Tree, issue: Issue, above: Path): readonly Trouble[] {
  const path = [...above, ...issue.path]
  const found = { tree, issue, path, value: at(tree.value, path) }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ complaint: unknownKey(found, key), remove: [...path, key] }))
  }
  const branch = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined
  if (branch) return branch.flatMap((inner) => troubles(tree, inner, path))
  if (found.value === undefined) return [{ complaint: missingKey(found), remove: path.slice(0, -1) }]
  return [{ complaint: wrong(found), remove: path }]
}

/** The alternative of the right kind, which is then wrong further inside; none where no kind fits. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) => issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'))
}

function unknownKey({ tree, issue, path }: Found, key: string): Complaint {
  const place = tree.spot([...path, key])?.key ?? START
  const known = issue.message.split('\n')
  const hint = didYouMean(key, known) ?? `known here: ${known.join(', ')}`
  return { code: 'unknown-key', place, message: `There is no key "${key}" here.`, hint }
}

function missingKey({ tree, issue, path }: Found): Complaint {
  const parent = tree.spot(path.slice(0, -1))
  const place = parent?.key ?? parent?.value ?? START
  return {
    code: 'missing-key',
    place,
    message: `The key "${String(path.at(-1))}" is missing.`,
    hint: `it takes ${issue.message}`,
  }
}

function wrong({ tree, issue, path, value }: Found): Complaint {
  const spot = tree.spot(path)
  const place = (value === null ? spot?.key : undefined) ?? spot?.value ?? START
  const allowed = allowedValues(issue)
  const ofKind = issue.code !== 'invalid_type' && !(issue.code === 'invalid_union' && allowed.length === 0)
  const code = ofKind && value !== null ? 'wrong-value' : 'wrong-type'
  return { code, place, message: `Expected ${issue.message}, got ${shown(value)}.`, hint: fix(issue, value, allowed) }
}

function fix(issue: Issue, value: unknown, allowed: readonly string[]): string | undefined {
  if (typeof value === 'string') return didYouMean(value, allowed)
  const scalar = typeof value === 'number' || typeof value === 'boolean'
  if (scalar && issue.message.startsWith('a duration')) return `write the unit too: ${value}s`
  if (scalar && issue.message.startsWith('a percentage')) return `write the sign too: ${value}%`
  const takesText =
    issue.code === 'invalid_type' ? issue.expected === 'string' : issue.code === 'invalid_union' && allowed.length === 0
  return scalar && takesText ? `put it in quotes: "${value}"` : undefined
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

function at(value: unknown, path: Path): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Reflect.get(here, key)
  }
  return here
}
