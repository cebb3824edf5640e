// The reference page of the mapping file, written from the schema and from the catalogue of finding codes.

import { FINDING_CODES } from './finding-codes.ts'
import { mappingJsonSchema } from './json-schema.ts'
import { itemOf, type Row, rowsOf, table } from './key-table.ts'

const INTRO = `# Mapping file reference

<!-- Written by \`npm run generate\` from the schema; do not edit by hand. -->

One YAML 1.2 file says which statuses belong together and what happens while an agent works. \`mappings.example.yaml\` is an annotated
example. Durations are written \`500ms\`, \`10s\`, \`5m\` or \`1h\`. Names are the labels that people see, or the API names or ids of the
platforms. \`Offline\` is "not logged in" on both sides and needs no declaration. Anchors, aliases and merge keys (\`<<\`) may be used.

A file with an error takes no effect at all; warnings do not stop it.
`

const PROFILES = `A profile may also hold every key of the section above from \`mode\` to \`confirm_within\`. A key replaces the same key of the top
level; inside \`blocking\`, \`transition\`, \`unmapped\`, \`no_sync\`, \`conflict\` and \`limits\` only what is named is replaced. A plain name,
\`on\` or \`off\` names everything: it inherits nothing. An agent is in the profile that the pair names, else in the first profile that lists the
agent or whose \`where\` fits.
`

const STORIES = `Stories stand in \`tests:\`, or under \`stories:\` in a file of their own, whose \`mappings:\` names the mapping file. The first step
happens at once; before every later one except a \`wait\`, 10 s pass. A step does one thing; only \`crm\` and \`telephony\` may stand
together. Inside \`together\` may stand \`crm\`, \`telephony\`, \`work\`, \`link\`, \`write_result\`, \`repeat\`, \`stranger\`, \`colleagues\` and
\`rumour\`, as in a step.
`

const FINDINGS = `[What check finds](mapping-errors.md) has an example of each, and says how to put it right.
`

export function mappingReference(): string {
  const schema = mappingJsonSchema()
  const { profiles, tests, ...top } = schema.properties ?? {}
  const ownOfProfiles = Object.entries(itemOf(profiles).properties ?? {}).filter(
    ([key]) => !(key in top) || key === 'agents',
  )
  const profile = { ...itemOf(profiles), properties: Object.fromEntries(ownOfProfiles) }
  return [
    INTRO,
    section('Top level', table(rowsOf({ ...schema, properties: top }, ''))),
    section('Profiles (`profiles:`)', `${PROFILES}\n${table(rowsOf(profile, ''))}`),
    section('Stories (`tests:`)', `${STORIES}\n${table(rowsOf(itemOf(tests), '').filter(isToldOnce))}`),
    section('Findings', findings()),
  ].join('\n')
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`
}

/** What may happen together is what may happen alone. */
function isToldOnce({ path }: Row): boolean {
  return !path.startsWith('steps[].together[].')
}

function findings(): string {
  const entries = Object.entries(FINDING_CODES)
  const rows = entries.map(
    ([code, { severity, explains }]) => `| [\`${code}\`](mapping-errors.md#${code}) | ${severity} | ${explains} |\n`,
  )
  return `${FINDINGS}\n| code | severity | meaning |\n| --- | --- | --- |\n${rows.join('')}`
}
