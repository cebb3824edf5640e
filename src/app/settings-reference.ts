// What is generated from the settings file's schema, and where it goes in the repository.

import { jsonSchema } from '../mapping/json-schema.ts'
import { rowsOf, table } from '../mapping/key-table.ts'
import { settingsFile } from './settings-schema.ts'

const INTRO = `# Settings reference

<!-- Written by \`npm run generate\` from the schema; do not edit by hand. -->

One YAML file says where the platforms are and how the bridge runs; [config/bridge.example.yaml](../config/bridge.example.yaml) is an
annotated example. \`\${NAME}\` takes an environment variable, \`\${file:/path}\` a file's content. A secret that is written out in the file is a
warning. Relative paths are relative to the file. Plain \`http\` addresses are accepted for this machine itself only.
`

export function settingsFiles(): readonly { readonly path: string; readonly text: string }[] {
  const schema = jsonSchema(settingsFile, 'presence-bridge settings file')
  return [
    { path: 'config/bridge.schema.json', text: `${JSON.stringify(schema, null, 2)}\n` },
    { path: 'docs/settings-reference.md', text: `${INTRO}\n${table(rowsOf(schema, '', false))}` },
  ]
}
