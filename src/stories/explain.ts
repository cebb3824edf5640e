// The answer to a question: what the bridge would do, with its own words, the lines of the rules and, where nothing is written, why not.

import { REASONS, type Reason } from '../domain/reason.ts'
import type { Rules, Ruleset } from '../domain/rules.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId } from '../domain/side.ts'
import { lineOf } from '../mapping/matrix-lines.ts'
import { createSource } from '../mapping/position.ts'
import type { Story } from '../mapping/story.ts'
import { hintFor } from './hints.ts'
import { rulesetNamed } from './load.ts'
import { type Question, storyOf } from './question.ts'
import { type Moment, runStory, type StepResult } from './run.ts'
import { describe } from './timeline.ts'

export type Answer = { readonly story: Story; readonly steps: readonly AnswerStep[] }

export type AnswerStep = {
  /** "telephony: Meal". */
  readonly happens: string
  readonly atMs: number
  readonly shows: BySide<StatusId>
  readonly blocked: readonly Side[]
  readonly writes: BySide<number>
  /** None: nothing was to be decided. */
  readonly decisions: readonly AnswerDecision[]
}

type AnswerDecision = {
  readonly sentence: string
  readonly sides: readonly AnswerSide[]
}

export type AnswerSide = {
  readonly side: Side
  readonly reason: Reason
  /** In the catalogue's words. */
  readonly meaning: string
  readonly from: string
  readonly to: string
  /** The line of the mapping file that caused it. */
  readonly rule: { readonly line: number; readonly source: string } | null
  readonly written: boolean
  /** Why not, and what would have to be in the file. */
  readonly hint: string | null
}

type Context = { readonly rules: Rules; readonly ruleset: Ruleset; readonly text: string }

/** `text`: of the mapping file. Throws a StoryError where the question cannot be understood. */
export async function explain(
  question: Question,
  { rules, text }: { readonly rules: Rules; readonly text: string },
): Promise<Answer> {
  const ruleset = rulesetNamed(rules, question.profile)
  const story = storyOf(question, rules)
  const results = await runStory(story, rules, () => rules)
  return { story, steps: results.map((result) => stepOf(result, { rules, ruleset, text })) }
}

function stepOf({ step, atMs, shows, blocked, writes, moments }: StepResult, context: Context): AnswerStep {
  const told = moments.filter(({ record }) => record.decisions.some(({ reason }) => reason !== 'echo'))
  return {
    happens: step.kind === 'wait' ? `${step.ms / 1_000} s pass` : describe(step),
    atMs,
    shows,
    blocked,
    writes,
    decisions: told.map((moment) => decisionOf(moment, context)),
  }
}

function decisionOf(moment: Moment, context: Context): AnswerDecision {
  const { record } = moment
  const sides = SIDES.flatMap((side) => record.decisions.filter((one) => one.side === side))
  return { sentence: record.sentence, sides: sides.map((decision) => sideOf(decision, moment, context)) }
}

function sideOf(
  decision: Moment['record']['decisions'][number],
  { record, bases }: Moment,
  context: Context,
): AnswerSide {
  const { rules, ruleset, text } = context
  const { side, reason, from, to } = decision
  const write = record.writes.find((one) => one.side === side)
  const isShadow = write?.outcome === 'shadow'
  const line = decision.rule === undefined ? null : lineOf(decision.rule)
  const hint = hintFor({ rules: ruleset, event: record.event, decision, bases, label: rules.label })
  return {
    side,
    reason,
    meaning: REASONS[reason],
    from,
    to,
    rule: line === null ? null : { line, source: createSource(rules.file, text).line(line) },
    written: write !== undefined && !isShadow,
    hint: isShadow ? 'In shadow mode everything is decided and nothing is written; mode: live writes it.' : hint,
  }
}

/** "crm On Queue, telephony logged out". */
export function pairWords(shows: BySide<string>, blocked: readonly Side[] = []): string {
  const words = (side: Side) => {
    const status = shows[side] === OFFLINE ? 'logged out' : shows[side]
    return `${side} ${status}${blocked.includes(side) ? ' (blocked)' : ''}`
  }
  return SIDES.map(words).join(', ')
}
