// The cells of a matrix that stories can touch. What a profile has in common with the top level is one cell, touched by stories of either.

import { OFFLINE, otherSide, SIDES, type Side } from '../domain/side.ts'
import { ANY_OTHER, type Cell, type Matrix, type MatrixRow } from '../mapping/matrix.ts'
import { lineOf } from '../mapping/matrix-lines.ts'

export type Touch = {
  readonly kind: 'chosen' | 'left' | 'login' | 'blocks' | 'released' | 'override' | 'transition_over'
  /** Where somebody did something, or where the work is; of a release, an override and the end of a transition the side that shows it. */
  readonly side: Side
  /** The status (chosen: by its label, left: by its id) or the channel; null where the kind says it all. */
  readonly subject: string | null
}

export type CoverageCell = Touch & {
  /** "crm Lunch left". */
  readonly what: string
  /** In the mapping file; null where the file does not say it on a line of its own. */
  readonly line: number | null
  /** Whose rules have it; null among them: the top level's. */
  readonly profiles: readonly (string | null)[]
}

type Found = Omit<CoverageCell, 'profiles'> & { readonly says: unknown }

/** In the order of the matrices and of their rows. */
export function cellsOf(matrices: readonly Matrix[]): readonly CoverageCell[] {
  const cells = new Map<string, CoverageCell>()
  for (const matrix of matrices) {
    for (const { says, ...cell } of SIDES.flatMap((side) => cellsOfSide(matrix, side))) {
      const key = JSON.stringify([cell.kind, cell.side, cell.subject, says])
      const known = cells.get(key) ?? { ...cell, profiles: [] }
      cells.set(key, { ...known, profiles: [...known.profiles, matrix.rules.profile] })
    }
  }
  return [...cells.values()]
}

export function isCell(cell: CoverageCell, touch: Touch, profile: string | null): boolean {
  if (cell.kind !== touch.kind || cell.side !== touch.side || !cell.profiles.includes(profile)) return false
  return cell.subject === touch.subject
}

/** "crm Lunch left (mappings.yaml:9)" */
export function cellWords({ what, line, profiles }: CoverageCell, mappings: string): string {
  const whose = profiles.includes(null) ? '' : `, profile ${profiles.join(', ')}`
  return `${what} (${mappings}${line === null ? '' : `:${line}`}${whose})`
}

function cellsOfSide(matrix: Matrix, side: Side): readonly Found[] {
  const { rows } = matrix.sides[side]
  return [
    ...rows.flatMap((row) => [...chosen(matrix, side, row), ...left(side, row)]),
    ...loginOf(matrix, side),
    ...ofTransition(matrix, side),
    ...ofWork(matrix, side),
  ]
}

/** Of what the file does not name nothing is asked, unless it has a default for it (R5). */
function chosen(matrix: Matrix, side: Side, row: MatrixRow): readonly Found[] {
  const answer = row.choosing.at(-1)?.answer
  const isSaid = row.status === ANY_OTHER ? answer?.reason === 'default' : row.status !== OFFLINE || leads(row)
  if (!isSaid) return []
  const subject = row.status === ANY_OTHER ? ANY_OTHER : row.label
  const line = lineIn(row.choosing) ?? putBy(matrix, side, row)
  return [{ kind: 'chosen', side, subject, what: `${side} ${row.label} chosen`, line, says: row.choosing }]
}

function left(side: Side, row: MatrixRow): readonly Found[] {
  if (row.leaving === null || !leads(row)) return []
  const line = lineIn(row.choosing)
  return [{ kind: 'left', side, subject: row.status, what: `${side} ${row.label} left`, line, says: row.leaving }]
}

function leads({ choosing }: MatrixRow): boolean {
  return choosing.at(-1)?.answer.reason === 'mapped'
}

function loginOf({ rules }: Matrix, side: Side): readonly Found[] {
  return [{ kind: 'login', side, subject: null, what: `${side} log-in`, line: null, says: rules.login }]
}

function ofTransition({ rules }: Matrix, side: Side): readonly Found[] {
  const transition = rules.transition[side]
  if (!transition?.ends) return []
  const what = `${side} transition over`
  return [{ kind: 'transition_over', side, subject: null, what, line: lineOf(transition.rule), says: transition }]
}

function ofWork({ sides }: Matrix, side: Side): readonly Found[] {
  const { blocks } = sides[side]
  if (blocks === null) return []
  const blocked = otherSide(side)
  const line = lineOf(blocks.rule)
  const says = { ...blocks, channels: null }
  const channels = blocks.channels === null ? [null] : [...blocks.channels]
  return [
    ...channels.map((subject): Found => {
      const what = `${side} ${subject ?? 'work'} blocks ${blocked}`
      return { kind: 'blocks', side, subject, what, line, says }
    }),
    { kind: 'released', side: blocked, subject: null, what: `${blocked} released`, line, says },
    { kind: 'override', side: blocked, subject: null, what: `${blocked} block overridden`, line, says },
  ]
}

/** The line of what is said everywhere else, else of anything said. */
function lineIn(cell: Cell): number | null {
  const rules = cell.toReversed().flatMap(({ answer }) => answer.rule ?? [])
  return rules.map(lineOf).find((line) => line !== null) ?? null
}

/** The line that puts agents into a status which leads nowhere itself. */
function putBy({ rules }: Matrix, side: Side, { status }: MatrixRow): number | null {
  const led = [...rules.partners[otherSide(side)].values()].flat().find((partner) => partner.status === status)
  const { transition, blocking } = rules
  const put = [transition[side], blocking[side]].find((one) => one?.status === status)
  const rule = led?.rule ?? put?.rule
  return rule === undefined ? null : lineOf(rule)
}
