// The rules of then, as the journal keeps them, and those that are to be tried instead.

import { NO_PROOF } from '../app/mapping-file.ts'
import type { Finding } from '../domain/finding.ts'
import type { PersonEntry } from '../domain/history.ts'
import type { JournalReader } from '../domain/journal.ts'
import type { Catalogue } from '../domain/platform.ts'
import type { Rules } from '../domain/rules.ts'
import type { BySide } from '../domain/side.ts'
import { loadMapping } from '../mapping/compile.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { Names } from './names.ts'

/** A replay that cannot be made; the message is a plain sentence, with findings where a mapping has errors. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
  readonly findings: readonly Finding[]

  constructor(message: string, findings: readonly Finding[] = []) {
    super(message)
    this.findings = findings
  }
}

/** A mapping file as it was given on the command line. */
export type MappingText = {
  readonly file: string
  readonly text: string
  /** How many changes its proof looks at; left out: some seconds' worth. */
  readonly patience?: number
}

type Catalogues = BySide<Catalogue> | undefined

/** Throws a ReplayError where it has errors. */
export function tryMapping({ file, text, patience }: MappingText, catalogue: Catalogues): Mapping {
  const { mapping, findings } = loadMapping(text, { file, catalogue, patience })
  if (mapping !== null) return mapping
  throw new ReplayError(
    `${file} has errors`,
    findings.filter(({ severity }) => severity === 'error'),
  )
}

/** The rules of then by their hash; throws a ReplayError where they cannot be known. */
export type RulesOfThen = (hash: string) => Rules

export function rulesOfThen(reader: Pick<JournalReader, 'mapping'>, names: Pick<Names, 'learn'>): RulesOfThen {
  const known = new Map<string, Rules>()
  return (hash) => {
    const found = known.get(hash) ?? load(reader, hash, names)
    known.set(hash, found)
    return found
  }
}

function load(reader: Pick<JournalReader, 'mapping'>, hash: string, names: Pick<Names, 'learn'>): Rules {
  const entry = reader.mapping(hash)
  if (entry === null)
    throw new ReplayError(
      `The journal does not hold the mapping that was in force (${hash.slice(0, 19)}…): name the file with --was FILE`,
    )
  const { text, file, catalogue } = entry
  names.learn(catalogue)
  // It was in force, so it was proved.
  const { mapping, findings } = loadMapping(text, { file, catalogue, patience: NO_PROOF })
  if (mapping !== null) return { ...mapping.rules, hash }
  const errors = findings.filter(({ severity }) => severity === 'error')
  throw new ReplayError(
    `${file}, as the journal holds it, has errors by today's checks: name a file with --was FILE`,
    errors,
  )
}

/**
 * Under whose rules somebody would be. Groups of people do not stand in the journal, so who is in a profile by its `where` is taken as it was
 * recorded.
 */
export function profileIn({ matching }: Mapping, { agent, aliases, profile }: PersonEntry): string | null {
  const names = new Set([agent, ...aliases].map(folded))
  const paired = matching.pairs.find((pair) => names.has(folded(pair.crm)) || names.has(folded(pair.telephony)))
  if (paired !== undefined && paired.profile !== null) return paired.profile
  const found = matching.profiles.find(
    ({ name, agents, where }) => agents.some((one) => names.has(folded(one))) || (where !== null && name === profile),
  )
  return found?.name ?? null
}

function folded(name: string): string {
  return name.trim().toLowerCase()
}
