// The short cuts of the proof are sound: with them and without them the verdict on any rules is the same.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { explore } from '../../../src/mapping/explore/explore.ts'
import { type Given, rulesAbout } from './arbitrary.ts'
import { naively } from './naive.ts'

const RUNS = Number(process.env.FC_RUNS ?? 0)

function agrees({ rules, statuses }: Given): void {
  const proof = explore(rules, { statuses })
  const { verdict, states } = naively(rules, statuses)
  const found = new Map<string, number>()
  for (const { kind, events } of proof.faults) found.set(kind, Math.min(events, found.get(kind) ?? events))
  const expected = new Map([...verdict].map(([kind, price]): [string, number] => [kind, price % 100]))
  expect(proof.unproved).toBeNull()
  expect(found).toEqual(expected)
  expect(proof.states).toBe(states)
}

const BLOCKS = rulesAbout({ names: ['Q', 'R', 'T'], strangers: ['X'], blocks: 'one' })

describe('the proof says the same as looking at every state one by one', () => {
  test('for any rows, transitions, defaults, log-ins and conflicts', () => {
    const any = rulesAbout({ names: ['Q', 'R', 'B', 'L'], strangers: ['X', 'Y', 'Z'] })
    fc.assert(fc.property(any, agrees), { numRuns: RUNS || 25 })
  })

  test('for any work, blocks, releases and overrides', () => {
    fc.assert(fc.property(BLOCKS, agrees), { numRuns: RUNS || 10 })
  })

  test('for blocks of both sides', () => {
    const any = rulesAbout({ names: ['Q', 'R', 'T'], strangers: [], blocks: 'both' })
    fc.assert(fc.property(any, agrees), { numRuns: RUNS || 5 })
  })

  // Three choices of different statuses against one block lead to a rest that one status chosen three times does not lead to.
  test('for rules where it matters which statuses were chosen against a block', () => {
    fc.assert(fc.property(BLOCKS, agrees), {
      seed: -480372841,
      path: '0:3:4:4:4:4:4:4:5:5:5:5:5:5',
      endOnFailure: true,
    })
  })
})
