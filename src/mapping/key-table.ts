// A schema as the table of its keys, for reference pages.

import type { SchemaNode } from './json-schema.ts'

export type Row = { readonly path: string; readonly node: SchemaNode; readonly required: boolean }

/** The object inside a list, or inside the alternatives of a shorthand. */
export function itemOf(node: SchemaNode | undefined): SchemaNode {
  if (!node || node.properties) return node ?? {}
  const inner = [...(node.items ? [node.items] : []), ...(node.anyOf ?? [])]
  return inner.map(itemOf).find(({ properties }) => properties) ?? {}
}

function isList(node: SchemaNode): boolean {
  return node.items !== undefined || (node.anyOf ?? []).some(isList)
}

/** `sidesAlike`: both sides take the same keys, which are then told once. */
export function rowsOf(node: SchemaNode, prefix: string, sidesAlike = true): readonly Row[] {
  const entries = Object.entries(node.properties ?? {})
  return entries.flatMap(([key, child]) => {
    const row = { path: `${prefix}${key}`, node: child, required: node.required?.includes(key) ?? false }
    return [row, ...nestedRows(row, entries, sidesAlike)]
  })
}

/** Where both sides take the same keys, these are told once, after the second. */
function nestedRows(
  { path, node }: Row,
  siblings: readonly (readonly [string, SchemaNode])[],
  sidesAlike: boolean,
): readonly Row[] {
  const inner = itemOf(node)
  if (!inner.properties) return []
  if (sidesAlike && path.endsWith('crm') && siblings.some(([key]) => key === 'telephony')) return []
  const shown = sidesAlike ? path.replace(/telephony$/, 'SIDE') : path
  return rowsOf(inner, isList(node) ? `${shown}[].` : `${shown}.`, sidesAlike)
}

export function table(rows: readonly Row[]): string {
  const head = '| key | takes | default | meaning |\n| --- | --- | --- | --- |\n'
  return head + rows.map((row) => `${line(row)}\n`).join('')
}

function line({ path, node, required }: Row): string {
  const fallback = node.default === undefined ? '' : `\`${String(node.default)}\``
  const example = node.examples?.[0]
  const words = `${node.description ?? ''}${example === undefined ? '' : ` Example: \`${flow(example)}\``}`
  return `| \`${path}\` | ${cell(node.title ?? '')} | ${required ? 'required' : fallback} | ${cell(words)} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** As someone would write it on one line of YAML. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`)
  return `{ ${entries.join(', ')} }`
}
