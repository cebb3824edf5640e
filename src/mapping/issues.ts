// What the schema has to say about a file, turned into findings in plain words.

import type { z } from 'zod'
import { createHomes, type Found, type Issue, meantKey, missingKey, unknownKey, wrongValue } from './issue-words.ts'
import { PRUNES_MAX } from './limits.ts'
import type { Complaint } from './position.ts'
import { without } from './prune.ts'
import type { Path, Tree } from './tree.ts'

/** `remove`: what to leave out so that the rest can be read; `meant`: the key that is missing, or that another one is a slip of. */
type Trouble = { readonly complaint: Complaint; readonly remove: Path; readonly meant?: string | undefined }
type Shape = Pick<Found, 'tree' | 'homes'>

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
  const shape = { tree, homes: createHomes(schema) }
  const found = issues.flatMap((issue) => troubles(shape, issue, []))
  const complaints = withoutEchoes(found).map(({ complaint }) => complaint)
  const rest = found.length > PRUNES_MAX ? null : healthyRest(schema, shape)
  // The schema has just let this very value through.
  const readable = rest && { value: rest.value as T, tree: rest }
  return { readable, whole: issues.length === 0, complaints }
}

/** The tree without what the schema refuses; null where what is refused is the file itself or a key that it must have. */
function healthyRest(schema: z.ZodType, shape: Shape): Tree | null {
  let rest = shape.tree
  for (let round = 0; round <= 2 * PRUNES_MAX; round += 1) {
    const issue = schema.safeParse(rest.value).error?.issues[0]
    if (!issue) return rest
    const remove = troubles({ ...shape, tree: rest }, issue, [])[0]?.remove ?? []
    if (remove.length === 0) return null
    rest = without(rest, remove)
  }
  return null
}

/** A key that is missing because it is misspelt is one mistake, not two. */
function withoutEchoes(found: readonly Trouble[]): readonly Trouble[] {
  const slips = new Set(found.filter(({ complaint }) => complaint.code === 'unknown-key').map(({ meant }) => meant))
  return found.filter(({ complaint, meant }) => complaint.code !== 'missing-key' || !slips.has(meant))
}

function troubles(shape: Shape, issue: Issue, above: Path): readonly Trouble[] {
  const path = [...above, ...issue.path]
  const found = { ...shape, issue, path, value: at(shape.tree.value, path) }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = meantKey(found, key)
      const place = [...path, key]
      return { complaint: unknownKey(found, key), remove: place, meant: meant && placeName([...path, meant]) }
    })
  }
  const branch = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined
  if (branch) return branch.flatMap((inner) => troubles(shape, inner, path))
  if (found.value !== undefined) return [{ complaint: wrongValue(found), remove: path }]
  return [{ complaint: missingKey(found), remove: path.slice(0, -1), meant: placeName(path) }]
}

function placeName(path: Path): string {
  return JSON.stringify(path.map(String))
}

/** The alternative of the right kind, which is then wrong further inside; none where no kind fits. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) => issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'))
}

function at(value: unknown, path: Path): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Reflect.get(here, key)
  }
  return here
}
