// A told story as YAML, ready to be put under `tests:`, and as half a sentence.

import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, SIDES, type Side, type StatusId, sideName } from '../../domain/side.ts'
import type { StatusMove, WorkMove } from './move.ts'
import { STEP_MS } from './rest.ts'
import type { Told, ToldStep } from './told.ts'

type Teller = { readonly rules: Ruleset; readonly label: (side: Side, status: StatusId) => string }

/** One item of a list of stories, without a line break at the end. */
export function asYaml({ rules, label }: Teller, name: string, told: Told): string {
  const { profile } = rules
  const starts = SIDES.some((side) => told.begins[side] !== OFFLINE)
  return [
    ...(told.playable ? [] : [`# the steps are closer together than those of a story: ${gap(told)}`]),
    `- name: ${word(name)}`,
    ...(profile === null ? [] : [`  profile: ${word(profile)}`]),
    ...(starts ? [`  start: ${sides({ label }, told.begins)}`] : []),
    '  steps:',
    ...told.steps.map((step) => `    - ${stepLine({ rules, label }, step)}`),
  ].join('\n')
}

function gap({ gapMs }: Told): string {
  return gapMs === STEP_MS ? 'two changes within the conflict window' : `${gapMs} ms`
}

function stepLine(teller: Teller, { move, shows }: ToldStep): string {
  const expect = `expect: ${sides(teller, shows)}`
  switch (move.kind) {
    case 'status':
      return `{ ${change(teller, move)}, ${expect} }`
    case 'work':
      return `{ ${work(move)}, ${expect} }`
    case 'wait':
      return `{ wait: ${move.ms % 1000 === 0 ? `${move.ms / 1000}s` : `${move.ms}ms`}, ${expect} }`
    case 'pair':
      return `{ together: [{ ${change(teller, move.first)} }, { ${change(teller, move.second)} }], ${expect} }`
  }
}

export function change({ label }: Pick<Teller, 'label'>, { side, status }: StatusMove): string {
  return `${side}: ${word(label(side, status))}`
}

export function work({ side, news }: WorkMove): string {
  const [one] = news
  const of = one === undefined || one.channel === null ? '' : ` channel: ${word(one.channel)},`
  return `work: { side: ${side}, id: ${one?.item},${of} state: ${one?.state} }`
}

export function sides({ label }: Pick<Teller, 'label'>, statuses: BySide<StatusId>): string {
  return `{ ${SIDES.map((side) => `${side}: ${word(label(side, statuses[side]))}`).join(', ')} }`
}

/** Plain where YAML takes it for the same text inside braces. */
export function word(text: string): string {
  const plain = /^[A-Za-z][\w.-]*(?: [\w.-]+)*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
  return plain ? text : JSON.stringify(text)
}

/** "telephony goes to "On Queue", then the CRM logs in as "Online"". */
export function asSentence(teller: Teller, { begins, steps }: Told): string {
  const { label } = teller
  const from = SIDES.map((side) => `"${label(side, begins[side])}"`).join(' and ')
  const starts = SIDES.some((side) => begins[side] !== OFFLINE)
  return `${starts ? `from ${from}, ` : ''}${steps.map((step) => asPhrase(teller, step)).join(', then ')}`
}

function asPhrase(teller: Teller, { move, logsIn }: ToldStep): string {
  switch (move.kind) {
    case 'status':
      return changePhrase(teller, move, logsIn)
    case 'pair':
      return `${changePhrase(teller, move.first, false)} and at the same time ${changePhrase(teller, move.second, false)}`
    case 'work':
      return `work in ${sideName(move.side)} is ${move.news[0]?.state.replace('_', '-')}`
    case 'wait':
      return `${move.ms / 1000} s pass`
  }
}

function changePhrase({ label }: Teller, { side, status }: StatusMove, logsIn: boolean): string {
  if (status === OFFLINE) return `${sideName(side)} logs out`
  return `${sideName(side)} ${logsIn ? 'logs in as' : 'goes to'} "${label(side, status)}"`
}
