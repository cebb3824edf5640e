// A told difference as a story in YAML: what was true under the old rules, or what is true under the new ones.

import { OFFLINE, SIDES } from '../../domain/side.ts'
import { change, sides, word, work } from '../explore/tale.ts'
import type { Label } from './setting-changes.ts'
import type { Scene, Told, ToldStep } from './told.ts'
import type { Both } from './twins.ts'

export type StoryInput = {
  readonly told: Told
  readonly name: string
  readonly profile: string | null
  readonly labels: Both<Label>
}

type Version = keyof Both<unknown>

/** One item of a list of stories, without a line break at the end. */
export function storyOf(input: StoryInput, version: Version): string {
  return lines(input, version).join('\n')
}

/** The story that is true now, with what was expected before as a comment. */
export function storyOfBoth(input: StoryInput): string {
  const before = `      # before: expect: ${expectation(input, input.told.last, 'before')}`
  return [...lines(input, 'now'), before].join('\n')
}

function lines(input: StoryInput, version: Version): readonly string[] {
  const { told, name, profile, labels } = input
  const starts = SIDES.some((side) => told.begins[side] !== OFFLINE)
  return [
    ...(told.playable ? [] : [`# the steps are closer together than those of a story: ${told.gapMs} ms`]),
    `- name: ${word(name)}`,
    ...(profile === null ? [] : [`  profile: ${word(profile)}`]),
    ...(starts ? [`  start: ${sides({ label: labels[version] }, told.begins)}`] : []),
    '  steps:',
    ...told.steps.map((step) => `    - { ${stepLine(input, step, version)} }`),
  ]
}

/** On the way nothing is expected where the two differ already, in a block's status or a reason. */
function stepLine(input: StoryInput, step: ToldStep, version: Version): string {
  const happens = happening(input.labels[version], step)
  if (step === input.told.last) return `${happens}, expect: ${expectation(input, step, version)}`
  const { before, now } = step.to
  const isAlike = SIDES.every((side) => before.shows[side] === now.shows[side])
  return isAlike ? `${happens}, expect: ${sides({ label: input.labels[version] }, now.shows)}` : happens
}

function happening(label: Label, { move }: ToldStep): string {
  switch (move.kind) {
    case 'status':
      return change({ label }, move)
    case 'work':
      return work(move)
    case 'wait':
      return `wait: ${move.ms % 1000 === 0 ? `${move.ms / 1000}s` : `${move.ms}ms`}`
    case 'pair':
      return `together: [{ ${change({ label }, move.first)} }, { ${change({ label }, move.second)} }]`
  }
}

function expectation({ labels }: StoryInput, { to }: ToldStep, version: Version): string {
  const scene = to[version]
  const shows = sides({ label: labels[version] }, scene.shows).slice(2, -2)
  const reasons = reasonsIn(scene)
  const reason =
    reasons.length === 0 ? '' : `, reason: ${reasons.length === 1 ? reasons[0] : `[${reasons.join(', ')}]`}`
  const asBlocked = to.before.blocked.join() !== to.now.blocked.join()
  return `{ ${shows}${reason}${asBlocked ? `, blocked: [${scene.blocked.join(', ')}]` : ''} }`
}

function reasonsIn({ said }: Scene): readonly string[] {
  return [...new Set(SIDES.flatMap((side) => said[side]?.reason ?? []))]
}
