// What the companion shows: every state has words, and no state is told by colour alone.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { meaningOf } from '../../salesforce/force-app/main/default/lwc/presenceBridgeCompanion/closing.js'
import { viewOf } from '../../salesforce/force-app/main/default/lwc/presenceBridgeCompanion/view.js'

const NOW = Date.parse('2026-11-21T10:00:00Z')
const nothing = { lead: false, agent: null, notice: null, problem: null, last: null }
const wait = (code: number, inMs = 12_000) => ({
  kind: 'waiting',
  until: NOW + inMs,
  long: false,
  ...meaningOf(code, 'the token was used before'),
})

const links = fc.oneof(
  fc.constantFrom({ kind: 'off' }, { kind: 'connecting' }, { kind: 'connected' }),
  fc.integer({ min: 1000, max: 4999 }).map((code) => wait(code)),
  fc.constantFrom(4403, 4409).map((code) => ({ kind: 'stopped', ...meaningOf(code, '') })),
)

test('every state has a title, whole sentences and a mark besides its colour', () => {
  fc.assert(
    fc.property(links, fc.boolean(), (link, lead) => {
      const view = viewOf({ ...nothing, link, lead }, NOW)
      expect(view.title).toMatch(/\S/)
      expect(view.detail).toMatch(/[.!?]$/)
      expect(view.mark).toHaveLength(1)
      expect(view.countdown === null).toBe(link.kind !== 'waiting')
      expect(view.canRetry).toBe(link.kind === 'waiting' || link.kind === 'stopped')
    }),
  )
})

test('different troubles look different without colour', () => {
  const titles = [
    { ...nothing, link: { kind: 'connected' }, lead: true },
    { ...nothing, link: { kind: 'connected' } },
    { ...nothing, link: wait(1006) },
    { ...nothing, link: wait(4401) },
    { ...nothing, link: { kind: 'stopped', ...meaningOf(4403, '') } },
    { ...nothing, link: { kind: 'stopped', ...meaningOf(4409, '') } },
  ].map((state) => `${viewOf(state, NOW).title} ${viewOf(state, NOW).detail}`)
  expect(new Set(titles).size).toBe(titles.length)
})

describe('waiting', () => {
  test('counts down and never below nothing', () => {
    const at = (now: number) => viewOf({ ...nothing, link: wait(1006) }, now).countdown
    expect([at(NOW), at(NOW + 11_001), at(NOW + 12_000), at(NOW + 60_000)]).toEqual([
      'Next attempt in 12 s',
      'Next attempt in 1 s',
      'Next attempt now',
      'Next attempt now',
    ])
  })

  test('repeats what the bridge said of a token', () => {
    expect(viewOf({ ...nothing, link: wait(4401) }, NOW).detail).toContain('the token was used before. Your status')
  })
})

test('the last change shows the bridge’s sentence, and what stood in the way', () => {
  const last = { sentence: 'Jane went On Queue.', at: NOW, ok: false, error: 'toolkit', message: 'The line broke' }
  const time = expect.stringMatching(/^\d\d:00$/)
  expect(viewOf({ ...nothing, link: { kind: 'connected' }, last }, NOW).last).toEqual({
    time,
    sentence: 'Jane went On Queue.',
    failure: 'Not done: The line broke.',
  })
  const good = { sentence: null, at: NOW, ok: true }
  expect(viewOf({ ...nothing, link: { kind: 'connected' }, last: good }, NOW).last).toEqual({
    time,
    sentence: 'The bridge asked for a change.',
    failure: null,
  })
})

test('a problem of Omni-Channel goes before a notice', () => {
  const state = { ...nothing, link: { kind: 'connected' }, notice: 'Syncing is paused.' }
  expect(viewOf(state, NOW).notice).toBe('Syncing is paused.')
  expect(viewOf({ ...state, problem: 'Omni-Channel reports a problem.' }, NOW).notice).toMatch(/Omni/)
})
