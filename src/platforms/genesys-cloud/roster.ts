// The directory: everybody active who could be an agent. Needs directory:user:view.

import type { Person } from '../../domain/platform.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import type { Client } from './client.ts'
import { readAs } from './reads.ts'
import { ROSTER_PAGE, ROSTER_PAGES_MAX } from './settings.ts'
import { type User, Users } from './wire.ts'

export async function readRoster(client: Client): Promise<readonly Person[]> {
  const people = new Map<string, Person>()
  for (let page = 1; page <= ROSTER_PAGES_MAX; page++) {
    const path = `/api/v2/users?pageSize=${ROSTER_PAGE}&pageNumber=${page}&state=active&expand=employerInfo,team`
    const request = { operation: 'users.list', method: 'GET', path, kind: 'read' } as const
    const answer = await readAs(client, request, Users)
    const users = answer.entities ?? []
    // Someone may appear on two pages when the directory changes meanwhile.
    for (const user of users) people.set(user.id, toPerson(user))
    // A full page may be the last one where the count is missing.
    if (users.length === 0 || page >= (answer.pageCount ?? (users.length < ROSTER_PAGE ? page : page + 1))) break
  }
  return [...people.values()]
}

function toPerson(user: User): Person {
  const department = user.department
  const division = user.division?.name
  const team = user.team?.name
  return {
    user: user.id as PlatformUserId,
    username: user.username || user.email || user.id,
    email: user.email || null,
    employeeId: user.employerInfo?.employeeId || null,
    name: user.name || user.username || user.id,
    groups: { ...(department && { department }), ...(division && { division }), ...(team && { team }) },
  }
}
