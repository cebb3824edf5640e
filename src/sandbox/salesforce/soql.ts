// Reads and answers SOQL of the simple kind: SELECT fields (also of one parent) FROM object WHERE conditions joined by AND, also with a
// sub-select in IN, ORDER BY, LIMIT.
//
// NOT imitated: OR, NOT, parentheses around conditions, sub-selects within sub-selects, aggregates, GROUP BY, LIKE, OFFSET, date functions and typed field checks.

import { type FieldValue, type Row, restTime, TIME_FIELDS } from './tables.ts'

export class SoqlError extends Error {
  readonly errorCode: string
  constructor(errorCode: string, message: string) {
    super(message)
    this.errorCode = errorCode
  }
}

type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=' | 'IN' | 'NOT IN'
type Condition = {
  readonly field: string
  readonly operator: Operator
  readonly values: readonly FieldValue[]
  /** Instead of values. */
  readonly of?: Query
}

export type Query = {
  readonly fields: readonly string[]
  readonly object: string
  readonly where: readonly Condition[]
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[]
  readonly limit: number | null
}

/** What a table is asked for: all rows of an object, undefined where there is no such object. */
type Tables = (object: string) => readonly Row[] | undefined

const TOKEN = /\s*('(?:[^'\\]|\\.)*'|<=|>=|!=|[=<>(),]|[A-Za-z0-9_.:+-]+)/gy

export function parseSoql(text: string): Query {
  const tokens = tokenize(text)
  let position = 0
  const peek = () => tokens[position]?.toUpperCase()
  const next = () => {
    const token = tokens[position++]
    if (token === undefined) throw malformed('unexpected end of the query')
    return token
  }
  const expect = (word: string) => {
    const token = next()
    if (token.toUpperCase() !== word) throw malformed(`unexpected token: ${token}`)
  }
  const skip = (word: string) => {
    if (peek() !== word) return false
    position++
    return true
  }

  function list(read: () => void): void {
    do read()
    while (skip(','))
  }
  function condition(): Condition {
    const field = next()
    const operator = skip('NOT') ? `NOT ${next().toUpperCase()}` : next().toUpperCase()
    if (!isOperator(operator)) throw malformed(`unexpected token: ${operator}`)
    const values: FieldValue[] = []
    if (operator !== 'IN' && operator !== 'NOT IN') return { field, operator, values: [literal(next())] }
    expect('(')
    if (peek() === 'SELECT') {
      const of = select()
      expect(')')
      return { field, operator, values, of }
    }
    list(() => values.push(literal(next())))
    expect(')')
    return { field, operator, values }
  }

  function select(): Query {
    expect('SELECT')
    const fields: string[] = []
    list(() => fields.push(next()))
    expect('FROM')
    const object = next()
    const where: Condition[] = []
    if (skip('WHERE')) {
      do where.push(condition())
      while (skip('AND'))
    }
    const orderBy: { field: string; descending: boolean }[] = []
    if (skip('ORDER')) {
      expect('BY')
      list(() => {
        const field = next()
        const descending = skip('DESC')
        if (!descending) skip('ASC')
        orderBy.push({ field, descending })
      })
    }
    const limit = skip('LIMIT') ? Number(next()) : null
    return { fields, object, where, orderBy, limit }
  }

  const query = select()
  if (position < tokens.length) throw malformed(`unexpected token: ${tokens[position]}`)
  return query
}

/** The records, as REST gives them. */
export function runQuery(query: Query, tables: Tables, version: string): readonly object[] {
  const rows = rowsOf(query, tables)
  const asked = [
    ...query.fields,
    ...query.where.map((entry) => entry.field),
    ...query.orderBy.map((entry) => entry.field),
  ]
  const example = rows[0]
  for (const field of asked) if (example) fieldOf(example, { field, object: query.object, tables })
  const read = (row: Row, field: string) => fieldOf(row, { field, object: query.object, tables })
  const where = query.where.map((entry) => resolved(entry, tables))
  const found = rows.filter((row) => where.every((entry) => holds(read(row, entry.field), entry)))
  for (const { field, descending } of [...query.orderBy].reverse()) {
    found.sort((a, b) => compare(read(a, field), read(b, field)) * (descending ? -1 : 1))
  }
  return found.slice(0, query.limit ?? found.length).map((row) => present(row, query, { tables, version }))
}

