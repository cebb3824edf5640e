// A tree without one of its values, so that the rest of a file can be checked although a part of it is wrong.

import type { Path, Tree } from './tree.ts'

/** Places still answer by the new paths: behind a removed list item every index is one less. */
export function without(tree: Tree, path: Path): Tree {
  const list = path.slice(0, -1)
  const removed = path.at(-1)
  const moved = (asked: Path): Path => {
    const index = asked[list.length]
    const inside =
      typeof index === 'number' && typeof removed === 'number' && list.every((key, at) => key === asked[at])
    if (!inside || index < removed) return asked
    return [...list, index + 1, ...asked.slice(list.length + 1)]
  }
  return { value: removedFrom(tree.value, path), spot: (asked) => tree.spot(moved(asked)) }
}

function removedFrom(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_item, index) => index !== key)
    return value.map((item, index) => (index === key ? removedFrom(item, rest) : item))
  }
  if (typeof value !== 'object' || value === null || key === undefined) return value
  const copy: Record<PropertyKey, unknown> = Object.assign(Object.create(null), value)
  if (rest.length === 0) delete copy[key]
  else copy[key] = removedFrom(copy[key], rest)
  return copy
}
