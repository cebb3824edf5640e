// Nothing missed, nothing else: the comparison finds exactly what playing everything one by one finds.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Ruleset } from '../../../src/domain/rules.ts'
import { type BySide, OFFLINE, type StatusId } from '../../../src/domain/side.ts'
import { compareRules } from '../../../src/mapping/diff/groups.ts'
import type { Twins } from '../../../src/mapping/diff/twins.ts'
import type { Meeting } from '../../../src/mapping/diff/walk.ts'
import { wholeAlphabet } from '../../../src/mapping/explore/alphabet.ts'
import { agentAt } from '../../../src/mapping/explore/rest.ts'
import { mutated } from './mutation.ts'
import { compareNaively, eventKey } from './naive.ts'

const RUNS = Number(process.env.FC_RUNS ?? 0)

type Pair = { readonly before: Ruleset; readonly now: Ruleset; readonly statuses: BySide<readonly StatusId[]> }

function keyOf({ joint, crm, telephony, move }: Meeting, { alphabet: { names } }: Twins): string {
  const bases = { crm: names.crm[crm] ?? OFFLINE, telephony: names.telephony[telephony] ?? OFFLINE }
  const agents = { before: agentAt({ control: joint.before, bases }), now: agentAt({ control: joint.now, bases }) }
  return eventKey(agents, move)
}

function agrees({ before, now, statuses }: Pair, figures: { same: number; different: number }): void {
  const keys = new Set<string>()
  let weight = 0
  const met = (meeting: Meeting, twins: Twins) => {
    keys.add(keyOf(meeting, twins))
    weight += meeting.weight
  }
  const result = compareRules({ before, now }, { statuses, met })
  const names = wholeAlphabet(now, wholeAlphabet(before, statuses).names).names
  const naive = compareNaively(before, now, names)
  expect(result.incomplete).toBeNull()
  expect({ compared: result.compared, differing: Math.round(weight) }).toEqual({
    compared: naive.compared,
    differing: naive.differing.size,
  })
  for (const key of keys) expect(naive.differing.has(key)).toBe(true)
  expect(result.groups.reduce((sum, { count }) => sum + count, 0)).toBe(naive.differing.size)
  figures[naive.differing.size === 0 ? 'same' : 'different'] += 1
}

describe('the comparison says the same as playing every situation one by one', () => {
  test('for any rows, transitions, defaults, log-ins and conflicts', () => {
    const figures = { same: 0, different: 0 }
    const any = mutated({ names: ['Q', 'R', 'B', 'L'], strangers: ['X', 'Y', 'Z'] })
    fc.assert(
      fc.property(any, (pair) => agrees(pair, figures)),
      { numRuns: RUNS || 25 },
    )
    expect(figures.different).toBeGreaterThan(5)
  })

  test('for any work, blocks, releases and overrides', () => {
    const figures = { same: 0, different: 0 }
    const any = mutated({ names: ['Q', 'R', 'T'], strangers: ['X'], blocks: true })
    fc.assert(
      fc.property(any, (pair) => agrees(pair, figures)),
      { numRuns: RUNS || 15 },
    )
    expect(figures.different).toBeGreaterThan(3)
  })
})
