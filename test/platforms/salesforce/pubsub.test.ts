import { describe, expect, test } from '@jest/globals'
import { createWorld, startedWorld, statuses, until, works } from './kit.ts'

const MARK = 'salesforce:pubsub:replay:/data/PresenceBridge__chn'

describe('the Pub/Sub API', () => {
  test('brings statuses and work as they happen', async () => {
    const { model, told, jane, online, busy, links } = await startedWorld({ transport: 'pubsub' })
    expect(links).toEqual([true])
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const item = model.work.assign(model.channel('chat')?.Id ?? '', jane)
    model.work.accept(item)
    model.work.close(item)
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    await until('both statuses came', () => statuses(told, jane).length === 2)
    expect(statuses(told, jane)).toEqual([online, busy])
    expect(works(told, jane)).toEqual([`${item} chat offered`, `${item} chat accepted`, `${item} chat closed`])
  })
})
