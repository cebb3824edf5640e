// The JSON Schema that editors use for completion and for marking mistakes while someone types.

import { z } from 'zod'
import { mappingFile } from './schema.ts'

/** What the reference page reads of a JSON Schema. */
export type SchemaNode = {
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly SchemaNode[]
  readonly items?: SchemaNode
}

/** Draft 7 is the newest that the YAML language server knows whole. */
export function jsonSchema(file: z.ZodType, title: string): SchemaNode {
  const schema = z.toJSONSchema(file, { target: 'draft-7', io: 'input' })
  // The library's type allows every draft's forms at once; the part that is read here is the same in all.
  const node = schema as SchemaNode
  return { ...node, title }
}

export function mappingJsonSchema(): SchemaNode {
  return jsonSchema(mappingFile, 'presence-bridge mapping file')
}
