// The mapping file as it is in force, for those who want to read the line of a rule.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { JournalReader } from '../domain/journal.ts'
import type { RuleRef, Rules } from '../domain/rules.ts'

export type RuleText = {
  /** Null where the file was changed since and the journal has not got it either. */
  text(rules: Pick<Rules, 'hash' | 'file'>): string | null
  /** The line that a rule names, without the space around it. */
  quote(rules: Pick<Rules, 'hash' | 'file'>, rule: RuleRef | null): string | null
}

export function createRuleText(history: () => Pick<JournalReader, 'mapping'> | null): RuleText {
  let known: { readonly hash: string; readonly text: string } | null = null

  function text({ hash, file }: Pick<Rules, 'hash' | 'file'>): string | null {
    if (known?.hash === hash) return known.text
    const found = keptIn(history(), hash) ?? readAs(file, hash)
    if (found !== null) known = { hash, text: found }
    return found
  }

  return {
    text,
    quote(rules, rule) {
      const line = Number(/:(\d+)$/.exec(rule ?? '')?.[1])
      if (!Number.isInteger(line)) return null
      return text(rules)?.split(/\r?\n/)[line - 1]?.trim() ?? null
    },
  }
}

function keptIn(history: Pick<JournalReader, 'mapping'> | null, hash: string): string | null {
  return history?.mapping(hash)?.text ?? null
}

function readAs(file: string, hash: string): string | null {
  try {
    const text = readFileSync(file, 'utf8')
    return `sha256:${createHash('sha256').update(text).digest('hex')}` === hash ? text : null
  } catch {
    return null
  }
}