function rowsOf(query: Query, tables: Tables): readonly Row[] {
  const rows = tables(query.object)
  if (!rows) throw new SoqlError('INVALID_TYPE', `sObject type '${query.object}' is not supported.`)
  return rows
}

/** With the values that a sub-select gives. */
function resolved(condition: Condition, tables: Tables): Condition {
  const { of } = condition
  if (of === undefined) return condition
  const [field = ''] = of.fields
  const rows = rowsOf(of, tables).filter((row) =>
    of.where.every((entry) => holds(fieldOf(row, { field: entry.field, object: of.object, tables }), entry)),
  )
  return { ...condition, values: rows.map((row) => fieldOf(row, { field, object: of.object, tables })) }
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  const trimmed = text.trimEnd()
  while (TOKEN.lastIndex < trimmed.length) {
    const start = TOKEN.lastIndex
    const token = TOKEN.exec(trimmed)?.[1]
    if (token === undefined) throw malformed(`unexpected character at ${start}`)
    tokens.push(token)
  }
  return tokens
}

function isOperator(text: string): text is Operator {
  return ['=', '!=', '<', '>', '<=', '>=', 'IN', 'NOT IN'].includes(text)
}

function literal(token: string): FieldValue {
  if (token.startsWith("'")) return token.slice(1, -1).replace(/\\(.)/g, '$1')
  if (/^(true|false)$/i.test(token)) return token.toLowerCase() === 'true'
  if (/^null$/i.test(token)) return null
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token)
  const time = Date.parse(token.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  if (Number.isNaN(time)) throw malformed(`unexpected token: ${token}`)
  return time
}

function fieldOf(row: Row, at: { field: string; object: string; tables: Tables }): FieldValue {
  const [first = '', second] = at.field.split('.')
  if (second === undefined) {
    const value = row[first]
    if (value === undefined) throw noColumn(at.field, at.object)
    return value
  }
  const id = row[`${first}Id`]
  if (id === undefined) throw noColumn(at.field, at.object)
  return at.tables(first)?.find((parent) => parent.Id === id)?.[second] ?? null
}

function holds(value: FieldValue, { operator, values }: Condition): boolean {
  if (operator === 'IN') return values.some((entry) => compare(value, entry) === 0)
  if (operator === 'NOT IN') return values.every((entry) => compare(value, entry) !== 0)
  const order = compare(value, values[0] ?? null)
  switch (operator) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '>':
      return order > 0
    case '<=':
      return order <= 0
    case '>=':
      return order >= 0
  }
}

/** Null before everything; record ids are equal in their 15- and 18-character forms. */
function compare(a: FieldValue, b: FieldValue): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [String(a), String(b)]
  const sameId = left.length + right.length === 33 && left.slice(0, 15) === right.slice(0, 15)
  if (sameId) return 0
  return left < right ? -1 : left > right ? 1 : 0
}

function present(row: Row, query: Query, at: { tables: Tables; version: string }): object {
  const record: Record<string, unknown> = { attributes: attributes(query.object, row.Id, at.version) }
  for (const field of query.fields) {
    const value = shown(field, fieldOf(row, { field, object: query.object, tables: at.tables }))
    const [parent = '', child] = field.split('.')
    if (child === undefined) record[field] = value
    else record[parent] = { ...asObject(record[parent], parent, at.version), [child]: value }
  }
  return record
}

function shown(field: string, value: FieldValue): FieldValue {
  const name = field.split('.').at(-1) ?? field
  return typeof value === 'number' && TIME_FIELDS.has(name) ? restTime(value) : value
}

function asObject(value: unknown, type: string, version: string): object {
  return typeof value === 'object' && value !== null ? value : { attributes: attributes(type, '', version) }
}

function attributes(type: string, id: string, version: string): object {
  return { type, url: `/services/data/v${version}/sobjects/${type}/${id}` }
}

function malformed(what: string): SoqlError {
  return new SoqlError('MALFORMED_QUERY', what)
}

function noColumn(field: string, object: string): SoqlError {
  return new SoqlError('INVALID_FIELD', `No such column '${field}' on entity '${object}'.`)
}
