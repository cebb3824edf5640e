// Removes a person from the journal's file, so that the bytes are gone as well: `secure_delete` writes over them, and the log is emptied.
// In steps, because a running bridge waits behind each. What others did stays; numbers are not given again.

import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { ServiceEvent } from '../domain/history.ts'
import { FORGET_ROWS_MAX } from './limits.ts'
import { type Found, findSomeone, type Someone } from './someone.ts'
import { inTransaction } from './transaction.ts'

/** What is asked of whoever writes the file; answers below. */
export type ForgetStep =
  | { readonly kind: 'find'; readonly name: string }
  /** Some of their decisions with what became of their writes; what was decided after `upTo` stays. */
  | { readonly kind: 'slice'; readonly agents: readonly string[]; readonly upTo: number }
  /** All the rest. `keepLive`: but not what a bridge needs that keeps them in step. */
  | { readonly kind: 'rest'; readonly someone: Someone; readonly keepLive: boolean; readonly event: ServiceEvent }
  | { readonly kind: 'empty_log' }

export type ForgetAnswer = {
  readonly found?: Found
  /** `decisions` less than FORGET_ROWS_MAX: there are no more. */
  readonly slice?: { readonly decisions: number; readonly outcomes: number }
  readonly rest?: Rest
  readonly emptied?: boolean
}

type Rest = {
  readonly states: number
  readonly people: number
  readonly marks: number
  readonly events: number
  readonly mappings: number
}

/** Outside a transaction. */
export function takeStep(db: DatabaseSync, step: ForgetStep): ForgetAnswer {
  switch (step.kind) {
    case 'find':
      return { found: findSomeone(db, step.name) }
    case 'slice':
      return { slice: inTransaction(db, () => removeSlice(db, step)) }
    case 'rest':
      return { rest: inTransaction(db, () => removeRest(db, step)) }
    case 'empty_log':
      return { emptied: emptyLog(db) }
  }
}

function removeSlice(db: DatabaseSync, { agents, upTo }: Extract<ForgetStep, { kind: 'slice' }>) {
  const find = db.prepare('SELECT seq FROM decisions WHERE agent = ? AND seq <= ? LIMIT ?')
  const removeDecision = db.prepare('DELETE FROM decisions WHERE seq = ?')
  const removeOutcomes = db.prepare('DELETE FROM outcomes WHERE seq = ?')
  const seqs: number[] = []
  for (const agent of agents) {
    const room = FORGET_ROWS_MAX - seqs.length
    if (room > 0) seqs.push(...find.all(agent, upTo, room).map(({ seq }) => Number(seq)))
  }
  let outcomes = 0
  for (const seq of seqs) {
    removeDecision.run(seq)
    outcomes += Number(removeOutcomes.run(seq).changes)
  }
  // As after pruning: the number of the newest decision must not be given again when it is gone.
  db.prepare(`UPDATE meta SET value = max(CAST(value AS INTEGER), ?) WHERE key = 'pruned'`).run(Math.max(0, ...seqs))
  return { decisions: seqs.length, outcomes }
}

function removeRest(db: DatabaseSync, step: Extract<ForgetStep, { kind: 'rest' }>): Rest {
  const { someone, keepLive, event } = step
  const removeState = db.prepare('DELETE FROM agents WHERE agent = ?')
  const removePerson = db.prepare('DELETE FROM people WHERE agent = ?')
  let [states, people] = [0, 0]
  for (const agent of someone.agents) {
    states += Number(removeState.run(agent).changes)
    people += Number(removePerson.run(agent).changes)
  }
  const marks = removeMarks(db, someone, keepLive)
  const named = namesIn(someone)
  const events = blankEvents(db, named)
  const insert = db.prepare('INSERT INTO service (time_ms, json) VALUES (?, ?)')
  insert.run(Date.parse(event.time), JSON.stringify(event))
  let mappings = 0
  for (const { json } of db.prepare('SELECT json FROM mappings').iterate()) {
    const mapping = Mapping.safeParse(parseJson(String(json)))
    if (mapping.success && hasName(mapping.data.text, named)) mappings += 1
  }
  return { states, people, marks, events, mappings }
}

const Marked = z.record(z.string(), z.string())

/** Of a mark that names somebody, either the key ends with the platform's id of them, or its value is an object with a member for each. */
function removeMarks(db: DatabaseSync, { agents, users }: Someone, keepLive: boolean): number {
  // An empty value says that there is nothing to go on with.
  const remove = db.prepare(
    `DELETE FROM marks WHERE substr(key, -length(?1) - 1) = ':' || ?1 AND (value = '' OR ?2 = 0)`,
  )
  let removed = 0
  for (const user of users) removed += Number(remove.run(user, keepLive ? 1 : 0).changes)
  if (keepLive) return removed
  const replace = db.prepare('UPDATE marks SET value = ? WHERE key = ?')
  const rows = db.prepare(`SELECT key, value FROM marks WHERE value LIKE '{%'`).all()
  for (const { key, value } of rows) {
    const members = Marked.safeParse(parseJson(String(value)))
    if (!members.success) continue
    const left = Object.entries(members.data).filter(([agent]) => !agents.includes(agent))
    if (left.length === Object.keys(members.data).length) continue
    replace.run(JSON.stringify(Object.fromEntries(left)), String(key))
    removed += 1
  }
  return removed
}

const Event = z.looseObject({ words: z.string() })
const Mapping = z.object({ text: z.string() })

/** Events of the bridge itself do not name people, but the words of a refused mapping file may. */
function blankEvents(db: DatabaseSync, named: RegExp): number {
  const replace = db.prepare('UPDATE service SET json = ? WHERE rowid = ?')
  let blanked = 0
  for (const { id, json } of db.prepare('SELECT rowid AS id, json FROM service').all()) {
    const event = Event.safeParse(parseJson(String(json)))
    if (!event.success || !hasName(event.data.words, named)) continue
    const words = event.data.words.replace(named, 'somebody')
    replace.run(JSON.stringify({ ...event.data, words }), Number(id))
    blanked += 1
  }
  return blanked
}

/** A name by itself, not as a part of a longer one. */
function namesIn({ agents, aliases, users, name }: Someone): RegExp {
  // A first name alone is a word ("May", "Will").
  const called = name !== null && /\S\s+\S/.test(name) ? [name] : []
  const names = [...new Set([...agents, ...aliases, ...users, ...called])].filter((one) => one !== '')
  const any = names.sort((a, b) => b.length - a.length).map((one) => one.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}_.@+-])(?:${any.join('|')})(?![\\p{L}\\p{N}_@-]|\\.[\\p{L}\\p{N}])`, 'giu')
}

function hasName(text: string, named: RegExp): boolean {
  named.lastIndex = 0
  return named.test(text)
}

/** Without waiting for who reads: whoever asked comes back. */
function emptyLog(db: DatabaseSync): boolean {
  const patience = db.prepare('PRAGMA busy_timeout').get()?.timeout
  db.exec('PRAGMA busy_timeout = 0')
  try {
    return db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0
  } finally {
    db.exec(`PRAGMA busy_timeout = ${Number(patience ?? 0)}`)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
