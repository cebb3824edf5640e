// What the rows of `mapped:` say about each other and about the other lists.

import { OFFLINE, otherSide, SIDES, type Side, type StatusId, sideName } from '../domain/side.ts'
import type { Name, RowDraft, RulesDraft } from './draft.ts'
import { RELATED_MAX } from './limits.ts'
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
      ...availableOffline(context, side),
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
    else if (earlier.every((other) => other !== undefined)) complaints.push(addsNothing(row, earlier))
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
  const related = [{ place: twin.place, message: 'says it first' }]
  return { code: 'duplicate-row', place, message, hint: 'remove one of them', related }
}

function addsNothing({ place }: RowDraft, earlier: readonly RowDraft[]): Complaint {
  const rows = [...new Set(earlier)]
  const message = `${rows.length === 1 ? 'An earlier row says' : 'Earlier rows say'} all that this row says, so it is never reached.`
  const related = rows.slice(0, RELATED_MAX).map((row) => ({ place: row.place, message: 'says it already' }))
  return { code: 'row-adds-nothing', place, message, hint: 'remove it, or move it up', related }
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
  const [here, there] = [
    `"${to.value}" (line ${row.place.line})`,
    `"${earlier.to.value}" (line ${earlier.row.place.line})`,
  ]
  const related = [{ place: earlier.to.place, message: 'the first row wins' }]
  if ((row.direction ?? 'both') !== 'both') {
    const message = `In ${sideName(side)} "${name.value}" leads to ${there} and to ${here}: the first row wins.`
    const hint = `remove "${name.value}" from one of the two rows`
    return { code: 'two-primaries', place: name.place, message, hint, related }
  }
  const way = side === 'crm' ? 'to_crm' : 'to_telephony'
  const message = `The way back is ambiguous: in ${sideName(side)} "${name.value}" leads to ${there}, not to ${here}.`
  const hint = `add "direction: ${way}" to this row, or list both statuses in one row, the first choice first`
  return { code: 'ambiguous-way-back', place: name.place, message, hint, related }
}

function bothMappedAndNoSync({ draft, id }: CheckContext, side: Side): readonly Complaint[] {
  const mapped = new Map<StatusId, Name>()
  for (const row of draft.mapped ?? []) for (const name of row[side]) mapped.set(id(side, name), name)
  return (draft.noSync[side] ?? []).flatMap((name) => {
    const inRow = mapped.get(id(side, name))
    if (!inRow) return []
    const message = `"${name.value}" stands in no_sync and in the row in line ${inRow.place.line}.`
    const related = [{ place: inRow.place, message: 'the row' }]
    return [{ code: 'row-and-no-sync', place: name.place, message, hint: 'remove it from one of the two', related }]
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

/** Offline is "not logged in": nobody is given work there. */
function availableOffline({ draft, id }: CheckContext, side: Side): readonly Complaint[] {
  return (draft.available?.[side] ?? []).flatMap((name) => {
    if (id(side, name) !== OFFLINE) return []
    const message = `Offline means "not logged in", so ${sideName(side)} cannot push work in it.`
    return [{ code: 'available-offline', place: name.place, message, hint: 'remove it from the list' }]
  })
}

function repeatedNames({ draft, id }: CheckContext, side: Side): readonly Complaint[] {
  const lists = [draft.available?.[side], draft.noSync[side], ...(draft.mapped ?? []).map((row) => row[side])]
  const statuses = lists.flatMap((names = []) => repeated(names, (name) => id(side, name)))
  return [...statuses, ...repeated(draft.blocking[side]?.channels ?? [], ({ value }) => value.toLowerCase())]
}

/** Names that stand in one list twice; `key` is the same for what is the same. */
export function repeated(names: readonly Name[], key: (name: Name) => string): readonly Complaint[] {
  const first = new Map<string, Name>()
  return names.flatMap((name) => {
    const earlier = first.get(key(name))
    if (!earlier) first.set(key(name), name)
    if (!earlier) return []
    const message = `"${name.value}" stands twice in this list.`
    const related = [{ place: earlier.place, message: 'first here' }]
    return [{ code: 'repeated-name', place: name.place, message, hint: 'remove one of them', related } as const]
  })
}
