// A state that was stored by the version before is still read, and the agent goes on from it.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseState } from '../../src/app/stored-state.ts'
import { STUCK_BLOCK_MS } from '../../src/domain/limits.ts'
import { revive, wakeAt } from '../../src/engine/state.ts'
import { id, ruleset } from '../support/rules.ts'
import { history, live, RUNS } from './histories.ts'
import { World } from './world.ts'

/** As 0.1.0 stored it: telephony is blocked by a chat and the agent went to lunch there, the crm is about to go to its transition status. */
const OLD =
  '{"crm":{"observed":"Q","stamp":{"at":1000000},"heardAt":1000000,"base":"T","cause":{"reason":"transition","rule":"transition crm"},"own":[{"seq":3,"status":"T","at":1000003,"phase":"queued","superseded":false,"seen":{"at":1000000}}],"work":[{"item":"c1","channel":"chat","state":"accepted","stamp":{"at":1000001},"heardAt":1000001}],"block":null,"transition":{"due":1030003,"order":1,"status":"L","rule":"transition crm"},"stuck":null,"ignored":null,"retry":null,"change":null},"telephony":{"observed":"L","stamp":{"at":1000003},"heardAt":1000003,"base":"L","cause":{"reason":"transition","rule":"transition crm"},"own":[{"seq":2,"status":"T","at":1000002,"phase":"sent","superseded":true,"seen":{"at":1000000}}],"work":[],"block":{"phase":"standing","status":"T","rule":"blocking telephony","since":1000001,"reasserts":0,"release":null},"transition":null,"stuck":null,"ignored":null,"retry":null,"change":{"at":1000003,"to":"L","bases":{"crm":"Q","telephony":"Q"},"bothIn":true}},"writes":[1000001,1000003],"frozen":null,"timers":1}'

const RULES = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [{ crm: ['Q'], telephony: ['Q'] }],
  blocking: { telephony: { status: 'T' } },
  transition: { crm: { status: 'T', forMs: 30_000, end: 'L' } },
})

test('every state is read back as it was', () => {
  fc.assert(
    fc.property(history, (given) => {
      const { state } = live(given)
      expect(parseState(JSON.stringify(state))).toEqual(state)
    }),
    RUNS,
  )
})

test('a state of the version before is read, and its block is watched from when it began', () => {
  const state = parseState(OLD)
  expect(state).toMatchObject(JSON.parse(OLD))
  const since = state?.telephony.block?.since ?? 0
  expect(state?.telephony.block?.stuck.due).toBe(since + STUCK_BLOCK_MS)
  expect([state?.crm.overlaps, state?.telephony.overlaps]).toEqual([[], []])
})

test('an agent goes on from such a state', () => {
  const world = new World(RULES)
  const state = parseState(OLD)
  if (state === null) throw new Error('not read')
  world.state = revive(state)
  world.now = 1_000_004
  world.platform.crm = id('Q')
  world.platform.telephony = id('L')
  world.act({ kind: 'read', side: 'crm', taken: 'lost' })
  world.act({ kind: 'read', side: 'telephony', taken: 'lost' })
  world.act({ kind: 'work', side: 'crm', item: 'c1', channel: 'chat', state: 'closed' })
  world.rest()
  expect(world.platform).toEqual({ crm: 'L', telephony: 'L' })
  expect(world.state.telephony.block).toBeNull()
  expect(wakeAt(world.state)).toBeNull()
})

test('what has not the shape of a state is not believed', () => {
  for (const text of ['', '{', 'null', '{}', OLD.replace('"timers":1', '"timers":"1"')])
    expect(parseState(text)).toBeNull()
})
