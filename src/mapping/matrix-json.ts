// A matrix for programs: statuses by label, lines by number. Other people's programs read these names.

import type { RuleRef } from '../domain/rules.ts'
import { otherSide, type Side, type StatusId } from '../domain/side.ts'
import type { Answer } from '../engine/follow.ts'
import type { Cell, LoginAnswer, Matrix, MatrixRow } from './matrix.ts'
import { lineOf } from './matrix-lines.ts'

export function matrixJson(matrix: Matrix): string {
  const { file, rules } = matrix
  const { profile, mode, login, exclusive, conflict } = rules
  const sides = { crm: sideJson(matrix, 'crm'), telephony: sideJson(matrix, 'telephony') }
  return `${JSON.stringify({ file, profile, mode, login, exclusive, conflict, ...sides }, null, 2)}\n`
}

function sideJson(matrix: Matrix, side: Side): object {
  const other = otherSide(side)
  const { rows, blocks } = matrix.sides[side]
  const work = blocks && {
    blocks: other,
    channels: blocks.channels && [...blocks.channels],
    from: blocks.from,
    minItems: blocks.minItems,
    wrapUp: blocks.wrapUp,
    status: matrix.label(other, blocks.status),
    releaseAfterMs: blocks.releaseAfterMs,
    onOverride: blocks.onOverride,
    line: lineIn(blocks.rule),
  }
  return { statuses: rows.map((row) => rowJson(matrix, side, row)), work }
}

function rowJson(
  matrix: Matrix,
  side: Side,
  { label, takesWork, decides, choosing, leaving, login }: MatrixRow,
): object {
  const changes = (cell: Cell | null) =>
    cell && branches(matrix, side, cell, (answer) => answerJson(matrix, side, answer))
  const logIns = login && branches(matrix, side, login, (answer) => loginJson(matrix, side, answer))
  return { status: label, takesWork, decides, choosing: changes(choosing), leaving: changes(leaving), login: logIns }
}

/** `beside`: statuses of the other side; null: all others. */
function branches<A>({ label }: Matrix, side: Side, cell: Cell<A>, tell: (answer: A) => object): readonly object[] {
  const names = (where: readonly StatusId[] | null) => where?.map((status) => label(otherSide(side), status)) ?? null
  return cell.map(({ where, answer }) => ({ beside: names(where), ...tell(answer) }))
}

function answerJson({ label }: Matrix, side: Side, answer: Answer): object {
  const { reason } = answer
  const line = lineIn(answer.rule)
  if (answer.kind === 'keep') return { does: 'nothing', reason, line }
  const other = otherSide(side)
  const { status, ends } = answer
  const over = ends && { afterMs: ends.afterMs, status: label(other, ends.status) }
  return { does: 'sets', side: other, status: label(other, status), reason, line, ends: over }
}

function loginJson(matrix: Matrix, side: Side, answer: LoginAnswer): object {
  switch (answer.kind) {
    case 'stays':
      return { does: 'nothing', reason: 'already', line: lineIn(answer.rule) }
    case 'follows': {
      const status = matrix.label(side, answer.status)
      return { does: 'sets', side, status, reason: 'login', line: lineIn(answer.rule), ends: null }
    }
    case 'leads':
      return answerJson(matrix, side, answer.answer)
  }
}

function lineIn(rule: RuleRef | null): number | null {
  return rule === null ? null : lineOf(rule)
}
