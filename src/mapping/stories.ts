// Stories as data: out of a `tests:` block, or out of a file of their own.

import type { Finding } from '../domain/finding.ts'
import { REASONS, type Reason } from '../domain/reason.ts'
import type { Rules } from '../domain/rules.ts'
import { OFFLINE, SIDES, type Side } from '../domain/side.ts'
import { checkStory, storyVocabulary } from './check-stories.ts'
import { eachSide, placeAt } from './draft.ts'
import { durationMs } from './fields.ts'
import { CODES_OF_ABSENCE } from './finding-codes.ts'
import { conform } from './issues.ts'
import { parseYaml } from './parse.ts'
import { type Complaint, type Place, tidied, toFinding } from './position.ts'
import type { Action, Expectation, Happening, StatusMention, Step, Story } from './story.ts'
import { type StepInput, type StoryInput, storiesFile } from './story-schema.ts'
import type { Path, Tree } from './tree.ts'

export type Stories = {
  readonly findings: readonly Finding[]
  /** The mapping file that they run against, as written: relative to the stories' file. */
  readonly mappings: string | null
  /** Empty where the file has errors. */
  readonly stories: readonly Story[]
}

type HappeningInput = NonNullable<StepInput['together']>[number]
const NOTHING = { stories: [], complaints: [] }

type Read = { readonly tree: Tree; readonly file: string; readonly complaints: Complaint[] }

/** `rules`: where the mapping is known, names and profiles are compared with it. */
export function loadStories(
  text: string,
  { file, rules }: { readonly file: string; readonly rules?: Rules | undefined },
): Stories {
  const { source, tree, complaints } = parseYaml(text, { file })
  const shape = tree ? conform(storiesFile, tree) : null
  const readable = shape?.readable
  const read = readable ? readStories(readable.tree, readable.value.stories, ['stories'], file) : NOTHING
  const names = rules ? read.stories.flatMap((story) => checkStory(story, storyVocabulary(rules))) : []
  const meant = [...read.complaints, ...names].filter(({ code }) => shape?.whole || !CODES_OF_ABSENCE.has(code))
  const findings = tidied([...complaints, ...(shape?.complaints ?? []), ...meant].map((one) => toFinding(source, one)))
  const usable = readable && findings.every(({ severity }) => severity !== 'error')
  return { findings, mappings: readable?.value.mappings ?? null, stories: usable ? read.stories : [] }
}

export function readStories(
  tree: Tree,
  inputs: readonly StoryInput[],
  path: Path,
  file: string,
): { readonly stories: readonly Story[]; readonly complaints: readonly Complaint[] } {
  const read: Read = { tree, file, complaints: [] }
  const stories = inputs.map((input, index) => readStory(read, input, [...path, index]))
  return { stories, complaints: read.complaints }
}

function mentionsOf(tree: Tree, input: StoryInput, path: Path): readonly StatusMention[] {
  const named = (value: Partial<Record<Side, string | undefined>> | undefined, at: Path) =>
    SIDES.flatMap((side) => {
      const status = value?.[side]
      return status === undefined ? [] : [{ side, status, place: placeAt(tree, [...at, side]) }]
    })
  const ofHappening = (happening: HappeningInput, at: Path) => [
    ...named(happening, at),
    ...(['stranger', 'colleagues', 'rumour'] as const).flatMap((key) => {
      const { side, status } = happening[key] ?? {}
      return side && status ? [{ side, status, place: placeAt(tree, [...at, key, 'status']) }] : []
    }),
  ]
  const ofStep = (step: StepInput, at: Path) => [
    ...ofHappening(step, at),
    ...named(step.expect, [...at, 'expect']),
    ...(step.together ?? []).flatMap((inner, index) => ofHappening(inner, [...at, 'together', index])),
  ]
  const steps = input.steps.flatMap((step, index) => ofStep(step, [...path, 'steps', index]))
  return [...named(input.start, [...path, 'start']), ...steps]
}

function readStory(read: Read, input: StoryInput, path: Path): Story {
  const { line, column } = placeAt(read.tree, path)
  const colleagues = input.colleagues ?? 0
  if (colleagues === 0) read.complaints.push(...missingColleagues(read.tree, input, path))
  return {
    name: input.name,
    file: read.file,
    line,
    column,
    profile: input.profile ?? null,
    profilePlace: placeAt(read.tree, [...path, 'profile']),
    start: eachSide((side) => input.start?.[side] ?? OFFLINE),
    colleagues,
    steps: input.steps.flatMap((step, index) => readStep(read, step, [...path, 'steps', index])),
    mentions: mentionsOf(read.tree, input, path),
  }
}

