// Presence sync rules of the Amazon Connect CTI Adapter, exported as JSON. Their sources, operands, comparators and destinations are
// documented (amazon-connect/amazon-connect-salesforce-cti, docs/lightning/03-cti-adapter/04-presence-sync-rules.md; read 2026).
// Not verified: how an export names its fields, as the object behind AC_PresenceSyncRule is not public. Field names and values are therefore
// taken in any of the usual spellings; what is not understood is told, rule by rule.

import type { Side } from '../../domain/side.ts'
import { type JsonRule, tidyKey } from './rules-json.ts'

/** What happens for the rule to be looked at. */
type RuleSource = 'telephony_change' | 'crm_change' | 'crm_logout' | 'work_accepted' | 'workload_changed'
/** What of it is compared. */
type RuleSubject = 'telephony_new' | 'telephony_old' | 'crm_new' | 'channel' | 'workload_new' | 'workload_other'
type RuleComparator = '=' | '!=' | '>' | '>=' | '<' | '<='

export type PresenceRule = {
  readonly line: number
  /** For people; may be empty. */
  readonly name: string
  readonly source: RuleSource
  /** null: no condition. */
  readonly when: { readonly subject: RuleSubject; readonly comparator: RuleComparator; readonly value: string } | null
  readonly destination: Side
  readonly status: string
}

export type Understood =
  | { readonly kind: 'rule'; readonly rule: PresenceRule }
  | { readonly kind: 'off'; readonly name: string }
  | { readonly kind: 'not_understood'; readonly why: string }

const SOURCES: Readonly<Record<string, RuleSource>> = {
  ...named('telephony_change', ['Connect Agent State Change', 'Connect Agent State Changed']),
  ...named('crm_change', ['Salesforce Agent State Change', 'Salesforce Agent State Changed']),
  ...named('crm_logout', ['Salesforce Agent Logout']),
  ...named('work_accepted', ['Salesforce Work Accepted']),
  ...named('workload_changed', ['Salesforce Workload Changed', 'Salesforce Workload Change']),
}

const SUBJECTS: Readonly<Record<string, RuleSubject>> = {
  ...named('telephony_new', ['Connect Agent New State']),
  ...named('telephony_old', ['Connect Agent Old State']),
  ...named('crm_new', ['Salesforce Agent New State', 'Salesforce New Agent State', 'Salesforce New Agent Status']),
  ...named('channel', ['Salesforce Service Channel']),
  ...named('workload_new', ['Salesforce New Workload', 'Salesforce New Workload Pct']),
  ...named('workload_other', ['Salesforce Previous Workload', 'Salesforce Previous Workload Pct']),
  ...named('workload_other', ['Salesforce Configured Capacity']),
}

const DESTINATIONS: Readonly<Record<string, Side>> = {
  ...named('crm', ['Salesforce Agent State', 'Salesforce Agent Status']),
  ...named('telephony', ['Connect Agent State', 'Connect Agent Status']),
}

const COMPARATORS: Readonly<Record<string, RuleComparator>> = {
  ...named('=', ['Equal to', 'Equal', 'Equals', 'eq']),
  ...named('!=', ['Not equal to', 'Not equal', 'Not equals', 'ne', 'neq']),
  ...named('>', ['Greater than', 'gt']),
  ...named('>=', ['Greater than or equal to', 'Greater than or equal', 'gte', 'ge']),
  ...named('<', ['Less than', 'lt']),
  ...named('<=', ['Less than or equal to', 'Less than or equal', 'lte', 'le']),
  '=': '=',
  '==': '=',
  '===': '=',
  '!=': '!=',
  '<>': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
}

const TURNED: Readonly<Record<RuleComparator, RuleComparator>> = {
  '=': '=',
  '!=': '!=',
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
}

export function understand({ line, fields, conditions }: JsonRule): Understood {
  const read = (...keys: readonly string[]) =>
    keys.map((key) => fields.get(key)).find((said) => said !== undefined) ?? ''
  const name = read('name', 'presencesyncrulename', 'rulename', 'label')
  if (['false', 'no', '0'].includes(read('active', 'enabled', 'isactive', 'isenabled').toLowerCase()))
    return { kind: 'off', name }
  if (conditions > 1) return no(`It has ${conditions} conditions, and a row knows one.`)
  const source = SOURCES[tidyKey(read('source', 'event', 'trigger'))]
  if (source === undefined) return no(`Its source "${read('source', 'event', 'trigger')}" is not understood.`)
  const destination = DESTINATIONS[tidyKey(read('destination', 'target'))]
  if (destination === undefined) return no(`Its destination "${read('destination', 'target')}" is not understood.`)
  const status = read('value', 'destinationvalue', 'destinationstate', 'targetvalue')
  if (status === '') return no('It does not say which status to set.')
  const when = conditionOf({
    a: { operand: read('operanda', 'operand1'), value: read('operandavalue', 'operand1value') },
    b: { operand: read('operandb', 'operand2'), value: read('operandbvalue', 'operand2value') },
    comparator: read('comparator', 'operator'),
  })
  if (when !== null && 'why' in when) return no(when.why)
  return { kind: 'rule', rule: { line, name, source, when, destination, status } }
}

type Operand = { readonly operand: string; readonly value: string }

function conditionOf({
  a,
  b,
  comparator: said,
}: {
  readonly a: Operand
  readonly b: Operand
  readonly comparator: string
}): PresenceRule['when'] | { readonly why: string } {
  if (a.operand === '' && b.operand === '' && said === '') return null
  const comparator = COMPARATORS[said.trim()] ?? COMPARATORS[tidyKey(said)]
  if (comparator === undefined) return { why: `Its comparator "${said}" is not understood.` }
  const [left, right] = isStatic(a) ? [b, a] : [a, b]
  const subject = SUBJECTS[tidyKey(left.operand)]
  if (subject === undefined) return { why: `Its operand "${left.operand}" is not understood.` }
  if (!isStatic(right)) return { why: `It compares "${left.operand}" with "${right.operand}", not with a fixed value.` }
  return { subject, comparator: isStatic(a) ? TURNED[comparator] : comparator, value: right.value }
}

function isStatic({ operand, value }: Operand): boolean {
  const word = tidyKey(operand)
  return word === 'staticvalue' || word === 'static' || (word === '' && value !== '')
}

function no(why: string): Understood {
  return { kind: 'not_understood', why }
}

/** Found by their tidy keys. */
function named<T extends string>(meaning: T, words: readonly string[]): Record<string, T> {
  return Object.fromEntries(words.map((word) => [tidyKey(word), meaning]))
}
