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

export const TOO_DEEP = `The values are nested far too deep: the format needs 8 levels, ${DEPTH_MAX} are read.`
const TOO_MANY_VALUES = `The file holds too many values: at most ${VALUES_MAX.toLocaleString('en')} are read.`
const TOO_MANY_ALIASES = 'Aliases make the file contain itself or grow too large.'
const NO_ALIASES = 'write the values out instead'

export type Path = readonly PropertyKey[]
type Spot = {
  readonly key: Place | null
  readonly value: Place
  /** A plain or quoted value as the file writes it, without its quotes; null for anything else. */
  readonly written: string | null
}
export type Tree = {
  readonly value: unknown
  /** Undefined where the file has nothing at that path. */
  spot(path: Path): Spot | undefined
}

type Walk = {
  readonly source: Source
  readonly targets: ReadonlyMap<Alias, Node>
  readonly spots: Map<string, Spot>
  /** What each mapping holds, merge keys followed: each is worked out once, or a chain of merge keys would double with every link. */
  readonly known: Map<YAMLMap, ReadonlyMap<string, Entry>>
  /** Those that are being worked out. */
  readonly merging: Set<YAMLMap>
  /** The aliases that led to where the walk is, the outermost first. */
  readonly following: Place[]
  readonly complaints: Complaint[]
}
type Entry = { readonly key: Node; readonly value: Node | null }

export function toTree(document: Document.Parsed, source: Source): { tree: Tree; complaints: readonly Complaint[] } {
  const walk: Walk = {
    source,
    targets: aliasTargets(document),
    spots: new Map(),
    known: new Map(),
    merging: new Set(),
    following: [],
    complaints: [],
  }
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
  const real = follow(walk, node, place)
  walk.spots.set(pathKey(path), { key, value: place, written: isScalar(real) ? (real.source ?? null) : null })
  if (isAlias(node)) walk.following.push(place)
  const value =
    path.length > DEPTH_MAX || walk.spots.size > VALUES_MAX ? tooMuch(walk, place) : inside(walk, real, path)
  if (isAlias(node)) walk.following.pop()
  return value
}

function inside(walk: Walk, node: Node | null, path: Path): unknown {
  if (isMap(node)) return plainMap(walk, node, path)
  if (isSeq(node)) return node.items.map((item, index) => plain(walk, asNode(item), [...path, index], null))
  return isScalar(node) ? node.value : null
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
  const known = walk.known.get(map)
  if (known) return known
  const own = new Map<string, Entry>()
  walk.known.set(map, own)
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
  walk.merging.add(map)
  for (const node of merged.flatMap((value) => mergedMaps(walk, value))) mergeInto(walk, own, node, depth)
  walk.merging.delete(map)
  return own
}

/** `<<` takes a mapping, or a list of them. */
function mergedMaps(walk: Walk, node: Node): readonly Node[] {
  const real = follow(walk, node, placeOf(walk, node))
  if (isSeq(real)) return real.items.flatMap((item) => asNode(item) ?? [])
  return real ? [node] : []
}

function mergeInto(walk: Walk, own: Map<string, Entry>, node: Node, depth: number): void {
  const real = follow(walk, node, placeOf(walk, node))
  if (real && !isMap(real)) {
    complain(walk, node, 'wrong-type', 'A merge key (<<) takes a mapping or a list of mappings.')
  } else if (real && (depth > DEPTH_MAX || walk.merging.has(real))) {
    sayOnce(walk, placeOf(walk, node), TOO_MANY_ALIASES, NO_ALIASES)
  } else if (real) {
    for (const [name, entry] of entries(walk, real, depth + 1)) if (!own.has(name)) own.set(name, entry)
  }
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

/** What is told is the alias that brought the walk here, where one did. */
function tooMuch(walk: Walk, place: Place): null {
  const [alias] = walk.following
  if (alias) return sayOnce(walk, alias, TOO_MANY_ALIASES, NO_ALIASES)
  const message = walk.spots.size > VALUES_MAX ? TOO_MANY_VALUES : TOO_DEEP
  return sayOnce(walk, place, message)
}

function sayOnce(walk: Walk, place: Place | null, message: string, hint?: string): null {
  const said = walk.complaints.some(({ code }) => code === 'yaml-limits')
  if (place && !said) walk.complaints.push({ code: 'yaml-limits', place, message, hint })
  return null
}
