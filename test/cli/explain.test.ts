// presence-bridge explain: the answer is what the bridge does, and who follows a hint gets what it promises.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { type ExplainOptions, explain } from '../../src/cli/explain.ts'
import { REASONS } from '../../src/domain/reason.ts'
import type { Rules } from '../../src/domain/rules.ts'
import { type AnswerStep, explain as answerOf } from '../../src/stories/explain.ts'
import { loadRulesFile } from '../../src/stories/load.ts'
import { captured } from './captured.ts'

const SMALL = 'test/cli/files/small.yaml'
const NOTHING: ExplainOptions = {
  crm: null,
  telephony: null,
  profile: null,
  work: [],
  happens: [],
  unlisted: false,
  format: 'text',
}
const TOGETHER = { crm: 'Online', telephony: 'On Queue' }

const folder = mkdtempSync(join(tmpdir(), 'explain-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function ask(question: Partial<ExplainOptions>, file = SMALL): Promise<string> {
  const { io, out, err } = captured()
  expect(await explain(file, { ...NOTHING, ...question }, io)).toBe(0)
  expect(err()).toBe('')
  return out()
}

/** The mapping that most questions are about is read once: proving it takes longest. */
const loaded = new Map<string, { readonly rules: Rules; readonly text: string }>()

async function steps(question: Partial<ExplainOptions>, file = SMALL): Promise<readonly AnswerStep[]> {
  const { rules, text } = loaded.get(file) ?? loadRulesFile(file)
  if (rules === null) throw new Error(`${file} has errors`)
  loaded.set(file, { rules, text })
  return (await answerOf({ ...NOTHING, ...question }, { rules, text })).steps
}

/** The reason and the hint of the last decision. */
async function lastSide(question: Partial<ExplainOptions>, file = SMALL) {
  const side = (await steps(question, file)).at(-1)?.decisions.at(-1)?.sides.at(-1)
  if (side === undefined) throw new Error('nothing was decided')
  return side
}

let files = 0
function edited(...edits: readonly (readonly [string, string])[]): string {
  let text = readFileSync(SMALL, 'utf8')
  for (const [from, to] of edits) {
    expect(text).toContain(from)
    text = text.replace(from, to)
  }
  files += 1
  const file = join(folder, `${files}.yaml`)
  writeFileSync(file, text)
  return file
}

describe('an answer', () => {
  test('tells what happens in the words of the record, with the reason and the line that says so', async () => {
    const out = await ask({ ...TOGETHER, happens: ['telephony=Break', 'telephony=Idle'] })
    expect(out).toBe(`${SMALL}. At first: crm Online, telephony On Queue.

0:00  telephony: Break
  The agent went Break in telephony, so the CRM was set from Online to Break (small.yaml line 4).
    crm        mapped
               R3: the status of the other side leads here
               4 | - { crm: [Break, Coaching], telephony: Break }
  → crm Break, telephony Break

0:10  telephony: Idle
  The agent went Idle in telephony, which is listed as not synchronised, so the CRM stays at Break (small.yaml
  line 9).
    crm        no_sync, nothing is written
               R6: the status is listed under no_sync
               9 | no_sync: { telephony: Idle }
               help: Take "Idle" off no_sync: { telephony: … } (line 9) and give it a row: - { crm: STATUS,
               telephony: Idle }.
  → crm Break, telephony Idle
`)
  })

  test('plays work, time and the end of a transition', async () => {
    const happens = ['work=crm:chat:closed', 'telephony=Available', 'wait=30s']
    const told = await steps({ ...TOGETHER, work: ['crm:chat:accepted'], happens })
    expect(told.map(({ shows }) => `${shows.crm}/${shows.telephony}`)).toEqual(
      ['Online/Available', 'Online/On Queue', 'Transition/Available', 'Break/Break']
        .slice(0, 3)
        .concat('Break/Available'),
    )
    expect(told.map(({ blocked }) => blocked)).toEqual([['telephony'], [], [], []])
    expect(told.at(-1)?.decisions[0]?.sides[0]?.reason).toBe('transition_over')
  })

  test('is that of the profile', async () => {
    const question = { ...TOGETHER, work: ['crm:chat:accepted'], profile: 'calls-only' }
    expect((await steps(question))[0]?.blocked).toEqual([])
    await expect(steps({ ...question, profile: 'call-only' })).rejects.toThrow('did you mean "calls-only"?')
  })

  test('says the same to programs', async () => {
    const question = { ...TOGETHER, happens: ['telephony=Break'] }
    const { steps: told, ...others } = JSON.parse(await ask({ ...question, format: 'json' }))
    expect(others).toEqual({ file: SMALL, profile: null, start: TOGETHER })
    expect(told).toEqual(await steps(question))
    expect(told[0].decisions[0].sides[0].rule).toEqual({
      line: 4,
      source: '  - { crm: [Break, Coaching], telephony: Break }',
    })
  })

  test('says so where there is nothing to decide', async () => {
    expect(await ask({ ...TOGETHER, happens: ['wait=1h'] })).toContain('Nothing was to be decided.')
  })

  test('has the catalogue’s words for every reason', async () => {
    for (const step of await steps({ ...TOGETHER, happens: ['crm=Break', 'crm=Busy', 'crm=Offline', 'crm=Online'] }))
      for (const { sides } of step.decisions)
        for (const { reason, meaning } of sides) expect(meaning).toBe(REASONS[reason])
  })
})

describe('where nothing is written the hint helps', () => {
  type Case = {
    readonly name: string
    readonly question: Partial<ExplainOptions>
    readonly reason: string
    readonly hint: string
    readonly edits: readonly (readonly [string, string])[]
    /** Once the file says it. */
    readonly gives: string
  }
  const cases: readonly Case[] = [
    {
      name: 'a status without a row',
      question: { crm: 'Transition', telephony: 'Available', happens: ['telephony=Lunch'], unlisted: true },
      reason: 'unmapped',
      hint: 'No row has "Lunch" in telephony. Give it one under "mapped:": - { crm: STATUS, telephony: Lunch }.',
      edits: [['transition:', '  - { crm: Lunch, telephony: Lunch }\ntransition:']],
      gives: 'mapped',
    },
    {
      name: 'a default for statuses without a row',
      question: { crm: 'Transition', telephony: 'Available', happens: ['telephony=Lunch'], unlisted: true },
      reason: 'unmapped',
      hint: 'unmapped: { telephony: STATUS }',
      edits: [['no_sync:', 'unmapped: { telephony: Break }\nno_sync:']],
      gives: 'default',
    },
    {
      name: 'a row of the other direction',
      question: { crm: 'Transition', telephony: 'Available', happens: ['crm=Busy'] },
      reason: 'unmapped',
      hint: 'A row has "Busy" (line 5), but with direction: to_crm, so it is only led to.',
      edits: [[', direction: to_crm', '']],
      gives: 'mapped',
    },
    {
      name: 'leaving a status where the other side was elsewhere',
      question: { crm: 'Busy', telephony: 'Break', happens: ['telephony=Available'] },
      reason: 'unrelated',
      hint: 'Leaving "Break" counts only while the CRM is at "Break" or "Coaching" (line 4), and it was at "Busy". Add "Busy" to that row',
      edits: [['[Break, Coaching]', '[Break, Coaching, Busy]']],
      gives: 'transition',
    },
    {
      name: 'a status that is not synchronised',
      question: { ...TOGETHER, happens: ['telephony=Idle'] },
      reason: 'no_sync',
      hint: 'Take "Idle" off no_sync: { telephony: … } (line 9) and give it a row: - { crm: STATUS, telephony: Idle }.',
      edits: [
        ['no_sync: { telephony: Idle }', ''],
        ['transition:', '  - { crm: Away, telephony: Idle }\ntransition:'],
      ],
      gives: 'mapped',
    },
    {
      name: 'logging out of one side',
      question: { ...TOGETHER, happens: ['telephony=Offline'] },
      reason: 'logout',
      hint: 'Only a row that names Offline leads from there: - { crm: STATUS, telephony: Offline }.',
      edits: [['transition:', '  - { crm: Away, telephony: Offline }\ntransition:']],
      gives: 'mapped',
    },
    {
      name: 'a side that is never blocked',
      question: { ...TOGETHER, work: ['telephony:call:offered'] },
      reason: 'not_counted',
      hint: 'the CRM is never blocked. Switch it on: blocking: { crm: on }.',
      edits: [['blocking:', 'blocking:\n  crm: on']],
      gives: 'blocked',
    },
    {
      name: 'a channel that is not listed',
      question: { ...TOGETHER, work: ['crm:case:offered'] },
      reason: 'not_counted',
      hint: 'The channel "case" is not listed. Add it to blocking: { telephony: { channels: [chat, email, case] } } (line 11).',
      edits: [['[chat, email]', '[chat, email, case]']],
      gives: 'blocked',
    },
    {
      name: 'a block that is not seen',
      question: { crm: 'Break', telephony: 'Break', work: ['crm:chat:offered'] },
      reason: 'blocked_quiet',
      hint: 'Telephony is at "Break", which takes no work, so there is nothing to keep out.',
      edits: [['telephony: [On Queue] }', 'telephony: [On Queue, Break] }']],
      gives: 'blocked',
    },
  ]

  test.each(cases)('$name', async ({ question, reason, hint, edits, gives }) => {
    const before = await lastSide(question)
    expect(before).toMatchObject({ reason, written: false })
    expect(before.hint).toContain(hint)
    const after = await lastSide(question, edited(...edits))
    expect(after).toMatchObject({ reason: gives, written: true })
  })

  test('work that does not count yet, and wrap-up that does not count', async () => {
    const file = edited(['channels: [chat, email]', 'from: accepted, min_items: 2, wrap_up: false'])
    const hintOf = async (...work: readonly string[]) => (await lastSide({ ...TOGETHER, work }, file)).hint
    expect(await hintOf('crm:chat:offered')).toContain('With from: offered it counts as soon as it is offered')
    expect(await hintOf('crm:chat:wrap_up')).toContain('With wrap_up: true it does')
    expect(await hintOf('crm:chat:accepted')).toBe('It counts, but min_items: 2 (line 11) asks for 2 at once.')
    expect((await steps({ ...TOGETHER, work: ['crm:chat:accepted', 'crm:email:accepted'] }, file))[1]?.blocked).toEqual(
      ['telephony'],
    )
  })

  test('nobody is logged in on the other side: what will happen at the log-in does happen', async () => {
    const told = await lastSide({ telephony: 'Available', happens: ['telephony=Break'] })
    expect(told).toMatchObject({ reason: 'logged_out', written: false })
    expect(told.hint).toContain('Who then logs in to the CRM is put to "Break" (line 4), because of login: follow.')
    const later = await lastSide({ telephony: 'Available', happens: ['telephony=Break', 'crm=Online'] })
    expect(later).toMatchObject({ side: 'crm', reason: 'login', to: 'Break', written: true })
  })

  test('in shadow mode nothing is, and the hint is to go live', async () => {
    const file = edited(['transition:', 'mode: shadow\ntransition:'])
    const told = await lastSide({ ...TOGETHER, happens: ['telephony=Break'] }, file)
    expect(told).toMatchObject({ reason: 'mapped', written: false, hint: expect.stringContaining('mode: live') })
  })
})

describe('a question that is not understood', () => {
  test.each([
    [{ crm: 'Brek', happens: ['crm=Online'] }, `${SMALL} names no status "Brek" in the CRM: did you mean "Break"?`],
    [{ happens: ['telephony=On Que'] }, 'names no status "On Que" in telephony: did you mean "On Queue"?'],
    [{ happens: ['telephony=Xylophone'] }, 'it names Offline, On Queue'],
    [{ happens: ['desk=Break'] }, '"desk=Break" is not understood'],
    [{ happens: ['crm='] }, '"crm=" is not understood'],
    [{ happens: ['wait=soon'] }, '"soon" is not a time such as'],
    [{ work: ['crm:chat:acepted'] }, 'did you mean "accepted"?'],
    [{ work: ['chat'] }, 'write side:channel:state'],
    [{}, 'Ask what happens when something happens'],
  ])('%j', async (question, words) => {
    await expect(steps(question)).rejects.toThrow(words)
  })

  test('does not go before what is wrong with the file', async () => {
    const { io, err } = captured()
    expect(await explain('test/cli/files/broken.yaml', { ...NOTHING, happens: ['crm=Online'] }, io)).toBe(1)
    expect(err()).toContain('broken.yaml:4:')
  })
})
