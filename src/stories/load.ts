// Finds what a story file needs: its stories, the mapping that they run against, and the mappings that `reload` steps name.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import type { Finding } from '../domain/finding.ts'
import type { Rules } from '../domain/rules.ts'
import { loadMapping } from '../mapping/compile.ts'
import { loadStories } from '../mapping/stories.ts'
import type { Story } from '../mapping/story.ts'
import { type LoadRules, StoryError } from './run.ts'

export type StoryFile = {
  readonly findings: readonly Finding[]
  /** Null where findings stand in the way. */
  readonly play: { readonly stories: readonly Story[]; readonly rules: Rules; readonly loadRules: LoadRules } | null
}

/** `mappings`: wins over the file's own. Throws a StoryError where a file cannot be read or names no mapping. */
export function loadStoryFile(file: string, options: { readonly mappings: string | null }): StoryFile {
  const text = read(file)
  const loadRules: LoadRules = (name) => rulesOf(resolve(dirname(file), name), name)
  if (!hasStories(text)) return ofMapping(file, text, options.mappings, loadRules)

  const own = loadStories(text, { file })
  if (own.findings.some((f) => f.severity === 'error')) return { findings: own.findings, play: null }
  const name = options.mappings ?? (own.mappings === null ? null : resolve(dirname(file), own.mappings))
  if (name === null)
    throw new StoryError(`${file} names no mapping file: add "mappings: FILE" to it, or give --mappings FILE`)
  const mapping = loadMapping(read(name), { file: name })
  const rules = mapping.mapping?.rules
  if (rules === undefined) return { findings: mapping.findings, play: null }
  const checked = loadStories(text, { file, rules })
  return { findings: checked.findings, play: { stories: checked.stories, rules, loadRules } }
}

/** A mapping file with a `tests:` block of its own. */
function ofMapping(file: string, text: string, mappings: string | null, loadRules: LoadRules): StoryFile {
  const own = loadMapping(text, { file })
  const other = mappings === null ? own : loadMapping(read(mappings), { file: mappings })
  const findings = other === own ? own.findings : [...own.findings, ...other.findings]
  if (own.mapping === null || other.mapping === null) return { findings, play: null }
  return { findings, play: { stories: own.mapping.stories, rules: other.mapping.rules, loadRules } }
}

function hasStories(text: string): boolean {
  try {
    return parseDocument(text, { logLevel: 'silent' }).has('stories')
  } catch {
    return false // not a mapping at all; the checker says so
  }
}

function rulesOf(path: string, name: string): Rules {
  const { mapping, findings } = loadMapping(read(path), { file: name })
  const first = findings.find((f) => f.severity === 'error')
  if (mapping === null) throw new StoryError(`${name} has errors: ${first?.message ?? 'see check'}`)
  return mapping.rules
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StoryError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
