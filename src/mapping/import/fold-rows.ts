// Rows that say parts of the same thing become one, without changing what leads where: pairs of one-way rows become a row for both ways,
// rows of the same partner become a list. What says the same again is noted; what could never come about is left out.

import { otherSide, SIDES, type Side, sideName } from '../../domain/side.ts'
import type { Direction, FoundEntry, FoundNote, FoundRow, LeftOut } from './found.ts'

/** The status of `side` leads to a status of the other one. */
type Way = { readonly side: Side; readonly from: string; readonly to: string }

/** First the pairs: what is in a list already finds its way back no more. */
export function foldRows(entries: readonly FoundEntry[]): readonly FoundEntry[] {
  const paired = joined(distinct(entries), [closed])
  return joined(distinct(paired), [listed('crm'), listed('telephony')])
}

function distinct(entries: readonly FoundEntry[]): readonly FoundEntry[] {
  const rows: FoundRow[] = []
  return entries.map((entry) => {
    if (entry.kind !== 'row') return entry
    const instead = repeated(rows, entry) ?? rivalled(rows, entry)
    if (instead === null) rows.push(entry)
    return instead ?? entry
  })
}

/** Each row goes into an earlier one where one of the ways fits. */
function joined(entries: readonly FoundEntry[], ways: readonly Join[]): readonly FoundEntry[] {
  const folded: FoundEntry[] = []
  for (const entry of entries) {
    const rows = folded.filter((known) => known.kind === 'row')
    const found = entry.kind === 'row' ? ways.map((join) => join(rows, entry)).find((join) => join !== null) : undefined
    if (found === undefined) folded.push(entry)
    else folded[folded.indexOf(found.into)] = found.row
  }
  return folded
}

function repeated(rows: readonly FoundRow[], row: FoundRow): FoundNote | null {
  const ways = waysOf(row)
  const twin = rows.find((known) => ways.every((way) => waysOf(known).some((there) => sameWay(way, there))))
  const [origin = null] = row.origins
  if (twin === undefined) return null
  return {
    kind: 'note',
    origin,
    words: `"${row.crm.join(', ')}" and "${row.telephony.join(', ')}" as in line ${lineOf(twin)}.`,
  }
}

function rivalled(rows: readonly FoundRow[], row: FoundRow): LeftOut | null {
  const [way] = waysOf(row)
  const [origin] = row.origins
  const rival = way && row.direction !== 'both' ? rows.find((known) => leadsElsewhere(known, way)) : undefined
  if (way === undefined || origin === undefined || rival === undefined) return null
  const { side, from, to } = way
  const first = rival[otherSide(side)][0] ?? ''
  const words = `In ${sideName(side)} "${from}" leads to "${first}" already (line ${lineOf(rival)}), so "${to}" would never be set.`
  return { kind: 'left_out', origin, words }
}

type Joined = { readonly into: FoundRow; readonly row: FoundRow }
type Join = (rows: readonly FoundRow[], row: FoundRow) => Joined | null

/** The way back to a one-way row. Only where nothing leads from that status yet: what stands first is what is set. */
function closed(rows: readonly FoundRow[], row: FoundRow): Joined | null {
  const into = rows.find(
    (known) => sameNames(known, row) && known.direction !== row.direction && known.direction !== 'both',
  )
  if (into === undefined || row.direction === 'both') return null
  const leader: Side = row.direction === 'to_crm' ? 'telephony' : 'crm'
  if (rows.some((known) => leads(known, leader) && known[leader].some((name) => row[leader].includes(name))))
    return null
  return { into, row: { ...into, direction: 'both', origins: [...into.origins, ...row.origins] } }
}

/** One more name on `side` for the one partner that a row of the same way has. */
function listed(side: Side): Join {
  const other = otherSide(side)
  return (rows, row) => {
    const [name] = row[side]
    const [partner] = row[other]
    if (name === undefined || partner === undefined || row.remark !== undefined) return null
    const into = rows.findLast((known) => known[other].includes(partner))
    if (into === undefined || into[other].length > 1 || into.direction !== row.direction || into.remark !== undefined)
      return null
    if (rows.some((known) => known[side].includes(name))) return null
    return { into, row: { ...into, [side]: [...into[side], name], origins: [...into.origins, ...row.origins] } }
  }
}

function leadsElsewhere(known: FoundRow, { side, from, to }: Way): boolean {
  return leads(known, side) && known[side].includes(from) && !known[otherSide(side)].includes(to)
}

function waysOf(row: FoundRow): readonly Way[] {
  return SIDES.filter((side) => leads(row, side)).flatMap((side) =>
    row[side].flatMap((from) => row[otherSide(side)].map((to) => ({ side, from, to }))),
  )
}

function leads({ direction }: { readonly direction: Direction }, side: Side): boolean {
  return direction !== (side === 'crm' ? 'to_crm' : 'to_telephony')
}

function sameWay(a: Way, b: Way): boolean {
  return a.side === b.side && a.from === b.from && a.to === b.to
}

function sameNames(a: FoundRow, b: FoundRow): boolean {
  return SIDES.every(
    (side) => a[side].length === b[side].length && a[side].every((name, index) => name === b[side][index]),
  )
}

function lineOf({ origins }: FoundRow): number {
  return origins[0]?.line ?? 1
}
