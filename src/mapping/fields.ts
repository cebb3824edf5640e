// The building blocks of the schemas. Each carries, as its title, the words for what is expected; findings, the reference page
// and the editor all show them.

import { z } from 'zod'
import { DURATION_MAX_MS } from './limits.ts'

/** A key's documentation; `default` is what holds where the key is left out. */
export type KeyDoc = { readonly default?: string | number | boolean; readonly examples?: unknown[] }

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A mapping that knows all its keys. Its message for unknown keys is the list of those it knows: see issues.ts. */
export function mapping<const S extends z.ZodRawShape>(expected: string, shape: S) {
  const known = Object.keys(shape).join('\n')
  const error = (issue: { readonly code?: string }) => (issue.code === 'unrecognized_keys' ? known : expected)
  return z.strictObject(shape, { error }).meta({ title: expected })
}

/** A value for each side, either of which may be left out. */
export function bySide<T extends z.ZodType>(expected: string, inner: T, describes: { crm: string; telephony: string }) {
  const crm = inner.optional().meta({ description: describes.crm })
  return mapping(expected, { crm, telephony: inner.optional().meta({ description: describes.telephony }) })
}

export function text(expected: string) {
  return z
    .string({ error: () => expected })
    .min(1, { error: () => expected })
    .meta({ title: expected })
}

export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  const expected = values.length < 6 ? oneOf(values) : `one of ${values.join(', ')}`
  return z.enum(values, { error: () => expected }).meta({ title: expected })
}

export function list<T extends z.ZodType>(expected: string, inner: T) {
  return z.array(inner, { error: () => expected }).meta({ title: expected })
}

/** One, or a list of them. */
export function oneOrMore<T extends z.ZodType>(expected: string, inner: T) {
  const many = z.array(inner, { error: () => expected }).min(1, { error: () => expected })
  return either(expected, [inner, many])
}

/** One, or a list of them that may be empty. */
export function anyNumber<T extends z.ZodType>(expected: string, inner: T) {
  return either(expected, [inner, z.array(inner, { error: () => expected })])
}

export function either<const T extends readonly [z.ZodType, z.ZodType, ...z.ZodType[]]>(expected: string, options: T) {
  return z.union(options, { error: () => expected }).meta({ title: expected })
}

export function yesNo() {
  const expected = 'true or false'
  return z.boolean({ error: () => expected }).meta({ title: expected })
}

export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }) {
  const expected = `a whole number from ${min} to ${max}`
  const error = () => expected
  return z.int({ error }).min(min, { error }).max(max, { error }).meta({ title: expected })
}

export function duration() {
  const expected = 'a duration such as 500ms, 10s, 5m or 1h, at most a week'
  const shape = z.string({ error: () => expected }).regex(/^\d{1,9}(ms|s|m|h)$/, { error: () => expected })
  return shape
    .refine((value) => durationMs(value) <= DURATION_MAX_MS, { error: () => expected })
    .meta({ title: expected })
}

/** Of a text that the schema let through. */
export function durationMs(value: string): number {
  const [, amount = '0', unit = 'ms'] = /^(\d+)(ms|s|m|h)$/.exec(value) ?? []
  return Number(amount) * (UNITS[unit] ?? 1)
}

export function percentage() {
  const expected = 'a percentage such as 30%, above 0% and at most 100%'
  const error = () => expected
  const shape = z.string({ error }).regex(/^\d{1,3}(\.\d{1,3})?%$/, { error })
  return shape.refine((value) => share(value) > 0 && share(value) <= 1, { error }).meta({ title: expected })
}

/** "30%" is 0.3. */
export function share(value: string): number {
  return Number(value.slice(0, -1)) / 100
}

/** A key that may be left out, with its documentation. */
export function optional<T extends z.ZodType>(inner: T, description: string, doc: KeyDoc = {}) {
  return inner.optional().meta({ description, ...doc })
}

/** A key that must be there. */
export function required<T extends z.ZodType>(inner: T, description: string, doc: KeyDoc = {}) {
  const title = inner.meta()?.title
  return inner.meta({ ...(title === undefined ? {} : { title }), description, ...doc })
}

function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}
