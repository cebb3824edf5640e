// Who somebody is in the journal: all names under which something stands about them, found by any of these names.

import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { type AgentId, SIDES } from '../domain/side.ts'

export type Someone = {
  readonly agent: AgentId
  /** As people call them. */
  readonly name: string | null
  /** Names and platforms' ids under which records of them stand; one of them is `agent`. */
  readonly agents: readonly string[]
  /** The platforms' ids of them, as far as they are known. */
  readonly users: readonly string[]
  /** Other names that may stand in texts. */
  readonly aliases: readonly string[]
}

export type Found =
  | { readonly kind: 'one'; readonly someone: Someone }
  /** Agents whom the name may mean. */
  | { readonly kind: 'several'; readonly agents: readonly string[] }
  | { readonly kind: 'nobody' }

const Person = z.object({
  agent: z.string(),
  name: z.string(),
  aliases: z.array(z.string()).default([]),
  users: z.partialRecord(z.enum(SIDES), z.string()).optional(),
})
type Person = z.infer<typeof Person>

/** By agent name, other name, platform's id or, where only one has it, the name that people call them by; whatever the case. */
export function findSomeone(db: DatabaseSync, name: string): Found {
  const people = db
    .prepare('SELECT json FROM people')
    .all()
    .map(({ json }) => Person.parse(JSON.parse(String(json))))
  const known = knownAgents(db)
  const wanted = name.toLowerCase()
  const is = (one: string | undefined) => one?.toLowerCase() === wanted
  const agent = people.find((person) => is(person.agent))
  const named = [
    people.filter((person) => [...person.aliases, ...usersOf(person)].some(is)),
    people.filter((person) => is(person.name)),
  ].find((found) => found.length > 0)
  const [first, ...others] = agent === undefined ? (named ?? []) : [agent]
  if (others.length > 0) return { kind: 'several', agents: (named ?? []).map((person) => person.agent) }
  if (first !== undefined) return { kind: 'one', someone: someoneOf(first, { people, known }) }
  // Not of the people who were kept in step, or from before these were remembered.
  const [bare] = known.filter(is)
  if (bare === undefined) return { kind: 'nobody' }
  return {
    kind: 'one',
    someone: { agent: bare as AgentId, name: null, agents: known.filter(is), users: [], aliases: [] },
  }
}

/** Records of before may stand under another name of theirs, or under a platform's id while they were not matched yet. */
function someoneOf(
  person: Person,
  { people, known }: { readonly people: readonly Person[]; readonly known: readonly string[] },
): Someone {
  const { agent, name, aliases } = person
  const users = usersOf(person)
  const lower = new Set([agent, ...aliases, ...users].map((one) => one.toLowerCase()))
  const others = new Set(people.filter((other) => other !== person).map((other) => other.agent))
  const agents = known.filter((one) => lower.has(one.toLowerCase()) && !others.has(one))
  return { agent: agent as AgentId, name, agents: [...new Set([agent, ...agents])], users, aliases }
}

function usersOf({ users }: Person): readonly string[] {
  return Object.values(users ?? {})
}

/** Everybody of whom there is a record or a state: jumps through the index from one name to the next. */
function knownAgents(db: DatabaseSync): readonly string[] {
  const sql = `
    WITH RECURSIVE names (agent) AS (
      SELECT min(agent) FROM decisions
      UNION ALL SELECT (SELECT min(agent) FROM decisions WHERE agent > names.agent) FROM names WHERE names.agent IS NOT NULL
    )
    SELECT agent FROM names WHERE agent IS NOT NULL UNION SELECT agent FROM agents
  `
  return db
    .prepare(sql)
    .all()
    .map(({ agent }) => String(agent))
}
