// Times as people write them: whatever zone they are in, what is shown can be typed in again.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { durationText, faceOf, parseTime } from '../../src/cli/times.ts'

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe']
const zone = fc.constantFrom(...ZONES)
const instant = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) })

test('a time with its date, as it is shown, is the same minute again, wherever one is', () => {
  fc.assert(
    fc.property(instant, zone, (at, zone) => {
      const shown = faceOf(zone).full(at)
      const again = parseTime(shown, { now: () => at, zone })
      // In the hour that comes twice in autumn one of the two is meant.
      expect(again === null ? null : faceOf(zone).full(again)).toBe(shown)
      expect(Math.abs((again ?? 0) - at)).toBeLessThanOrEqual(3_600_000 + 60_000)
    }),
  )
})

test('a time of the day is the last such time', () => {
  fc.assert(
    fc.property(instant, instant, zone, (now, other, zone) => {
      const face = faceOf(zone)
      const at = parseTime(face.exact(other), { now: () => now, zone }) ?? Number.NaN
      expect(at).toBeLessThanOrEqual(now)
      expect(now - at).toBeLessThan(25 * 3_600_000)
    }),
  )
})

test('an instant in ISO 8601 is that instant, wherever one is', () => {
  fc.assert(
    fc.property(instant, zone, (at, zone) => {
      expect(parseTime(new Date(at).toISOString(), { now: () => 0, zone })).toBe(at)
    }),
  )
})

describe('in Berlin, on 21 November 2026 at 12:00,', () => {
  const when = { now: () => Date.parse('2026-11-21T11:00:00Z'), zone: 'Europe/Berlin' }
  test.each([
    ['10:32', '2026-11-21T09:32:00.000Z'],
    ['13:00', '2026-11-20T12:00:00.000Z'],
    ['10:32:07.5', '2026-11-21T09:32:07.500Z'],
    ['yesterday 10:32', '2026-11-20T09:32:00.000Z'],
    ['today', '2026-11-20T23:00:00.000Z'],
    ['2h', '2026-11-21T09:00:00.000Z'],
    ['1h30m ago', '2026-11-21T09:30:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['2026-11-21 10:32', '2026-11-21T09:32:00.000Z'],
    ['2026-11-21T10:32:00-05:00', '2026-11-21T15:32:00.000Z'],
    ['2026-11-21T10:32:00Z', '2026-11-21T10:32:00.000Z'],
    ['now', '2026-11-21T11:00:00.000Z'],
  ])('"%s" is %s', (text, iso) => {
    expect(new Date(parseTime(text, when) ?? Number.NaN).toISOString()).toBe(iso)
  })

  test.each(['', '25:00', '10:61', 'tomorrow', '2026-13-01', '2026-02-30', '2026-11-21T24:01', 'ten', '10', '2 weeks'])(
    '"%s" is no time',
    (text) => {
      expect(parseTime(text, when)).toBeNull()
    },
  )
})

test.each([
  [0, '0 ms'],
  [340, '340 ms'],
  [1_500, '1.5 s'],
  [12_400, '12 s'],
  [200_000, '3 min 20 s'],
  [14_700_000, '4 h 5 min'],
  [3 * 86_400_000 + 7_200_000, '3 d 2 h'],
])('%s ms are %s', (ms, words) => {
  expect(durationText(ms)).toBe(words)
})
