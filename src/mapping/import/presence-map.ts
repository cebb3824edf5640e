// The two-column presence map of the vendor's published blueprint that sets agents' presences after another system's:
// "key,GenesysCloudPresenceId", a status of the other system and the id of a presence. (GenesysCloudBlueprints/gc-presence-update-from-ms-teams,
// exports/MsTeamsPresenceMappings.csv; read 2026.) The map works one way. Which column holds the ids is seen by its header, else by the ids.

import { pairOf, unusedColumns } from './csv-columns.ts'
import { type CsvRow, parseCsv } from './csv-table.ts'
import { type FoundEntry, type ImportSource, type Origin, type ReadResult, unreadable } from './found.ts'

/** The platform's own presences have the same ids in every organisation; the labels are what people see. */
const SYSTEM_PRESENCES: Readonly<Record<string, string>> = {
  '6a3af858-942f-489d-9700-5f9bcdcdae9b': 'Available',
  'e08eaf1b-ee47-4fa9-a231-1200e284798f': 'On Queue',
  '31fe3bac-dea6-44b7-bed7-47f91660a1a0': 'Busy',
  '5e5c5c66-ea97-4e7f-ac41-6424784829f2': 'Away',
  '227b37e2-f1d0-4dd0-8f50-badd7cf6d158': 'Break',
  '3fd96123-badb-4f69-bc03-1b1ccc6d8014': 'Meal',
  'bbdff279-7ae1-48ea-bade-7831d7234c64': 'Meeting',
  'd2390a99-8546-bad9-8f0a-219548e8aeb0': 'Training',
  '7ffa01cd-7866-4ad7-8faa-31e11b42f51f': 'Idle',
  'ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5': 'Offline',
}

/** Of the platform's presences only this one is given work. */
const TAKES_WORK = ['On Queue']
const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const REMARKS = [
  'The first system of the map is taken for the CRM side; rename its statuses where the CRM calls them otherwise.',
  'The map worked one way, so do the rows; take "direction" away from those that shall work both ways.',
]

export function isPresenceId(cell: string): boolean {
  return ID.test(cell.trim())
}

/** A header of this map: it names a presence id or the vendor. */
export function isPresenceHeader(cell: string): boolean {
  const word = cell.toLowerCase()
  return word.includes('genesys') || word.replace(/[\s_-]/g, '').includes('presenceid')
}

export function readPresenceMap({ file, text }: ImportSource): ReadResult {
  const table = parseCsv(text)
  if (table.kind === 'unreadable') return table
  const [first] = table.rows
  if (first === undefined) return unreadable('There is no row in it.')
  const header = !first.cells.some(isPresenceId)
  const telephony = first.cells.findIndex(header ? isPresenceHeader : isPresenceId)
  if (telephony < 0) {
    const words = 'No column holds presence ids; expected a header such as key,GenesysCloudPresenceId.'
    return unreadable(words, { line: first.line })
  }
  const columns = { crm: telephony === 0 ? 1 : 0, telephony }
  const rows = header ? table.rows.slice(1) : table.rows
  const entries = [
    ...unusedColumns(first, [columns.crm, columns.telephony], { file, header }),
    ...rows.map((row) => entryOf(row, columns, { file, line: row.line })),
  ]
  const takesWork = { telephony: TAKES_WORK }
  return { kind: 'found', found: { title: 'a presence map', entries, blocks: [], remarks: REMARKS, takesWork } }
}

function entryOf(
  row: CsvRow,
  columns: { readonly crm: number; readonly telephony: number },
  origin: Origin,
): FoundEntry {
  const pair = pairOf(row, columns, origin)
  if (pair.kind === 'left_out') return pair
  const name = SYSTEM_PRESENCES[pair.telephony.toLowerCase()] ?? pair.telephony
  const found = {
    kind: 'row',
    crm: [pair.crm],
    telephony: [name],
    direction: 'to_telephony',
    origins: [origin],
  } as const
  return isPresenceId(name) ? { ...found, remark: 'the id of a presence of your own' } : found
}
