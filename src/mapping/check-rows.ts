// What the rows of `mapped:` say about each other and about the other lists.

import { OFFLINE, otherSide, SIDES, type Side, type StatusId, sideName } from '../domain/side.ts'
import type { Name, RowDraft, RulesDraft } from './draft.ts'
import type { Complaint } from './position.ts'
import { leads } from './ruleset.ts'

export type CheckContext = {
  readonly draft: RulesDraft
  readonly id: (side: Side, name: Name) => StatusId
}

export function checkRows(context: CheckContext): readonly Complaint[] {
  return [
    ...duplicateRows(context),
    ...SIDES.flatMap((side) => [
      ...rivalPrimaries(context, side),
      ...bothMappedAndNoSync(context, side),
      ...unmentionedAvailable(context, side),
      ...repeatedNames(context, side),
    ]),
  ]
}

/** Each row against those before it: the very same, or one that adds no relation and no way. */
function duplicateRows({ draft, id }: CheckContext): readonly Complaint[] {
  const complaints: Complaint[] = []
  const known = new Map<string, RowDraft>()
  for (const row of draft.mapped ?? []) {
    const ways = waysOf(row, id)
    const earlier = ways.map((way) => known.get(way))
    const twin = earlier[0]
    if (twin && earlier.every((other) => other === twin) && sameSize(row, twin)) complaints.push(duplicate(row, twin))
    else if (earlier.every(Boolean)) complaints.push(addsNothing(row))
    for (const way of ways) if (!known.has(way)) known.set(way, row)
  }
  return complaints
}

function waysOf(row: RowDraft, id: CheckContext['id']): readonly string[] {
  return SIDES.filter((side) => leads(row, side)).flatMap((side) =>
    row[side].flatMap((from) =>
      row[otherSide(side)].map((to) => JSON.stringify([side, id(side, from), id(otherSide(side), to)])),
    ),
  )
}

function sameSize(a: RowDraft, b: RowDraft): boolean {
  return SIDES.every((side) => a[side].length === b[side].length)
}

function duplicate({ place }: RowDraft, twin: RowDraft): Complaint {
  const message = `This row says the same as the row in line ${twin.place.line}.`
  return { code: 'duplicate-row', place, message, hint: 'remove one of them' }
}

function addsNothing({ place }: RowDraft): Complaint {
  const message = 'Earlier rows say all that this row says, so it is never reached.'
  return { code: 'row-adds-nothing', place, message, hint: 'remove it, or move it up' }
}

/** A later row that leads a status elsewhere than an earlier one does. */
function rivalPrimaries({ draft, id }: CheckContext, side: Side): readonly Complaint[] {
  const other = otherSide(side)
  const first = new Map<StatusId, { readonly row: RowDraft; readonly to: Name }>()
  const complaints: Complaint[] = []
  for (const row of (draft.mapped ?? []).filter((candidate) => leads(candidate, side))) {
    const to = row[other][0]
    if (!to) continue
    for (const name of row[side]) {
      const earlier = first.get(id(side, name))
      if (!earlier) first.set(id(side, name), { row, to })
      else if (id(other, earlier.to) !== id(other, to)) complaints.push(rival({ name, row, to, earlier, side }))
    }
  }
  return complaints
}

type Rival = {
  readonly name: Name
  readonly row: RowDraft
  readonly to: Name
  readonly earlier: { readonly row: RowDraft; readonly to: Name }
  readonly side: Side
}

/** A row for both ways is mostly meant for the way there; then its way back is what is ambiguous. */
function rival({ name, row, to, earlier, side }: Rival): Complaint {
  const where = `${sideName(side)} "${name.value}"`
  const line = earlier.row.place.line
  const way = side === 'crm' ? 'to_crm' : 'to_telephony'
  if ((row.direction ?? 'both') !== 'both') {
    const message = `In ${where} leads to "${to.value}" here, but to "${earlier.to.value}" by the row in line ${line}, which wins.`
    return { code: 'two-primaries', place: name.place, message, hint: 'keep one of the two rows' }
  }
  const message = `The way back is ambiguous: in ${where} leads to "${earlier.to.value}" (line ${line}), not to "${to.value}".`
  const hint = `add "direction: ${way}" to this row, or list both statuses in one row, the first choice first`
  return { code: 'ambiguous-way-back', place: name.place, message, hint }
}

function bothMappedAndNoSync({ draft, id }: CheckContext, side: Side): readonly Complaint[] {
  const rowOf = new Map<StatusId, RowDraft>()
  for (const row of draft.mapped ?? []) for (const name of row[side]) rowOf.set(id(side, name), row)
  return (draft.noSync[side] ?? []).flatMap((name) => {
    const row = rowOf.get(id(side, name))
    if (!row) return []
    const message = `"${name.value}" stands in no_sync and in the row in line ${row.place.line}.`
    return [{ code: 'row-and-no-sync', place: name.place, message, hint: 'remove it from one of the two' }]
  })
}

function unmentionedAvailable({ draft, id }: CheckContext, side: Side): readonly Complaint[] {
  const rows = (draft.mapped ?? []).flatMap((row) => row[side])
  const mentioned = new Set([...rows, ...(draft.noSync[side] ?? [])].map((name) => id(side, name)))
  return (draft.available?.[side] ?? []).flatMap((name) => {
    if (mentioned.has(id(side, name)) || id(side, name) === OFFLINE) return []
    const message = `No row mentions "${name.value}" although it is available in ${sideName(side)}.`
    return [
      { code: 'available-without-row', place: name.place, message, hint: 'add a row for it, or list it under no_sync' },
    ]
  })
}

function repeatedNames({ draft, id }: CheckContext, side: Side): readonly Complaint[] {
  const lists = [draft.available?.[side], draft.noSync[side], ...(draft.mapped ?? []).map((row) => row[side])]
  return lists.flatMap((names = []) => {
    const seen = new Set<StatusId>()
    return names.flatMap((name) => {
      const again = seen.has(id(side, name))
      seen.add(id(side, name))
      return again
        ? [{ code: 'repeated-name', place: name.place, message: `"${name.value}" stands twice in this list.` } as const]
        : []
    })
  })
}
