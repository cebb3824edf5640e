// Avro events as Salesforce writes them: sets of fields as bits, also inside compound fields, unions, numbers beyond what JavaScript holds.

import { describe, expect, test } from '@jest/globals'
import avro from 'avsc'
import fc from 'fast-check'
import { avroDecoder } from '../../../src/platforms/salesforce/events/avro-events.ts'
import { troubleOf } from '../../../src/platforms/salesforce/events/pubsub-troubles.ts'
import { changePayload, isChanged } from '../../../src/platforms/salesforce/wire.ts'

const NAMES = Array.from({ length: 70 }, (_, index) => `Field${index}`)
const ADDRESS = ['Street', 'City', 'State', 'Zip']

const texts = { type: 'array', items: 'string' }
const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'SomeChangeEvent',
  namespace: 'com.sforce.eventbus',
  fields: [
    {
      name: 'ChangeEventHeader',
      type: {
        type: 'record',
        name: 'ChangeEventHeader',
        fields: [
          ...['entityName', 'changeType', 'transactionKey'].map((name) => ({ name, type: 'string' })),
          { name: 'recordIds', type: texts },
          ...['commitTimestamp', 'commitNumber'].map((name) => ({ name, type: 'long' })),
          ...['changedFields', 'nulledFields', 'diffFields'].map((name) => ({ name, type: texts })),
        ],
      },
    },
    {
      name: 'Address',
      type: [
        'null',
        { type: 'record', name: 'Address', fields: ADDRESS.map((name) => ({ name, type: ['null', 'string'] })) },
      ],
      default: null,
    },
    ...NAMES.map((name) => ({ name, type: ['null', 'string', 'boolean', 'double'], default: null })),
  ],
})

const HEADER = {
  entityName: 'Some',
  changeType: 'UPDATE',
  transactionKey: 't',
  recordIds: ['a'],
  commitTimestamp: 1_700_000_000_000,
  commitNumber: 11_657_372_702_432,
  changedFields: [] as string[],
  nulledFields: [] as string[],
  diffFields: [] as string[],
}

/** Written by the plain library, with longs as bigints so that the widest fit. */
function bytesOf(record: object): Buffer {
  const long = avro.types.LongType.__with({
    fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
    toBuffer(value: number | bigint) {
      const buffer = Buffer.alloc(8)
      buffer.writeBigInt64LE(BigInt(value))
      return buffer
    },
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === 'number' || typeof value === 'bigint',
    compare: () => 0,
  })
  return avro.Type.forSchema(JSON.parse(SCHEMA), { registry: { long } }).toBuffer(record)
}

const blank = { Address: null, ...Object.fromEntries(NAMES.map((name) => [name, null])) }
const hex = (bits: readonly number[]) =>
  `0x${bits
    .reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)
    .toString(16)
    .toUpperCase()}`
const decode = (header: object, fields: object = {}) =>
  avroDecoder(SCHEMA).decode(bytesOf({ ...blank, ...fields, ChangeEventHeader: { ...HEADER, ...header } }))

describe('an event of the Pub/Sub API', () => {
  test('names every field of its sets of bits, however many there are', () => {
    const all = ['ChangeEventHeader', 'Address', ...NAMES]
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(71)), fc.uniqueArray(fc.nat(3)), (outer, inner) => {
        const changedFields = [
          ...(outer.length > 0 ? [hex(outer)] : []),
          ...(inner.length > 0 ? [`1-${hex(inner)}`] : []),
        ]
        const expected = [
          ...all.filter((_, index) => outer.includes(index)),
          ...ADDRESS.filter((_, index) => inner.includes(index)).map((name) => `Address.${name}`),
        ]
        expect(decode({ changedFields, nulledFields: changedFields })).toMatchObject({
          ChangeEventHeader: { changedFields: expected, nulledFields: expected, diffFields: [] },
        })
      }),
    )
  })

  test('keeps its meaning when a number is beyond what JavaScript holds', () => {
    const decoded = decode({ commitNumber: 2n ** 62n }, { Field1: 'text', Field2: false, Field3: 1.5 })
    expect(decoded).toMatchObject({ Field2: false, ChangeEventHeader: { commitNumber: 2 ** 62, recordIds: ['a'] } })
    expect(Reflect.get(decoded as object, 'Field1')).toBe('text')
    expect(changePayload.safeParse(decoded).success).toBe(true)
  })

  test('an odd set of fields is left out instead of spoiling the event', () => {
    const changedFields = ['nonsense', '99-0x1', '0x', hex([2])]
    expect(decode({ changedFields })).toMatchObject({ ChangeEventHeader: { changedFields: ['Field0'] } })
  })

  test('bytes that do not fit the schema are an error, and so is a schema that is none', () => {
    expect(() => avroDecoder(SCHEMA).decode(Buffer.from('nonsense'))).toThrow()
    expect(() => avroDecoder('"string"')).toThrow(/no record/)
    expect(() => avroDecoder('{')).toThrow()
  })

  test('a field that is there without having changed, as in an enriched event, does not count as changed', () => {
    const payload = changePayload.parse(decode({ changedFields: [hex([3])] }, { Field0: true, Field1: true }))
    const event = { payload, id: 'e' }
    expect([isChanged(event, 'Field0'), isChanged(event, 'Field1')]).toEqual([false, true])
  })
})

describe('an error of the Pub/Sub API', () => {
  const error = (code: number, details = '', errorCode = '') => ({
    code,
    details,
    metadata: { get: (key: string) => (key === 'error-code' && errorCode !== '' ? [errorCode] : []) },
  })
  const prefix = 'sfdc.platform.eventbus.grpc'
  test.each([
    [error(3, '', `${prefix}.subscription.fetch.replayid.corrupted`), 'replay_position'],
    [error(3, 'The Replay ID validation failed'), 'replay_position'],
    [error(3, 'something else'), 'refused'],
    [error(13, '', `${prefix}.service.unavailable`), 'unavailable'],
    [error(16), 'token'],
    [error(13, '', `${prefix}.service.auth.error`), 'token'],
    [error(5), 'no_channel'],
    [error(7), 'no_channel'],
    [error(8, 'daily event delivery limit'), 'daily_limit'],
    [error(8, 'too many subscribers', `${prefix}.subscription.limit.exceeded`), 'limit'],
    [error(8, 'Bandwidth exhausted or memory limit exceeded'), 'network'],
    [error(14, 'read ECONNRESET'), 'network'],
    [error(4), 'unavailable'],
    [error(12, 'not implemented'), 'refused'],
  ])('%j means %s', (given, kind) => {
    expect(troubleOf(given, 'subscribed').kind).toBe(kind)
  })
})
