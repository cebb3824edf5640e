// What the schema has to say about a file, turned into findings in plain words.

import type { z } from 'zod'
import { didYouMean } from './nearest.ts'
import type { Complaint, Place } from './position.ts'
import type { Path, Tree } from './tree.ts'

type Issue = z.core.$ZodIssue
type Found = { readonly tree: Tree; readonly issue: Issue; readonly path: Path; readonly value: unknown }

const START: Place = { line: 1, column: 1, length: 1 }

/** The value by its type where the schema lets it through; the value itself is the tree's, so that its places still fit. */
export function conform<T>(schema: z.ZodType<T>, tree: Tree): { value: T | null; complaints: readonly Complaint[] } {
  const result = schema.safeParse(tree.value)
  // The schemas transform nothing, so the parsed value and the tree's are alike.
  if (result.success) return { value: tree.value as T, complaints: [] }
  return { value: null, complaints: result.error.issues.flatMap((issue) => complaints(tree, issue, [])) }
}

function complaints(tree: Tree, issue: Issue, above: Path): readonly Complaint[] {
  const path = [...above, ...issue.path]
  const found = { tree, issue, path, value: at(tree.value, path) }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(found, key))
  const branch = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined
  if (branch) return branch.flatMap((inner) => complaints(tree, inner, path))
  return [found.value === undefined ? missingKey(found) : wrong(found)]
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