/** A step of colleagues does nothing where there are none. */
function missingColleagues(tree: Tree, input: StoryInput, path: Path): readonly Complaint[] {
  const complaint = (happening: HappeningInput, at: Path): readonly Complaint[] => {
    if (!happening.colleagues) return []
    const place = placeAt(tree, [...at, 'colleagues'])
    return [
      { code: 'step-unclear', place, message: 'This story has no colleagues.', hint: 'add colleagues: 9 beside steps' },
    ]
  }
  return input.steps.flatMap((step, index) => {
    const at = [...path, 'steps', index]
    const together = step.together ?? []
    return [...complaint(step, at), ...together.flatMap((inner, place) => complaint(inner, [...at, 'together', place]))]
  })
}

function readStep(read: Read, input: StepInput, path: Path): readonly Step[] {
  const place = placeAt(read.tree, path)
  const actions = [...happenings(read, input, path), ...otherActions(read, input, path)]
  const action = onlyOne(read, actions, place)
  const expect = input.expect ? readExpectation(input.expect) : null
  return action ? [{ ...action, line: place.line, column: place.column, expect }] : []
}

function onlyOne<A extends Action>(read: Read, actions: readonly A[], place: Place): A | undefined {
  const [action] = actions
  if (action && actions.length === 1) return action
  const kinds = actions.map(({ kind }) => kind).join(', ')
  const message = action ? `A step does one thing, this one does several: ${kinds}.` : 'This step does nothing.'
  const hint = action ? 'make it several steps, or use together' : 'add crm, telephony, work, wait or another action'
  read.complaints.push({ code: 'step-unclear', place, message, hint })
  return undefined
}

function happenings(read: Read, input: HappeningInput, path: Path): readonly Happening[] {
  const found: Happening[] = []
  const changes = SIDES.flatMap((side) => {
    const status = input[side]
    return status === undefined ? [] : [{ side, status }]
  })
  if (changes.length > 0) found.push({ kind: 'status', changes, by: input.by ?? 'agent' })
  else if (input.by) read.complaints.push(strayBy(placeAt(read.tree, [...path, 'by'])))
  const { work, link, write_result: result, stranger, colleagues, rumour } = input
  if (work)
    found.push({ kind: 'work', side: work.side, id: String(work.id), channel: work.channel ?? null, state: work.state })
  if (link) found.push({ kind: 'link', side: link.side, up: link.up, writes: link.writes ?? true })
  if (result)
    found.push({
      kind: 'write_result',
      side: result.side,
      next: result.next,
      after: result.after ?? 0,
      times: result.times ?? 1,
    })
  if (input.repeat) found.push({ kind: 'repeat' })
  if (stranger) found.push({ kind: 'stranger', ...stranger })
  if (colleagues) found.push({ kind: 'colleagues', ...colleagues })
  if (rumour) found.push({ kind: 'rumour', side: rumour.side, status: rumour.status, about: rumour.about ?? 'agent' })
  return found
}

function strayBy(place: Place): Complaint {
  return {
    code: 'step-unclear',
    place,
    message: 'Only a change of a status has someone who made it.',
    hint: 'remove by',
  }
}

function otherActions(read: Read, input: StepInput, path: Path): readonly Action[] {
  const found: Action[] = []
  if (input.wait !== undefined) found.push({ kind: 'wait', ms: durationMs(input.wait) })
  if (input.together) found.push({ kind: 'together', steps: readTogether(read, input.together, [...path, 'together']) })
  if (input.restart) found.push({ kind: 'restart', fresh: input.restart === 'fresh' })
  if (input.reload !== undefined) found.push({ kind: 'reload', file: input.reload })
  return found
}

function readTogether(read: Read, inputs: readonly HappeningInput[], path: Path): readonly Happening[] {
  return inputs.flatMap((input, index) => {
    const at = [...path, index]
    const action = onlyOne(read, happenings(read, input, at), placeAt(read.tree, at))
    return action ? [action] : []
  })
}

function readExpectation(input: NonNullable<StepInput['expect']>): Expectation {
  const blocked = input.blocked === undefined ? undefined : [input.blocked].flat()
  return {
    crm: input.crm ?? null,
    telephony: input.telephony ?? null,
    reason: [input.reason ?? []].flat().filter(isReason),
    writes: eachSide((side) => input.writes?.[side] ?? null),
    blocked: blocked ? SIDES.filter((side) => blocked.includes(side)) : null,
  }
}

function isReason(code: string): code is Reason {
  return Object.hasOwn(REASONS, code)
}
