// The mapping in force as people read it: what each status leads to, for everybody and for each profile.

import type { Finding } from '../domain/finding.ts'

/** Short phrases in rows; the same that the command `matrix` prints. */
export type MappingTable = {
  readonly heading: string
  readonly header: readonly string[]
  readonly rows: readonly { readonly cells: readonly string[]; readonly takesWork: boolean }[]
  readonly work: { readonly heading: string; readonly facts: readonly (readonly [string, string])[] }
}

type MappingSheet = {
  readonly title: string
  readonly facts: readonly string[]
  readonly tables: readonly MappingTable[]
  readonly notes: readonly string[]
}

export type MappingView = {
  readonly file: string
  /** "sha256:…" */
  readonly hash: string
  /** The file as it is in force; null where it was changed since and is not kept anywhere. */
  readonly text: string | null
  /** The last try to take the file anew, with what was found in it; null: none since the start. `error` null: it was taken. */
  readonly last: { readonly at: string; readonly error: string | null; readonly findings: readonly Finding[] } | null
  /** The top level first, as null. */
  readonly profiles: readonly {
    readonly profile: string | null
    readonly mode: 'live' | 'shadow'
    readonly agents: number
    readonly sheet: MappingSheet
  }[]
}
