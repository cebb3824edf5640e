// What is generated from the mapping file's schema, and where it goes in the repository.

import { editorSchema } from './editor-schema.ts'
import { mappingJsonSchema } from './json-schema.ts'
import { mappingReference } from './reference.ts'

export type GeneratedFile = { readonly path: string; readonly text: string }

export function generatedFiles(): readonly GeneratedFile[] {
  return [
    { path: 'config/mappings.schema.json', text: `${JSON.stringify(editorSchema(mappingJsonSchema()), null, 2)}\n` },
    { path: 'docs/mapping-reference.md', text: mappingReference() },
  ]
}
