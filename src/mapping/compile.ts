// A mapping file's text to findings and, where none of them is an error, to the rules that the engine runs on, proved.

import type { Finding } from '../domain/finding.ts'
import { compileText, isUsable, type LoadOptions } from './compile-text.ts'
import { prove } from './explore/proof.ts'
import type { Mapping } from './mapping.ts'
import { tidied } from './position.ts'

export type Loaded = {
  readonly findings: readonly Finding[]
  /** null where a finding is an error: a file takes effect as a whole or not at all. */
  readonly mapping: Mapping | null
  /** How many states of an agent the proof has explored; 0 where other errors stand in its way. */
  readonly states: number
}

export function loadMapping(text: string, options: LoadOptions): Loaded {
  const { findings: found, mapping, provable, toFinding } = compileText(text, options)
  if (mapping === null || provable === null) return { findings: tidied(found), mapping: null, states: 0 }
  // Takes up to some seconds, and wants rules without errors.
  const { complaints: faults, states } = prove({ ...provable, patience: options.patience })
  const findings = tidied([...found, ...faults.map(toFinding)])
  return { findings, mapping: isUsable(findings) ? mapping : null, states }
}
