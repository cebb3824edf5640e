import { describe, expect, test } from '@jest/globals'
import { createSalesforceModel } from '../../../src/sandbox/salesforce/model.ts'
import { realClock } from '../../platforms/salesforce/kit.ts'

/** Timers are kept and fired by hand. */
function org() {
  const timers: (() => void)[] = []
  const clock = {
    ...realClock(),
    after: (_ms: number, callback: () => void) => {
      timers.push(callback)
      return () => {}
    },
  }
  const model = createSalesforceModel({ clock, random: () => 0 })
  const chat = model.addChannel('chat')
  model.addStatus({ apiName: 'Online', label: 'Online', channels: ['chat'] })
  model.addStatus({ apiName: 'Busy', label: 'Busy', channels: [] })
  model.addStatus({ apiName: 'Missed', label: 'Missed', channels: [] })
  const jane = model.addUser({ username: 'jane@acme.example', capacity: 2 })
  const lee = model.addUser({ username: 'lee@acme.example', capacity: 1 })
  const be = (user: string, apiName: string) => model.setPresence({ user, apiName, by: 'agent' })
  return { model, chat, jane, lee, be, timers, has: (user: string) => model.work.openOf(user).length }
}

describe('the stand-in’s routing', () => {
  test('work waits until someone is in a status that takes it', () => {
    const { model, chat, jane, be, has } = org()
    be(jane, 'Busy')
    model.work.arrive(chat)
    expect([has(jane), model.work.waiting()]).toEqual([0, 1])
    be(jane, 'Online')
    expect([has(jane), model.work.waiting()]).toEqual([1, 0])
  })

  test('nobody gets more than their capacity; an item that is closed makes room', () => {
    const { model, chat, jane, be, has } = org()
    be(jane, 'Online')
    for (let count = 0; count < 3; count++) model.work.arrive(chat)
    expect([has(jane), model.work.waiting()]).toEqual([2, 1])
    const [first] = model.work.openOf(jane)
    model.work.accept(first?.Id ?? '')
    model.work.close(first?.Id ?? '')
    expect([has(jane), model.work.waiting()]).toEqual([2, 0])
  })

  test('a declined item goes to somebody else, and not back', () => {
    const { model, chat, jane, lee, be, has } = org()
    be(jane, 'Online')
    model.work.arrive(chat)
    model.work.decline(model.work.openOf(jane)[0]?.Id ?? '')
    expect([has(jane), model.work.waiting()]).toEqual([0, 1])
    be(lee, 'Online')
    expect([has(jane), has(lee)]).toEqual([0, 1])
  })

  test('a push time-out sets the status that the configuration names', () => {
    const { model, chat, jane, be, has, timers } = org()
    model.configuration.pushTimeoutMs = 20_000
    model.configuration.statusOnPushTimeout = 'Missed'
    const reasons: string[] = []
    model.on((happening) => happening.kind === 'presence' && reasons.push(happening.reason))
    be(jane, 'Online')
    model.work.arrive(chat)
    for (const fire of timers.splice(0)) fire()
    expect([model.presence(jane), has(jane), reasons]).toEqual([
      'Missed',
      0,
      ['OmniLoginStatusChange', 'OmniPushTimeout'],
    ])
  })

  test('an accepted item outlives its push time-out and going offline', () => {
    const { model, chat, jane, be, has, timers } = org()
    model.configuration.pushTimeoutMs = 20_000
    be(jane, 'Online')
    model.work.arrive(chat)
    model.work.accept(model.work.openOf(jane)[0]?.Id ?? '')
    for (const fire of timers.splice(0)) fire()
    be(jane, 'Offline')
    expect(has(jane)).toBe(1)
  })
})
