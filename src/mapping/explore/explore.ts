// Proof by exploration: everything that can become of one agent under one set of rules, from every log-in, and from every pair of statuses
// that an agent may be found in. What is never allowed is told by a shortest story.

import type { Reading } from '../../domain/report.ts'
import type { RuleRef, Ruleset } from '../../domain/rules.ts'
import type { BySide, Side, StatusId } from '../../domain/side.ts'
import { newAgent } from '../../engine/state.ts'
import { type Alphabet, alphabetOf } from './alphabet.ts'
import type { FaultKind } from './fault.ts'
import { FAULTS_MAX, LOOKUPS_MAX, NotProved, VARIATIONS_MAX } from './limits.ts'
import { NOW } from './move.ts'
import { createControls, restOf } from './rest.ts'
import { beginRun, happen, settle, unbroken } from './run.ts'
import { begin, frontierFor, goOn, type Path, type Search, UNTOLD } from './search.ts'
import { shapeOf } from './shape.ts'
import { createSuccessors } from './successors.ts'
import { asSentence, asYaml } from './tale.ts'
import { type Told, tell } from './told.ts'

export type ExploreOptions = {
  /** Of the platforms; those that the rules mention are explored in any case. */
  readonly statuses: BySide<Iterable<StatusId>>
  /** How people call a status; without it, its id. */
  readonly label?: ((side: Side, status: StatusId) => string) | undefined
  /** How many changes are looked at before the proof is given up; without it, some seconds' worth. */
  readonly patience?: number | undefined
}

export type Fault = {
  readonly kind: FaultKind
  /** A shortest one, as an item of a list of stories in YAML. */
  readonly story: string
  /** The same in half a sentence. */
  readonly sentence: string
  /** False: its steps are closer together than those of a story, which the story says in a comment. */
  readonly playable: boolean
  /** How much happens in it: changes, work items, timers. */
  readonly events: number
  readonly steps: Told['steps']
  readonly sides: Told['sides']
  /** Lines of the mapping file that the decisions of the last step named. */
  readonly ruleRefs: readonly RuleRef[]
}

export type Exploration = {
  /** Ways for an agent to be at rest: what the sides show and would show, blocks and how often they were put back, open work, running timers. */
  readonly states: number
  /** Why nothing is said of the rest, as half a sentence; null: the exploration is complete. */
  readonly unproved: string | null
  /** One for each way to end, the shortest stories first. */
  readonly faults: readonly Fault[]
}

type Found = Path & { readonly cost: number }

export function explore(rules: Ruleset, options: ExploreOptions): Exploration {
  const { statuses, label = (_side: Side, status: StatusId) => status, patience = LOOKUPS_MAX } = options
  const given = unbroken(rules)
  const alphabet = alphabetOf(given, statuses)
  const paths: Found[] = []
  const search = { ...searchOf(given, alphabet, paths), patience }
  const unproved = attempt(() => {
    begin(search, restOf(search.controls, newAgent()))
    goOn(search)
    // Whoever is found on both sides at once when the bridge starts was not put there by the rules.
    if (paths.length === 0) goOnFromEverywhere({ ...search, exclusive: false })
  })
  const found = paths.toSorted((a, b) => a.cost - b.cost || coincidences(a) - coincidences(b))
  const faults = faultsOf({ rules, label }, found)
  const untold = found.length > 0 && faults.length === 0 ? 'what was found cannot be told in any timing' : null
  return { states: countStates(search, alphabet), unproved: unproved ?? untold, faults }
}

function searchOf(rules: Ruleset, alphabet: Alphabet, paths: Found[]): Omit<Search, 'patience'> {
  const shape = shapeOf(rules, alphabet)
  const controls = createControls(rules)
  const counts = new Map<string, number>()
  return {
    shape,
    controls,
    successors: createSuccessors(controls, shape),
    exclusive: true,
    coincidences: true,
    frontier: frontierFor(shape),
    wants({ fault, cost }) {
      const key = `${fault} ${cost}`
      const count = counts.get(key) ?? 0
      counts.set(key, count + 1)
      return count < VARIATIONS_MAX
    },
    found: (path) => paths.push(path),
  }
}

function attempt(proof: () => void): string | null {
  try {
    proof()
    return null
  } catch (error) {
    if (error instanceof NotProved) return error.message
    throw error
  }
}

/** R21: the pair as it is, or one side following the other. */
function goOnFromEverywhere(search: Search): void {
  const { shape, controls } = search
  const reading = (status: StatusId): Reading => ({ status, stamp: { at: 0 }, work: [] })
  for (const crm of shape.names.crm) {
    for (const telephony of shape.names.telephony) {
      const run = beginRun(controls.rules, newAgent(), NOW)
      happen(run, { kind: 'start', readings: { crm: reading(crm), telephony: reading(telephony) } })
      if (settle(run)) begin(search, restOf(controls, run.state))
    }
  }
  goOn(search)
}

/** Two statuses that no rule can tell apart from others stand for all of them. */
function countStates({ frontier, shape }: Search, { weights }: Alphabet): number {
  const width = shape.names.telephony.length
  let count = 0
  for (const rest of frontier.known()) {
    const place = rest % frontier.size
    count += (weights.crm[Math.floor(place / width)] ?? 1) * (weights.telephony[place % width] ?? 1)
  }
  return Math.round(count)
}

/** Two changes at once are harder to picture than one after the other. */
function coincidences({ moves }: Path): number {
  return moves.filter(({ kind }) => kind === 'pair').length
}

type Teller = { readonly rules: Ruleset; readonly label: NonNullable<ExploreOptions['label']> }

function faultsOf(teller: Teller, paths: readonly Found[]): readonly Fault[] {
  const faults = new Map<string, Fault>()
  for (const path of paths) {
    if (faults.size >= FAULTS_MAX) break
    const told = tell(teller.rules, path)
    const end = told?.steps.at(-1)
    if (!told || !end) continue
    const key = JSON.stringify([path.fault, end.shows])
    if (faults.has(key)) continue
    faults.set(key, {
      kind: path.fault,
      story: asYaml(teller, NAMES[path.fault], told),
      sentence: asSentence(teller, told),
      playable: told.playable,
      events: path.cost % UNTOLD,
      steps: told.steps,
      sides: told.sides,
      ruleRefs: [...new Set(end.rules.map(({ ref }) => ref))],
    })
  }
  return [...faults.values()]
}

const NAMES: Readonly<Record<FaultKind, string>> = {
  chase: 'the bridge chases itself',
  blocked_but_available: 'a blocked side takes work all the same',
  both_available: 'both sides take work at once',
}
