// A YAML document as plain values, with the place of every key and value; aliases and merge keys are followed.

import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  visit,
  type YAMLMap,
} from 'yaml'
import { DEPTH_MAX, VALUES_MAX } from './limits.ts'
import type { Complaint, Place, Source } from './position.ts'

export type Path = readonly PropertyKey[]
type Spot = { readonly key: Place | null; readonly value: Place }
export type Tree = {
  readonly value: unknown
  /** Undefined where the file has nothing at that path. */
  spot(path: Path): Spot | undefined
}

type Walk = {
  readonly source: Source
  readonly targets: ReadonlyMap<Alias, Node>
  readonly spots: Map<string, Spot>
  readonly complaints: Complaint[]
}
type Entry = { readonly key: Node; readonly value: Node | null }

export function toTree(document: Document.Parsed, source: Source): { tree: Tree; complaints: readonly Complaint[] } {
  const walk: Walk = { source, targets: aliasTargets(document), spots: new Map(), complaints: [] }
  const value = plain(walk, document.contents, [], null)
  return { tree: { value, spot: (path) => walk.spots.get(pathKey(path)) }, complaints: walk.complaints }
}

function pathKey(path: Path): string {
  return path.map(String).join('\u0000')
}

/** An alias means the last node with its anchor before it. */
function aliasTargets(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target) targets.set(node, target)
      } else if (node.anchor) anchors.set(node.anchor, node)
    },
  })
  return targets
}

function plain(walk: Walk, node: Node | null, path: Path, key: Place | null): unknown {
  const place = placeOf(walk, node) ?? key ?? { line: 1, column: 1, length: 1 }
  walk.spots.set(pathKey(path), { key, value: place })
  if (path.length > DEPTH_MAX || walk.spots.size > VALUES_MAX) return tooMuch(walk, place)
  const real = follow(walk, node, place)
  if (isMap(real)) return plainMap(walk, real, path)
  if (isSeq(real)) return real.items.map((item, index) => plain(walk, asNode(item), [...path, index], null))
  return isScalar(real) ? real.value : null
}

function plainMap(walk: Walk, map: YAMLMap, path: Path): unknown {
  // Without a prototype, so that a key named __proto__ is a key like any other.
  const result: Record<string, unknown> = Object.create(null)
  for (const [name, { key, value }] of entries(walk, map, 0)) {
    const place = placeOf(walk, key)
    result[name] = plain(walk, value, [...path, name], place)
  }
  return result
}

/** Own keys first; what `<<` brings in gives way to them. */
function entries(walk: Walk, map: YAMLMap, depth: number): ReadonlyMap<string, Entry> {
  const own = new Map<string, Entry>()
  const merged: Node[] = []
  for (const item of map.items) {
    const key = isPair(item) ? asNode(item.key) : null
    if (!isPair(item) || !key) continue
    const value = asNode(item.value)
    const name = follow(walk, key, placeOf(walk, key))
    if (!isScalar(name)) complain(walk, key, 'wrong-type', 'A key must be a plain name.')
    else if (name.value === '<<' && name.type === 'PLAIN' && value) merged.push(value)
    else own.set(String(name.value), { key, value })
  }
  for (const node of merged) mergeInto(walk, own, node, depth)
  return own
}

function mergeInto(walk: Walk, own: Map<string, Entry>, node: Node, depth: number): void {
  const real = follow(walk, node, placeOf(walk, node))
  if (depth > DEPTH_MAX) tooMuch(walk, placeOf(walk, node))
  else if (isSeq(real)) for (const item of real.items) mergeItem(walk, own, asNode(item), depth)
  else if (isMap(real)) {
    for (const [name, entry] of entries(walk, real, depth + 1)) if (!own.has(name)) own.set(name, entry)
  } else complain(walk, node, 'wrong-type', 'A merge key (<<) takes a mapping or a list of mappings.')
}

function mergeItem(walk: Walk, own: Map<string, Entry>, node: Node | null, depth: number): void {
  if (node) mergeInto(walk, own, node, depth + 1)
}

function follow(walk: Walk, node: Node | null, place: Place | null): Node | null {
  if (!isAlias(node)) return node
  const target = walk.targets.get(node)
  if (target) return target
  const code = 'unknown-alias'
  if (place) walk.complaints.push({ code, place, message: `No anchor "&${node.source}" stands before this alias.` })
  return null
}

function asNode(value: unknown): Node | null {
  return isScalar(value) || isCollection(value) || isAlias(value) ? value : null
}

function placeOf(walk: Walk, node: Node | null): Place | null {
  return node?.range ? walk.source.place(node.range[0], node.range[1]) : null
}

function complain(walk: Walk, node: Node, code: Complaint['code'], message: string): void {
  const place = placeOf(walk, node)
  if (place) walk.complaints.push({ code, place, message })
}

function tooMuch(walk: Walk, place: Place | null): null {
  if (place && !walk.complaints.some(({ code }) => code === 'yaml-limits')) {
    walk.complaints.push({
      code: 'yaml-limits',
      place,
      message: 'Aliases make the file contain itself or grow too large.',
    })
  }
  return null
}
