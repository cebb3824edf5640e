import { describe, expect, test } from '@jest/globals'
import { isRecordId, longId } from '../../../src/platforms/salesforce/record-id.ts'
import { workQuery } from '../../../src/platforms/salesforce/soql.ts'
import { workState } from '../../../src/platforms/salesforce/wire.ts'

describe('record ids', () => {
  test('the short form gets the three letters that tell the case', () => {
    expect(longId('0015000000Gv7qJ')).toBe('0015000000Gv7qJAAR')
    expect(longId('AAAAAAAAAAAAAAA')).toBe('AAAAAAAAAAAAAAA555')
    expect(longId('0015000000Gv7qJAAR')).toBe('0015000000Gv7qJAAR')
  })

  test('nothing but an id gets into a query', () => {
    expect(isRecordId("005' OR Id != '")).toBe(false)
    expect(workQuery(["0Bz') OR (Id != '", '0Bz000000000001AAA']).join()).toMatch(
      /WHERE Id IN \('0Bz000000000001AAA'\)$/,
    )
    expect(workQuery(['x'])).toEqual([])
  })
})

test('every documented work status is known, by name and by number, and no other', () => {
  expect(['Assigned', 'Opened', 'Closed', 'Unavailable'].map(workState)).toEqual([
    'offered',
    'accepted',
    'closed',
    'cancelled',
  ])
  expect([0, 1, 2, 3, 4, 5, 6, 7].map(workState)).toEqual([
    'offered',
    'cancelled',
    'declined',
    'accepted',
    'closed',
    'timed_out',
    'cancelled',
    'transferred',
  ])
  expect([workState('Completed'), workState(8)]).toEqual([undefined, undefined])
})
