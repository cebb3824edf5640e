// The JSON Schema as editors understand it best. Of alternatives they take the one that seems nearest and find fault with the value by
// that; told to look for a mapping first, they name the key that is wrong in it. The words that may stand instead are then offered by name.

import type { SchemaNode } from './json-schema.ts'

type EditorNode = Omit<SchemaNode, 'anyOf' | 'items' | 'properties'> & {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly EditorNode[]
  readonly items?: EditorNode
  readonly properties?: Readonly<Record<string, EditorNode>>
  readonly if?: { readonly type: 'object' }
  readonly then?: EditorNode
  readonly else?: EditorNode
  readonly defaultSnippets?: readonly { readonly label: string; readonly body: string }[]
}

export function editorSchema({ anyOf, ...rest }: EditorNode): EditorNode {
  const node = inside(rest)
  const branches = (anyOf ?? []).map(editorSchema)
  const mapping = branches.find(({ type }) => type === 'object')
  const others = branches.filter((branch) => branch !== mapping)
  const [only] = others
  if (!mapping || !only) return { ...node, ...(anyOf ? { anyOf: branches } : {}) }
  const words = others.flatMap((branch) => branch.enum ?? [])
  return {
    ...node,
    if: { type: 'object' },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word; nothing awaits a schema.
    then: mapping,
    else: others.length === 1 ? only : { anyOf: others },
    ...(words.length > 0 ? { defaultSnippets: words.map((word) => ({ label: word, body: word })) } : {}),
  }
}

function inside({ items, properties, ...node }: EditorNode): EditorNode {
  const entries = Object.entries(properties ?? {}).map(([key, child]) => [key, editorSchema(child)] as const)
  return {
    ...node,
    ...(properties ? { properties: Object.fromEntries(entries) } : {}),
    ...(items ? { items: editorSchema(items) } : {}),
  }
}
