// What a mapping file is once it was checked: rules, who they are for, and the stories that test them.

import type { Rules } from '../domain/rules.ts'
import type { Story } from './story.ts'

type Pair = { readonly crm: string; readonly telephony: string; readonly profile: string | null }

export type ProfileMembers = {
  readonly name: string
  readonly agents: readonly string[]
  /** All that are given must fit; null where the profile lists its agents only. */
  readonly where: Readonly<Partial<Record<'department' | 'division' | 'team', string>>> | null
}

export type Matching = {
  readonly by: 'email' | 'username' | 'employee_id' | 'explicit'
  readonly pairs: readonly Pair[]
  readonly exclude: readonly string[]
  /** In file order. */
  readonly profiles: readonly ProfileMembers[]
}

export type Mapping = {
  readonly rules: Rules
  readonly matching: Matching
  readonly stories: readonly Story[]
  /** The top level's; a profile may have another. */
  readonly mode: 'live' | 'shadow'
}
