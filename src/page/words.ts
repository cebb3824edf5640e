// The page's words for what the bridge tells in codes.

import type { ExposureCause, WriteOutcome } from '../domain/record.ts'
import type { Actor } from '../domain/report.ts'
import type { Side } from '../domain/side.ts'
import type { Trouble } from '../ops/board.ts'

export type Tone = 'bad' | 'warn' | 'ok' | 'info' | 'quiet'

type Named = { readonly label: string; readonly tone: Tone; readonly meaning: string }

export const SIDE_TITLES: Readonly<Record<Side, string>> = { crm: 'CRM', telephony: 'Telephony' }

export const TROUBLE_WORDS: Readonly<Record<Trouble, Named>> = {
  exposed: { label: 'Exposed', tone: 'bad', meaning: 'could be offered work on one side while working on the other' },
  faulty: { label: 'Faulty', tone: 'bad', meaning: 'a decision broke a promise of the bridge; paused by itself' },
  drift: {
    label: 'Drift',
    tone: 'bad',
    meaning: 'a side shows something else than it should, and nothing explains it',
  },
  frozen: { label: 'Frozen', tone: 'bad', meaning: 'too many writes in a minute; none are made for a while' },
  refused: { label: 'Refused', tone: 'bad', meaning: 'the platform refused the status for good' },
  unconfirmed: { label: 'Unconfirmed', tone: 'warn', meaning: 'the platform took the status and does not show it' },
  failed: { label: 'Failed', tone: 'warn', meaning: 'the write was given up; the next reading tries anew' },
  unreachable: { label: 'Unreachable', tone: 'warn', meaning: 'nobody there to carry the write out; it waits' },
  stuck_block: {
    label: 'Long block',
    tone: 'warn',
    meaning: 'blocked for hours; the end of the work may have been missed',
  },
  paused: { label: 'Paused', tone: 'quiet', meaning: 'nothing is written until somebody resumes' },
  shadow: { label: 'Shadow', tone: 'quiet', meaning: 'everything is decided and recorded, nothing is written' },
}

export const CAUSE_WORDS: Readonly<Record<ExposureCause, string>> = {
  under_way: 'the status that keeps work away is being written',
  not_taken: 'the platform did not take the write yet',
  refused: 'the platform refused the write',
  failed: 'the write was given up',
  ignored: 'the platform ignored the write',
  frozen: 'writes are frozen for this agent',
  paused: 'the agent is paused',
  shadow: 'shadow mode writes nothing',
  gave_way: 'the agent chose so',
  not_blocked: 'the rules do not block this side',
}

export const OUTCOME_TONES: Readonly<Record<WriteOutcome, Tone>> = {
  confirmed: 'ok',
  sent: 'info',
  waiting: 'info',
  failed: 'bad',
  refused: 'bad',
  ignored: 'bad',
  superseded: 'quiet',
  shadow: 'quiet',
  paused: 'quiet',
}

export const ACTOR_WORDS: Readonly<Record<Actor | 'bridge', string>> = {
  agent: 'the agent',
  supervisor: 'a supervisor',
  system: 'the platform itself',
  unknown: 'somebody',
  bridge: 'the bridge',
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
