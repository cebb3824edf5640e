// A mapping file's text to rules, with every complaint but those of the proof, which takes longer and loads more.

import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Finding } from '../domain/finding.ts'
import type { Catalogue, Person } from '../domain/platform.ts'
import type { Rules, Ruleset } from '../domain/rules.ts'
import { type BySide, OFFLINE, type Side, type StatusId } from '../domain/side.ts'
import { checkGrants } from './check-grants.ts'
import { checkCatalogue } from './check-names.ts'
import { checkPeople } from './check-people.ts'
import { checkRoster, type Roster } from './check-roster.ts'
import { checkRows } from './check-rows.ts'
import { checkSpellings } from './check-spelling.ts'
import { checkStory, storyVocabulary } from './check-stories.ts'
import { checkTargets } from './check-targets.ts'
import { DEFAULTS } from './defaults.ts'
import { eachSide, type RulesDraft, readRules } from './draft.ts'
import { CODES_OF_ABSENCE } from './finding-codes.ts'
import { conform } from './issues.ts'
import type { Mapping, Matching } from './mapping.ts'
import { mergeRules } from './merge.ts'
import { parseYaml } from './parse.ts'
import { matchPeople } from './people.ts'
import { type Complaint, inProfile, type Place, toFinding } from './position.ts'
import { createResolver, type Resolver } from './resolve.ts'
import { buildRuleset } from './ruleset.ts'
import { type MappingFile, mappingFile } from './schema.ts'
import { readStories } from './stories.ts'
import type { Tree } from './tree.ts'

export type LoadOptions = {
  /** As given by the user, for messages. */
  readonly file: string
  /** The platforms' own statuses; without one, names are taken as they are. */
  readonly catalogue?: BySide<Catalogue | undefined> | undefined
  /** How many changes the proof looks at before it is given up; without it, some seconds' worth. */
  readonly patience?: number | undefined
  /** The platforms' own people; without them, nothing is said about who is there and who may what. */
  readonly people?: BySide<readonly Person[]> | undefined
}

/** What the proof wants to know. */
type Provable = {
  readonly rules: Rules
  readonly drafts: readonly Draft[]
  readonly resolver: Resolver
  readonly tree: Tree
}

export type CompiledText = {
  /** Without those of the proof, in no order yet. */
  readonly findings: readonly Finding[]
  /** null where a finding is an error. */
  readonly mapping: Mapping | null
  readonly provable: Provable | null
  /** Of what the proof finds. */
  readonly toFinding: (complaint: Complaint) => Finding
}

type Compiled = { readonly complaints: readonly Complaint[]; readonly mapping: Mapping; readonly provable: Provable }
type Input = { readonly text: string; readonly options: LoadOptions; readonly tree: Tree; readonly file: MappingFile }
type Draft = { readonly profile: string | null; readonly draft: RulesDraft }

const NO_CATALOGUE: BySide<Catalogue | undefined> = { crm: undefined, telephony: undefined }

export function compileText(text: string, options: LoadOptions): CompiledText {
  const { source, tree, complaints } = parseYaml(text, { file: options.file })
  const shape = tree ? conform(mappingFile, tree) : null
  const readable = shape?.readable
  const compiled = readable ? compile({ text, options, tree: readable.tree, file: readable.value }) : null
  const meant = (compiled?.complaints ?? []).filter(({ code }) => shape?.whole || !CODES_OF_ABSENCE.has(code))
  const all = [...complaints, ...(shape?.complaints ?? []), ...meant]
  const inSource = (complaint: Complaint) => toFinding(source, complaint)
  const findings = all.map(inSource)
  const usable = compiled !== null && isUsable(findings) ? compiled : null
  return { findings, mapping: usable?.mapping ?? null, provable: usable?.provable ?? null, toFinding: inSource }
}

export function isUsable(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error')
}

