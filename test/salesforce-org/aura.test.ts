// The Aura utility's helper as it is deployed: it passes on, whatever the toolkit does.

import { describe, expect, test } from '@jest/globals'
import { AURA, read } from './org-files.ts'

type Answer = { readonly call: string; readonly ok: boolean; readonly result?: unknown; readonly message?: string }
type Toolkit = Readonly<Record<string, (args?: object) => Promise<unknown>>>
type Component = { isValid(): boolean; find(id: string): unknown }
type Helper = {
  ask(component: Component, question: { call: string; method: string; args: object | null }): void
  tell(component: Component, name: string, event: { getParam(key: string): unknown }): void
}

/** The file is one expression in brackets; `$A` is what Aura gives it. */
function helperOf(path: string): Helper {
  const expression = read(path).replace(/^(\s*\/\/.*\n)*/, '')
  return new Function('$A', `return ${expression}`)({ getCallback: (callback: unknown) => callback })
}

const helper = helperOf(`${AURA}/presenceBridgeUtilityHelper.js`)

function stage({ toolkit, gone = false }: { readonly toolkit?: Toolkit; readonly gone?: boolean }) {
  const answers: Answer[] = []
  const events: unknown[] = []
  const companion = {
    toolkitAnswer: (answer: Answer) => void answers.push(answer),
    toolkitEvent: (event: unknown) => void events.push(event),
  }
  const component: Component = {
    isValid: () => !gone,
    find: (id) => (id === 'toolkit' ? toolkit : gone ? undefined : companion),
  }
  return { answers, events, component }
}

async function asked(toolkit: Toolkit | undefined, args: object | null = null): Promise<readonly Answer[]> {
  const { answers, component } = stage(toolkit === undefined ? {} : { toolkit })
  helper.ask(component, { call: '7', method: 'act', args })
  await new Promise((resolve) => setImmediate(resolve))
  return answers
}

describe('a question', () => {
  test('is put to the toolkit, and what it gives comes back', async () => {
    expect(await asked({ act: async (args) => ({ given: args }) }, { statusId: '0N5' })).toEqual([
      { call: '7', ok: true, result: { given: { statusId: '0N5' } } },
    ])
  })

  test.each<[string, unknown, string]>([
    ['an error', new Error('No access'), 'No access'],
    ['a text', 'No access', 'No access'],
    ['a list, as Apex rejects', [{ message: 'No access' }], 'No access'],
    ['an object', { code: 3 }, '{"code":3}'],
    ['nothing', undefined, ''],
  ])('that the toolkit rejects with %s is answered in its words', async (_what, reason, message) => {
    expect(await asked({ act: () => Promise.reject(reason) })).toEqual([{ call: '7', ok: false, message }])
  })

  test('that the toolkit cannot take is answered', async () => {
    expect(await asked({})).toMatchObject([{ call: '7', ok: false, message: expect.stringMatching(/function/) }])
  })

  test('before the toolkit is there is answered', async () => {
    expect(await asked(undefined)).toEqual([{ call: '7', ok: false, message: 'Omni-Channel is not loaded yet.' }])
  })

  test('of a component that is gone is dropped', async () => {
    const { answers, component } = stage({ toolkit: { act: async () => true }, gone: true })
    helper.ask(component, { call: '7', method: 'act', args: null })
    await new Promise((resolve) => setImmediate(resolve))
    expect(answers).toEqual([])
  })
})

test('an event is passed on with what it is documented to carry', () => {
  const { events, component } = stage({})
  const params: Record<string, string> = {
    statusId: '0N5',
    statusApiName: 'Busy',
    statusName: 'Busy!',
    reason: 'x',
    other: 'y',
  }
  helper.tell(component, 'statusChanged', { getParam: (key) => params[key] })
  expect(events).toEqual([
    { name: 'statusChanged', params: { statusId: '0N5', statusApiName: 'Busy', statusName: 'Busy!', reason: 'x' } },
  ])
  expect(() => helper.tell(stage({ gone: true }).component, 'logout', { getParam: () => '' })).not.toThrow()
})
