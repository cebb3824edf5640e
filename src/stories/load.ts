// Finds what a story file needs: its stories, the mapping that they run against, and the mappings that `reload` steps name.

import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { parseDocument } from 'yaml'
import type { Finding } from '../domain/finding.ts'
import type { Rules, Ruleset } from '../domain/rules.ts'
import { loadMapping } from '../mapping/compile.ts'
import { didYouMean } from '../mapping/nearest.ts'
import { loadStories } from '../mapping/stories.ts'
import type { Story } from '../mapping/story.ts'
import type { LoadRules } from './run.ts'
import { StoryError } from './story-error.ts'

export type StoryFile = {
  readonly findings: readonly Finding[]
  /** Null where findings stand in the way. */
  readonly play: Play | null
}
export type Play = {
  readonly stories: readonly Story[]
  readonly rules: Rules
  /** Where the rules stand. */
  readonly mappings: string
  readonly loadRules: LoadRules
  /** Of the file with the stories. */
  readonly text: string
}

/** The text of a file; throws a StoryError with a plain sentence where it cannot be read. */
export type ReadText = (path: string) => string

type LoadOptions = {
  /** Wins over the file's own mapping. */
  readonly mappings: string | null
  readonly read?: ReadText
}

/** Throws a StoryError where a file cannot be read or names no mapping. */
export function loadStoryFile(file: string, { mappings, read = readText }: LoadOptions): StoryFile {
  const text = read(file)
  const loadRules: LoadRules = (name) => rulesOf(read(beside(file, name)), name)
  const given = { file, text, loadRules, read }
  if (!hasStories(text)) return ofMapping(given, mappings)

  const own = loadStories(text, { file })
  if (own.findings.some((f) => f.severity === 'error')) return { findings: own.findings, play: null }
  const name = mappings ?? (own.mappings === null ? null : beside(file, own.mappings))
  if (name === null)
    throw new StoryError(`${file} names no mapping file: add "mappings: FILE" to it, or give --mappings FILE`)
  const mapping = loadMapping(read(name), { file: name })
  const rules = mapping.mapping?.rules
  if (rules === undefined) return { findings: mapping.findings, play: null }
  const checked = loadStories(text, { file, rules })
  return { findings: checked.findings, play: { stories: checked.stories, rules, mappings: name, loadRules, text } }
}

type Given = {
  readonly file: string
  readonly text: string
  readonly loadRules: LoadRules
  readonly read: ReadText
}

/** A mapping file with a `tests:` block of its own. */
function ofMapping({ file, text, loadRules, read }: Given, mappings: string | null): StoryFile {
  const own = loadMapping(text, { file })
  const other = mappings === null ? own : loadMapping(read(mappings), { file: mappings })
  const findings = other === own ? own.findings : [...own.findings, ...other.findings]
  if (own.mapping === null || other.mapping === null) return { findings, play: null }
  const { rules } = other.mapping
  return { findings, play: { stories: own.mapping.stories, rules, mappings: mappings ?? file, loadRules, text } }
}

/** A mapping file for its rules alone; `rules` null where findings stand in the way. Throws a StoryError where it cannot be read. */
export function loadRulesFile(file: string): {
  readonly findings: readonly Finding[]
  readonly rules: Rules | null
  readonly text: string
} {
  const text = readText(file)
  const { findings, mapping } = loadMapping(text, { file })
  return { findings, rules: mapping?.rules ?? null, text }
}

/** Null: the top level. Throws a StoryError where there is no such profile. */
export function rulesetNamed(rules: Rules, profile: string | null): Ruleset {
  if (profile === null) return rules.top
  const found = rules.profiles.get(profile)
  if (found !== undefined) return found
  const names = [...rules.profiles.keys()]
  const known = names.length === 0 ? 'it has none' : `its profiles are ${names.join(', ')}`
  throw new StoryError(`${rules.file} has no profile "${profile}": ${didYouMean(profile, names) ?? known}`)
}

/** What a file names is relative to it. */
function beside(file: string, name: string): string {
  return isAbsolute(name) ? name : join(dirname(file), name)
}

function hasStories(text: string): boolean {
  try {
    return parseDocument(text, { logLevel: 'silent' }).has('stories')
  } catch {
    return false // not a mapping at all; the checker says so
  }
}

function rulesOf(text: string, name: string): Rules {
  const { mapping, findings } = loadMapping(text, { file: name })
  const first = findings.find((f) => f.severity === 'error')
  if (mapping === null) throw new StoryError(`${name} has errors: ${first?.message ?? 'see check'}`)
  return mapping.rules
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StoryError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
