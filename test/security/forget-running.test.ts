// A person is forgotten while the bridge runs and keeps them in step.

import { existsSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import type { BridgeProcess } from '../e2e/bridge-process.ts'
import { command } from '../e2e/command.ts'
import { eventually, type Floor, openFloor } from '../e2e/harness.ts'
import { SCENARIO_B } from '../e2e/mappings.ts'
import { OPS_TOKEN } from '../e2e/settings-file.ts'

const QUIET_MS = 1_000
let floor: Floor | null = null
afterEach(async () => {
  await floor?.close()
  floor = null
})

/** As `openBusyFloor`, with the process at hand. */
async function opened(): Promise<{ readonly here: Floor; readonly running: BridgeProcess }> {
  const here = await openFloor({ mapping: SCENARIO_B, agents: 2 })
  floor = here
  for (const agent of here.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  return { here, running: await here.start() }
}

/** Both witnesses of a change have told of it, whichever came first: nothing new is recorded for a while. */
async function quiet({ ops }: Floor): Promise<void> {
  let [count, since] = [-1, 0]
  await eventually(async () => {
    const now = (await ops.log('limit=10000')).length
    if (now !== count) [count, since] = [now, performance.now()]
    expect(performance.now() - since).toBeGreaterThan(QUIET_MS)
  }, 15_000)
}

/** How writes ended may be known later than they were decided. */
async function told({ ops }: Floor, agent: string): Promise<readonly string[]> {
  return (await ops.log(`agent=${agent}&limit=1000`)).map(({ time, sentence }) => `${time} ${sentence}`)
}

function inFiles({ journal }: Floor, text: string): boolean {
  const files = [journal, `${journal}-wal`].filter((file) => existsSync(file))
  return files.some((file) => readFileSync(file, 'utf8').includes(text))
}

test('the records go from the files, what is decided afterwards is recorded again, and nobody else loses anything', async () => {
  const { here } = await opened()
  const [ada, ben] = [here.agent(0), here.agent(1)]
  for (const agent of [ada, ben]) agent.inTelephony('Available')
  await eventually(() => expect([ada, ben].map((agent) => agent.shows().crm)).toEqual(['Transition', 'Transition']))
  await quiet(here)
  const others = await told(here, ben.name)
  expect(inFiles(here, ada.name)).toBe(true)

  const { code, stdout, stderr } = await command(here, 'journal', 'forget', ada.name, '--yes')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Removed of .*: \d+ decisions, \d+ outcomes?, .*who they are/)
  expect(stdout).toContain('kept in step as before')
  expect(inFiles(here, ada.name)).toBe(false)
  expect(inFiles(here, ben.name)).toBe(true)
  expect(await here.ops.log(`agent=${ada.name}`)).toEqual([])
  // Something may have been heard of them meanwhile.
  expect(await told(here, ben.name)).toEqual(expect.arrayContaining([...others]))

  ada.inTelephony('On Queue')
  await eventually(() => expect(ada.shows().crm).toBe('On_Queue'))
  await eventually(async () => expect((await here.ops.log(`agent=${ada.name}`)).length).toBeGreaterThan(0))
})

test('what a restart needs stays: a block gives back what it took, and who is paused stays paused', async () => {
  const { here, running } = await opened()
  const [ada, ben] = [here.agent(0), here.agent(1)]
  const chat = ada.offerChat()
  ada.accept(chat)
  await eventually(() => expect(ada.shows().telephony).toBe('Available'))
  await here.ops.order('pause', { agent: ben.name, by: 'olivia' })
  for (const { name } of [ada, ben])
    expect(await here.ops.order('forget', { agent: name, by: 'olivia' })).toMatchObject({
      status: 200,
      body: { ok: true, agents: 1, removed: { keptInStep: true, logEmptied: true } },
    })

  running.signal('SIGKILL')
  await running.ended
  await here.start()
  ada.closeChat(chat)
  await eventually(() => expect(ada.shows().telephony).toBe('On Queue'))
  expect((await here.ops.agents()).find(({ agent }) => agent === ben.name)?.paused).toBe(true)
})

test('whose records went stands nowhere, who asked does', async () => {
  const { here, running } = await opened()
  const { name } = here.agent(0)
  const printed = () => running.printed().stdout.split('\n')
  const before = printed().length
  const asked = await here.ops.order('forget', { agent: name.toUpperCase(), by: 'olivia', reason: `${name} asked` })
  expect(asked).toMatchObject({ status: 200, body: { ok: true, agents: 1 } })
  const service = await running.says('forgotten')
  expect(service).toMatchObject({ by: 'olivia' })
  await eventually(() => expect(inFiles(here, 'Records of one person were removed by olivia')).toBe(true))
  const after = printed()
    .slice(before)
    .filter((line) => line.includes('"level"'))
  expect(after.filter((line) => line.toLowerCase().includes(name))).toEqual([])
})

test('nobody, everybody and a profile cannot be forgotten, and nobody is without the token', async () => {
  const { here } = await opened()
  const refused: readonly (readonly [object, number, string])[] = [
    [{ agent: 'nobody@acme.example' }, 404, 'Nobody of that name'],
    [{ all: true }, 400, 'name the "agent"'],
    [{ profile: 'early' }, 400, 'name the "agent"'],
    [{}, 400, '"agent"'],
  ]
  for (const [body, status, words] of refused) {
    const answer = await here.ops.order('forget', body)
    expect(answer).toMatchObject({ status, body: { ok: false, error: expect.stringContaining(words) } })
  }
  expect(await here.ops.order('forget', { agent: here.agent(0).name }, `${OPS_TOKEN}x`)).toMatchObject({ status: 401 })
  expect((await here.ops.log(`agent=${here.agent(0).name}`)).length).toBeGreaterThan(0)
})
