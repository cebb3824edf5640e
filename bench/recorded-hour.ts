// An hour of one agent as the bridge records it, played on the real engine, to be repeated for many agents and days.

import { readFileSync } from 'node:fs'
import type { LogRecord } from '../src/domain/record.ts'
import type { BySide, StatusId } from '../src/domain/side.ts'
import { loadMapping } from '../src/mapping/compile.ts'
import { loadStories } from '../src/mapping/stories.ts'
import { runStory } from '../src/stories/run.ts'

/** What a busy hour has: six calls, three chats, a break, a coaching, and somebody who goes on queue too early. */
const HOUR = `
stories:
  - name: an hour
    start: { crm: On Queue, telephony: On Queue }
    steps:
${[1, 2, 3, 4, 5, 6].map((n) => call(n)).join('')}${[1, 2, 3].map((n) => chat(n)).join('')}
      - { telephony: Break }
      - { wait: 600s }
      - { telephony: On Queue }
      - { crm: Coaching }
      - { wait: 600s }
      - { crm: On Queue }
      - { work: { side: telephony, id: c9, channel: call, state: offered } }
      - { crm: On Queue }
      - { work: { side: telephony, id: c9, channel: call, state: closed } }
`

function call(n: number): string {
  return ['offered', 'accepted', 'wrap_up', 'closed']
    .map(
      (state) =>
        `      - { work: { side: telephony, id: c${n}, channel: call, state: ${state} } }\n      - { wait: 60s }\n`,
    )
    .join('')
}

function chat(n: number): string {
  return ['offered', 'accepted', 'closed']
    .map(
      (state) => `      - { work: { side: crm, id: w${n}, channel: chat, state: ${state} } }\n      - { wait: 60s }\n`,
    )
    .join('')
}

export type RecordedHour = {
  /** Of the agent `agent`; `atMs` since the begin of the hour. */
  readonly records: readonly { readonly atMs: number; readonly record: LogRecord }[]
  readonly text: string
  readonly hash: string
  /** Of the mapping. */
  readonly statuses: BySide<readonly StatusId[]>
}

export async function recordHour(): Promise<RecordedHour> {
  const file = 'mappings.example.yaml'
  const text = readFileSync(file, 'utf8')
  const rules = loadMapping(text, { file }).mapping?.rules
  const { stories, findings } = loadStories(HOUR, { file: 'hour.yaml' })
  const [story] = stories
  if (rules === undefined || story === undefined)
    throw new Error(`The hour cannot be played: ${JSON.stringify(findings)}`)
  const noReload = () => {
    throw new Error('The hour reloads nothing.')
  }
  const results = await runStory(story, rules, noReload)
  const records = results.flatMap(({ moments }) =>
    moments.map(({ record }) => ({ atMs: Date.parse(record.time), record })),
  )
  const statuses = { crm: [...rules.statuses.crm], telephony: [...rules.statuses.telephony] }
  return { records, text, hash: rules.hash, statuses }
}
