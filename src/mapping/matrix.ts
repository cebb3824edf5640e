// What every status of both sides leads to: the answers of the engine to "what if", asked of the compiled rules and kept as data.
// The mapping file is never read a second time here, so what a table says and what the bridge does cannot differ.

import type { Blocking, RuleRef, Rules, Ruleset } from '../domain/rules.ts'
import { type BySide, OFFLINE, otherSide, type Side, type StatusId } from '../domain/side.ts'
import { type Answer, follow } from '../engine/follow.ts'
import { eachSide } from './draft.ts'
import { lineOf } from './matrix-lines.ts'

/** Stands for every status that the file does not name. */
export const ANY_OTHER = '\u0000any other status' as StatusId

/** An answer and the statuses of the other side beside which it is given; `where` null: beside all that no branch before it names. */
type Branch<A> = { readonly where: readonly StatusId[] | null; readonly answer: A }
/** The last branch is the one for everywhere else. */
export type Cell<A = Answer> = readonly Branch<A>[]

/** R10: the side that logs in stays, follows the other one, or leads it as with any other change. */
export type LoginAnswer =
  | { readonly kind: 'stays'; readonly rule: RuleRef }
  | { readonly kind: 'follows'; readonly status: StatusId; readonly rule: RuleRef }
  | { readonly kind: 'leads'; readonly answer: Answer }

export type MatrixRow = {
  readonly status: StatusId
  readonly label: string
  readonly takesWork: boolean
  /** Whether what choosing it does depends on this status alone; otherwise it is what leaving the one before does. */
  readonly decides: boolean
  /** What choosing it does to the other side, coming from a status that leads nowhere. */
  readonly choosing: Cell
  /** What leaving it for a status that does not decide does to the other side; null: nobody can leave it (Offline). */
  readonly leaving: Cell | null
  /** What logging in as it does; null: that is no log-in. */
  readonly login: Cell<LoginAnswer> | null
}

type MatrixSide = {
  readonly side: Side
  readonly rows: readonly MatrixRow[]
  /** What work on this side does to the other one; null: nothing. */
  readonly blocks: Blocking | null
}

export type Matrix = {
  readonly file: string
  readonly rules: Ruleset
  readonly label: (side: Side, status: StatusId) => string
  readonly sides: BySide<MatrixSide>
}

type Asked = { readonly rules: Ruleset; readonly names: BySide<readonly StatusId[]>; readonly side: Side }

export function matrixOf({ file, statuses, label }: Omit<Rules, 'hash' | 'top' | 'profiles'>, rules: Ruleset): Matrix {
  const names = eachSide((side) => namesInOrder(rules, side, statuses[side]))
  const named = (side: Side, status: StatusId) => (status === ANY_OTHER ? 'any other status' : label(side, status))
  const rows = (side: Side) => names[side].map((status) => rowOf({ rules, names, side }, status, named(side, status)))
  return {
    file,
    rules,
    label: named,
    sides: eachSide((side) => ({ side, rows: rows(side), blocks: rules.blocking[otherSide(side)] })),
  }
}

/** What the cell says of an agent whose other side is there. */
export function answerAt<A>(cell: Cell<A>, status: StatusId): A | undefined {
  const found = cell.find(({ where }) => where === null || where.includes(status))
  return found?.answer
}

function rowOf(asked: Asked, status: StatusId, label: string): MatrixRow {
  const { rules, side } = asked
  const change = (from: StatusId | null, to: StatusId) =>
    cellOf(asked, (base) => follow(rules, { lead: side, from, to, base, loggedIn: true }))
  const choosing = change(null, status)
  const isOffline = status === OFFLINE
  return {
    status,
    label,
    takesWork: rules.available[side].has(status),
    decides: choosing.some(({ answer }) => DECIDING.has(answer.reason)),
    choosing,
    leaving: isOffline ? null : change(status, ANY_OTHER),
    login: isOffline ? null : cellOf(asked, (base) => loginAt(rules, side, { to: status, base })),
  }
}

const DECIDING: ReadonlySet<Answer['reason']> = new Set(['mapped', 'already', 'no_sync', 'logout'])

function loginAt(
  rules: Ruleset,
  side: Side,
  { to, base }: { readonly to: StatusId; readonly base: StatusId },
): LoginAnswer {
  const partners = rules.login === 'follow' ? (rules.partners[otherSide(side)].get(base) ?? []) : []
  const [first, ...others] = partners.filter(({ status }) => status !== OFFLINE)
  if (first === undefined)
    return { kind: 'leads', answer: follow(rules, { lead: side, from: OFFLINE, to, base, loggedIn: true }) }
  const present = [first, ...others].find(({ status }) => status === to)
  if (present !== undefined) return { kind: 'stays', rule: present.rule }
  return { kind: 'follows', status: first.status, rule: first.rule }
}

/** Asks beside every status in which somebody is logged in; what is said beside a status that no rule names is said everywhere else. */
function cellOf<A>({ names, side }: Asked, ask: (base: StatusId) => A): Cell<A> {
  const elsewhere = ask(ANY_OTHER)
  const branches = new Map<string, { readonly where: StatusId[]; readonly answer: A }>()
  const common = JSON.stringify(elsewhere)
  for (const base of names[otherSide(side)]) {
    if (base === OFFLINE) continue
    const answer = ask(base)
    const key = JSON.stringify(answer)
    if (key === common) continue
    const known = branches.get(key)
    if (known === undefined) branches.set(key, { where: [base], answer })
    else known.where.push(base)
  }
  return [...branches.values(), { where: null, answer: elsewhere }]
}

/** Rows of the file first, then what rules put an agent into, then what is listed, then the rest; Offline last. */
function namesInOrder(rules: Ruleset, side: Side, known: ReadonlySet<StatusId>): readonly StatusId[] {
  const other = otherSide(side)
  const { transition, blocking, unmapped, noSync, available } = rules
  const put = [
    transition[side]?.status,
    transition[side]?.ends?.status,
    blocking[side]?.status,
    unmapped[other]?.status,
  ]
  const names = new Set([
    ...inRows(rules, side),
    ...put.flatMap((status) => status ?? []),
    ...noSync[side].keys(),
    ...available[side],
    ...known,
    ANY_OTHER,
  ])
  names.delete(OFFLINE)
  return [...names, OFFLINE]
}

/** Those that lead and those that are only led to, by the line of their first row. */
function inRows({ partners }: Ruleset, side: Side): readonly StatusId[] {
  const leading = [...partners[side]].map(([status, [first]]) => ({ status, rule: first?.rule }))
  const led = [...partners[otherSide(side)].values()].flat()
  const all = [...leading, ...led].map(({ status, rule }) => ({
    status,
    line: rule === undefined ? null : lineOf(rule),
  }))
  return all.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)).map(({ status }) => status)
}
