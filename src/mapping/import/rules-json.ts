// JSON text to a list of rules: flat fields by tidy names, each rule with its line. Export tools wrap records differently and name the same
// field differently, so the list is looked for, and keys are compared without namespace, "__c", case, blanks and underscores.

import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { nameOf, type Unreadable, unreadable } from './found.ts'
import { ENTRIES_MAX } from './limits.ts'

export type JsonRule = {
  readonly line: number
  /** By tidy key; what is no text, number or truth value is left out, conditions are in the fields of the rule. */
  readonly fields: ReadonlyMap<string, string>
  /** How many conditions stand in a list of the rule; 1 where they stand in its fields. */
  readonly conditions: number
}

export type JsonRules = { readonly kind: 'rules'; readonly rules: readonly JsonRule[] } | Unreadable

const LISTS: ReadonlySet<string> = new Set(['rules', 'presencesyncrules', 'records', 'result', 'data'])
const CONDITIONS: ReadonlySet<string> = new Set(['criteria', 'conditions', 'criterion', 'condition'])
/** { "result": { "records": [ … ] } } is the deepest that export tools wrap. */
const WRAPS_MAX = 3

const object = z.record(z.string(), z.unknown())
const plain = z.union([z.string(), z.number(), z.boolean()])

export function parseRules(text: string): JsonRules {
  const json = text.replace(/^\uFEFF/, '')
  const value = jsonOf(json)
  if ('kind' in value) return value
  const list = listIn(value.value)
  if (list === null) return unreadable('There is no list of rules in it.')
  if (list.items.length === 0) return unreadable('The list of rules is empty.')
  if (list.items.length > ENTRIES_MAX) return unreadable(`More than ${ENTRIES_MAX} rules are no presence sync.`)
  const lines = linesOf(json, list.path)
  return { kind: 'rules', rules: list.items.map((item, index) => ruleOf(item, lines[index] ?? 1)) }
}

export function tidyKey(key: string): string {
  const own = key.replace(/__c$/i, '').replace(/^[A-Za-z0-9]+__/, '')
  return own.toLowerCase().replace(/[^a-z0-9]/g, '')
}

function jsonOf(json: string): { readonly value: unknown } | Unreadable {
  try {
    const value: unknown = JSON.parse(json)
    return { value }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(error.message) ?? []
    const words = error.message.replace(/ in JSON at position .*$/, '').replace(/ \(line .*$/, '')
    return unreadable(
      `This is not JSON: ${words}.`,
      line === undefined ? {} : { line: Number(line), column: Number(column) },
    )
  }
}

type List = { readonly items: readonly unknown[]; readonly path: readonly string[] }

function listIn(value: unknown, path: readonly string[] = []): List | null {
  if (Array.isArray(value)) return { items: value, path }
  const wrapper = object.safeParse(value)
  if (!wrapper.success || path.length >= WRAPS_MAX) return null
  for (const [key, inner] of Object.entries(wrapper.data)) {
    const found = LISTS.has(tidyKey(key)) ? listIn(inner, [...path, key]) : null
    if (found !== null) return found
  }
  return null
}

/** JSON is YAML, and the YAML parser knows where things stand. */
function linesOf(json: string, path: readonly string[]): readonly number[] {
  const counter = new LineCounter()
  const document = parseDocument(json, { lineCounter: counter, uniqueKeys: false, logLevel: 'silent' })
  let node: unknown = document.contents
  for (const key of path)
    node = isMap(node) ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value : null
  return isSeq<Node>(node) ? node.items.map((item) => counter.linePos(item.range?.[0] ?? 0).line) : []
}

function ruleOf(item: unknown, line: number): JsonRule {
  const fields = new Map<string, string>()
  let conditions = 1
  for (const [key, value] of Object.entries(object.safeParse(item).data ?? {})) {
    if (!CONDITIONS.has(tidyKey(key))) add(fields, tidyKey(key), value)
    else {
      const list = Array.isArray(value) ? value : [value]
      conditions = list.length
      for (const [inner, said] of Object.entries(object.safeParse(list[0]).data ?? {}))
        add(fields, tidyKey(inner), said)
    }
  }
  return { line, fields, conditions }
}

/** An operand may be an object of its own: { "type": "Static Value", "value": "Lunch" }. */
function add(fields: Map<string, string>, key: string, value: unknown): void {
  const said = plain.safeParse(value)
  if (said.success) {
    fields.set(key, nameOf(String(said.data)))
    return
  }
  for (const [inner, part] of Object.entries(object.safeParse(value).data ?? {})) {
    const text = plain.safeParse(part)
    if (!text.success) continue
    const name = tidyKey(inner)
    fields.set(
      name === 'value' ? `${key}value` : name === 'type' || name === 'name' ? key : `${key}${name}`,
      nameOf(String(text.data)),
    )
  }
}
