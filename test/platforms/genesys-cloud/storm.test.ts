// R24 where calls run out, on a stand-in that enforces its limit: no storm of retries, and whoever is to be taken off the queue goes first.

import { afterEach, expect, test } from '@jest/globals'
import { eventually } from '../../sandbox/genesys-cloud/support.ts'
import { openFastOrganisation } from './fast-organisation.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** A minute is a second and a half. */
async function organisation(callsPerMinute: number) {
  const one = await openFastOrganisation({ factor: 40, callsPerMinute })
  open.push(one)
  await one.adapter.catalogue()
  const people = one.people(600)
  await one.start(people)
  return { ...one, people }
}

type Stood = { readonly label: string; readonly at: number }
const labelsOf = (stood: readonly Stood[]) => stood.map(({ label }) => label)

test('in a storm of 429 every block stands before any comfort write, and nobody is asked again and again', async () => {
  const { people, put, faults, stood, calls, settled, clock } = await organisation(120)
  // The platform says "too many" to the next calls, whoever makes them, each time for five seconds.
  faults.rateLimitNext(4, 5)
  for (const user of people.slice(100, 300)) put(user, 'Meal', 'comfort')
  for (const user of people.slice(0, 100)) put(user, 'Break', 'block')
  const from = clock.now()
  const callsBefore = calls.length
  await eventually('everybody settled', () => settled.length === 300)
  expect(settled.every(({ settlement }) => settlement.kind === 'sent')).toBe(true)
  const labels = labelsOf(stood)
  expect(labels.lastIndexOf('Break')).toBeLessThan(labels.indexOf('Meal'))
  expect(labels).toHaveLength(300)
  // Four refusals, and some tens of calls for three hundred people.
  expect(calls.slice(callsBefore).filter(({ ok }) => !ok).length).toBeLessThanOrEqual(4)
  expect(calls.length - callsBefore).toBeLessThan(100)
  expect(clock.now() - from).toBeLessThan(120_000)
})

test('blocks that come while comfort writes use up the calls do not wait for these', async () => {
  const { people, put, stood, settled, calls, clock } = await organisation(120)
  for (const user of people.slice(0, 400)) put(user, 'Meal', 'comfort')
  await eventually('comfort writes under way', () => settled.length > 60)
  const asked = new Map<string, number>()
  for (const user of people.slice(400, 440)) {
    asked.set(user, clock.now())
    put(user, 'Break', 'block')
  }
  await eventually('all blocks', () => labelsOf(stood).filter((label) => label === 'Break').length === 40)
  const waits = stood.flatMap(({ user, at }) => {
    const since = asked.get(user)
    return since === undefined ? [] : [at - since]
  })
  // Twenty-five milliseconds of the machine are a second here; without a reserve it would be a minute.
  expect(Math.max(...waits)).toBeLessThan(6_000)
  expect(calls.every(({ ok }) => ok)).toBe(true)
  await eventually('everybody settled', () => settled.length === 440)
})

test('the stand-in’s limit is never overrun, however many writes wait', async () => {
  const { people, put, settled, calls } = await organisation(60)
  for (const [at, user] of people.entries()) put(user, 'Break', at % 3 === 0 ? 'block' : 'release')
  await eventually('everybody settled', () => settled.length === 600)
  expect(settled.every(({ settlement }) => settlement.kind === 'sent')).toBe(true)
  expect(calls.every(({ ok }) => ok)).toBe(true)
})

test('a long reading goes on where it was turned away, instead of from the beginning', async () => {
  const { adapter, people, faults, calls } = await organisation(300)
  const before = calls.length
  faults.rateLimitNext(3, 1)
  const readings = await adapter.snapshot(people)
  expect(readings.size).toBe(people.length)
  const reads = calls.slice(before).filter(({ operation }) => operation === 'users.read')
  expect(reads.filter(({ ok }) => ok)).toHaveLength(6)
  expect(reads.length).toBeLessThanOrEqual(9)
})
