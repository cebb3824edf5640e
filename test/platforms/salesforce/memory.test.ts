import { expect, test } from '@jest/globals'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import { createMemory } from '../../../src/platforms/salesforce/memory.ts'
import { recorder } from './kit.ts'

const jane = '005000000000001AAA' as PlatformUserId

test('a late witness is passed on but does not change what is known of the work', () => {
  const memory = createMemory()
  const { sink, told } = recorder()
  memory.watch([jane], sink)
  const report = { kind: 'work', item: 'w1', channel: null } as const
  memory.tell(jane, { ...report, state: 'closed', stamp: { at: 20 } })
  memory.tell(jane, { ...report, channel: 'chat', state: 'accepted', stamp: { at: 10 } })
  expect(told.map((entry) => entry.report.stamp.at)).toEqual([20, 10])
  expect(memory.work('w1')).toEqual({ user: jane, channel: 'chat', state: 'closed', at: 20 })
  expect(memory.lastAt(jane)).toBe(20)
})

test('after close nothing is told', () => {
  const memory = createMemory()
  const { sink, told, gaps, links } = recorder()
  memory.watch([jane], sink)
  memory.close()
  memory.tell(jane, { kind: 'work', item: 'w1', channel: null, state: 'closed', stamp: { at: 20 } })
  memory.gap('why')
  memory.link(true, 'why')
  expect([told, gaps, links]).toEqual([[], [], []])
})
