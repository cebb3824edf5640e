// Every REST call that the adapter of Genesys Cloud can make, read from its source: "PATCH /api/v2/users/*/presences/purecloud".

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOM = 'src/platforms/genesys-cloud'

export function adapterCalls(): readonly string[] {
  const sources = readdirSync(ROOM).map((name) => readFileSync(join(ROOM, name), 'utf8'))
  return [...new Set(sources.flatMap(callsOf))].toSorted()
}

/** The text of a source without the values of its templates. */
export function callsOf(source: string): readonly string[] {
  return [...source.matchAll(/operation: '[^']+'/g)].map((operation) => {
    const { index } = operation
    const method = /method: '([A-Z]+)'/.exec(source.slice(index))?.[1]
    const inline = /^[^}]*?\bpath: ([`'])(?<path>.*?)\1/s.exec(source.slice(index))
    const before = [...source.slice(0, index).matchAll(/const path =\s+([`'])(?<path>.*?)\1/gs)].at(-1)
    const path = (inline ?? before)?.groups?.path
    if (!method || !path) throw new Error(`${operation[0]} cannot be read: its method or path is not written out`)
    return `${method} ${plain(path)}`
  })
}

function plain(path: string): string {
  const [head = ''] = path.replaceAll(/\$\{[^}]*\}/g, '*').split('?')
  return head
}
