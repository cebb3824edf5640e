// What to write instead of a value that does not fit, where that can be guessed.

import { didYouMean } from './nearest.ts'

export type Misfit = {
  /** The words of the schema for what belongs here. */
  readonly expected: string
  readonly value: unknown
  /** As the file writes it. */
  readonly written: string | null
  readonly allowed: readonly string[]
  readonly takesText: boolean
}

const YES: ReadonlySet<string> = new Set(['yes', 'y', 'on', 'true', '1'])
const NO: ReadonlySet<string> = new Set(['no', 'n', 'off', 'false', '0', 'none', 'never'])
const UNITS: readonly (readonly [RegExp, string, number])[] = [
  [/^(ms|msecs?|milliseconds?)$/, 'ms', 1],
  [/^(s|secs?|seconds?)$/, 's', 1],
  [/^(m|mins?|minutes?)$/, 'm', 1],
  [/^(h|hrs?|hours?)$/, 'h', 1],
  [/^(d|days?)$/, 'h', 24],
]

export function fixOf(misfit: Misfit): string | undefined {
  const { expected, value } = misfit
  if (expected.startsWith('a duration')) return durationFix(value)
  if (expected.startsWith('a percentage')) return percentageFix(value)
  if (Array.isArray(value)) return listFix(misfit, value)
  if (typeof value === 'string') return textFix(misfit, value)
  const scalar = typeof value === 'number' || typeof value === 'boolean'
  return scalar && misfit.takesText ? `put it in quotes: "${misfit.written ?? value}"` : undefined
}

function durationFix(value: unknown): string | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(String(value)) ?? []
  if (amount === undefined) return undefined
  if (unit === '') return `write the unit too: ${amount}s`
  const [, short, factor = 1] = UNITS.find(([words]) => words.test(unit.toLowerCase())) ?? []
  if (short === undefined || Number(amount) === 0) return undefined
  const count = Number(amount) * factor
  return Number.isInteger(count) ? `write ${count}${short}` : finer(count, short)
}

/** There are no fractions: half a minute is 30 seconds. */
function finer(count: number, unit: string): string | undefined {
  const [smaller, factor] = unit === 'h' ? ['m', 60] : unit === 'm' ? ['s', 60] : ['ms', 1000]
  return Number.isInteger(count * factor) ? `write ${count * factor}${smaller}` : undefined
}

function percentageFix(value: unknown): string | undefined {
  const number = Number(String(value).replace(/\s*%$/, ''))
  if (!(number > 0 && number <= 100)) return undefined
  const isShare = typeof value === 'number' && number < 1
  return isShare
    ? `write it as a percentage: ${Math.round(number * 100_000) / 1000}%`
    : `write the sign too: ${number}%`
}

function listFix({ takesText }: Misfit, list: readonly unknown[]): string | undefined {
  const [only] = list
  return takesText && list.length === 1 && typeof only === 'string' ? `write ${only} without brackets` : undefined
}

function textFix({ expected, allowed }: Misfit, text: string): string | undefined {
  if (expected === '1' || (expected.startsWith('a whole number') && /^\d+$/.test(text)))
    return `write it without quotes: ${text}`
  const answer = yesOrNo(text)
  if (expected === 'true or false') return answer && `write ${answer === 'yes'}`
  const [off, on] = allowed
  if (off === 'off' && on === 'on' && answer) return `write ${answer === 'yes' ? on : off}`
  if (expected.startsWith('a list')) return `write it as a list: [${text}]`
  return didYouMean(text, allowed)
}

function yesOrNo(text: string): 'yes' | 'no' | undefined {
  if (YES.has(text.toLowerCase())) return 'yes'
  return NO.has(text.toLowerCase()) ? 'no' : undefined
}