function compile(input: Input): Compiled {
  const { options, tree, file } = input
  const resolver = createResolver(options.catalogue ?? NO_CATALOGUE)
  const drafts = readDrafts(tree, file)
  const roster = rosterOf(input)
  const checks = drafts.flatMap((draft) => checkDraft(draft, resolver, roster))
  const rules = buildRules(input, drafts, resolver)
  const { stories, complaints: steps } = readStories(tree, file.tests ?? [], ['tests'], options.file)
  const vocabulary = storyVocabulary(rules)
  const complaints = [
    ...checks,
    ...resolver.complaints,
    ...checkSpellings(resolver.mentions, resolver),
    ...checkPeople(file, tree),
    ...(roster ? checkRoster({ file, tree, roster }) : []),
    ...steps,
    ...stories.flatMap((story) => checkStory(story, vocabulary)),
  ]
  const mapping = { rules, matching: matchingOf(file), stories, mode: file.mode ?? DEFAULTS.mode }
  return { complaints, mapping, provable: { rules, drafts, resolver, tree } }
}

function rosterOf({ options: { people }, file }: Input): Roster | null {
  return people ? { people, matched: matchPeople(people, matchingOf(file)) } : null
}

/** The top level first, then the profiles as they are when laid over it. */
function readDrafts(tree: Tree, file: MappingFile): readonly Draft[] {
  const top = readRules(tree, file, [])
  const profiles = (file.profiles ?? []).map((profile, index) => {
    const own = readRules(tree, profile, ['profiles', index])
    return { profile: profile.name, draft: mergeRules(top, own) }
  })
  return [{ profile: null, draft: top }, ...profiles]
}

/** What a profile adds says so; what it inherits is dropped as a repetition. */
function checkDraft({ profile, draft }: Draft, resolver: Resolver, roster: Roster | null): readonly Complaint[] {
  const agents = (roster?.matched.agents ?? []).filter((agent) => agent.profile === profile)
  const context = { draft, id: resolver.id, resolver, agents }
  const complaints = [checkRows, checkTargets, checkCatalogue, checkGrants].flatMap((check) => check(context))
  if (profile === null) return complaints
  return complaints.map((complaint) => inProfile(complaint, profile))
}

function buildRules({ text, options }: Input, drafts: readonly Draft[], resolver: Resolver): Rules {
  const file = basename(options.file)
  const statuses = eachSide((side) => liveStatuses(resolver, side))
  const context = { id: resolver.id, rule: ({ line }: Place) => `${file}:${line}`, statuses }
  const [top, ...profiles] = drafts.map(({ profile, draft }) => buildRuleset(draft, profile, context))
  if (!top) throw new Error('A mapping file has a top level.')
  const named = profiles.map((ruleset): [string, Ruleset] => [ruleset.profile ?? '', ruleset])
  return {
    hash: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    file: options.file,
    top,
    profiles: new Map(named),
    statuses: eachSide((side) => knownStatuses(resolver, side)),
    label: resolver.label,
  }
}

/** What the platform has; null where it was not asked. */
function liveStatuses(resolver: Resolver, side: Side): Ruleset['statuses'][Side] {
  const catalogue = resolver.catalogue(side)
  return catalogue === undefined ? null : new Set(catalogue.statuses.map(({ id }) => id))
}

function knownStatuses(resolver: Resolver, side: Side): ReadonlySet<StatusId> {
  const listed = (resolver.catalogue(side)?.statuses ?? []).map(({ id }) => id)
  return new Set([OFFLINE, ...resolver.mentions[side].keys(), ...listed])
}

function matchingOf({ agents, profiles }: MappingFile): Matching {
  return {
    by: agents?.match_by ?? DEFAULTS.matchBy,
    pairs: (agents?.pairs ?? []).map((pair) => ({ ...pair, profile: pair.profile ?? null })),
    exclude: agents?.exclude ?? [],
    profiles: (profiles ?? []).map(({ name, agents: members = [], where }) => ({
      name,
      agents: members,
      where: whereOf(where),
    })),
  }
}

type Where = NonNullable<MappingFile['profiles']>[number]['where']

/** A `where` that names no group fits nobody rather than everybody. */
function whereOf(where: Where): Matching['profiles'][number]['where'] {
  const given = Object.entries(where ?? {}).filter(([, group]) => group !== undefined)
  return given.length > 0 ? Object.fromEntries(given) : null
}
