// The Avro schemas of the stand-in's change events, and events written by them as the Pub/Sub API does: all fields, those that did not change
// null, and which ones did as a set of bits.
//
// NOT imitated: compound fields, custom fields, the types of some fields in a real org (from memory, unverified), changes of a schema.

import { createHash } from 'node:crypto'
import avro from 'avsc'
import type { LoggedEvent } from './event-log.ts'
import type { Change } from './tables.ts'

type Entity = Change['entity']
type FieldType = 'string' | 'boolean' | 'double' | 'long'

const TEXTS = { string: 'string', boolean: 'boolean', double: 'double', long: 'long' } as const satisfies Record<
  string,
  FieldType
>
const { string: text, boolean: flag, double: number, long: time } = TEXTS

/** In the order in which they stand in the schema; `time`: ms since 1970. */
const FIELDS: Readonly<Record<Entity, Readonly<Record<string, FieldType>>>> = {
  UserServicePresence: {
    Name: text,
    CreatedDate: time,
    CreatedById: text,
    LastModifiedDate: time,
    LastModifiedById: text,
    OwnerId: text,
    UserId: text,
    ServicePresenceStatusId: text,
    StatusStartDate: time,
    StatusEndDate: time,
    StatusDuration: number,
    IdleDuration: number,
    AtCapacityDuration: number,
    AverageCapacity: number,
    ConfiguredCapacity: number,
    ConfiguredInterruptCapacity: number,
    IsAway: flag,
    IsCurrentState: flag,
  },
  AgentWork: {
    Name: text,
    CreatedDate: time,
    CreatedById: text,
    LastModifiedDate: time,
    LastModifiedById: text,
    OwnerId: text,
    UserId: text,
    WorkItemId: text,
    Status: text,
    ServiceChannelId: text,
    CapacityWeight: number,
    CapacityPercentage: number,
    RequestDateTime: time,
    AssignedDateTime: time,
    AcceptDateTime: time,
    CloseDateTime: time,
    DeclineDateTime: time,
    DeclineReason: text,
  },
}

const HEADER = {
  type: 'record',
  name: 'ChangeEventHeader',
  namespace: 'com.sforce.eventbus',
  fields: [
    { name: 'entityName', type: 'string' },
    { name: 'recordIds', type: { type: 'array', items: 'string' } },
    {
      name: 'changeType',
      type: {
        type: 'enum',
        name: 'ChangeType',
        namespace: 'com.sforce.eventbus',
        symbols: [
          'CREATE',
          'UPDATE',
          'DELETE',
          'UNDELETE',
          'GAP_CREATE',
          'GAP_UPDATE',
          'GAP_DELETE',
          'GAP_UNDELETE',
          'GAP_OVERFLOW',
          'SNAPSHOT',
        ],
      },
    },
    { name: 'changeOrigin', type: 'string' },
    { name: 'transactionKey', type: 'string' },
    { name: 'sequenceNumber', type: 'int' },
    { name: 'commitTimestamp', type: 'long' },
    { name: 'commitNumber', type: 'long' },
    { name: 'commitUser', type: 'string' },
    { name: 'nulledFields', type: { type: 'array', items: 'string' } },
    { name: 'diffFields', type: { type: 'array', items: 'string' } },
    { name: 'changedFields', type: { type: 'array', items: 'string' } },
  ],
} as const

type Schema = {
  readonly id: string
  readonly json: string
  readonly type: avro.Type
  readonly names: readonly string[]
}

const SCHEMAS: Readonly<Record<Entity, Schema>> = {
  UserServicePresence: schemaOf('UserServicePresence'),
  AgentWork: schemaOf('AgentWork'),
}

export function schemaById(id: string): Pick<Schema, 'id' | 'json'> | undefined {
  return Object.values(SCHEMAS).find((schema) => schema.id === id)
}

export function schemaOfEntity(entity: Entity): Pick<Schema, 'id' | 'json'> {
  return SCHEMAS[entity]
}

/** The bytes of an event, and by which schema they are written. */
export function encodeEvent({ change, header }: LoggedEvent): { readonly schemaId: string; readonly payload: Buffer } {
  const { id, type, names } = SCHEMAS[change.entity]
  const isUpdate = change.changeType === 'UPDATE'
  const changed = (name: string) => Object.hasOwn(change.fields, name)
  const fields = names.slice(1).map((name): [string, unknown] => [name, change.fields[name] ?? null])
  const payload = type.toBuffer({
    ChangeEventHeader: {
      ...header,
      changedFields: isUpdate ? bitsOf(names, changed) : [],
      nulledFields: isUpdate ? bitsOf(names, (name) => changed(name) && change.fields[name] === null) : [],
      diffFields: [],
    },
    ...Object.fromEntries(fields),
  })
  return { schemaId: id, payload }
}

/** The lowest bit is the first field; no set at all for no field. */
function bitsOf(names: readonly string[], isIn: (name: string) => boolean): readonly string[] {
  const bits = names.reduce((sum, name, index) => (isIn(name) ? sum | (1n << BigInt(index)) : sum), 0n)
  return bits === 0n ? [] : [`0x${bits.toString(16).toUpperCase()}`]
}

function schemaOf(entity: Entity): Schema {
  const fields = Object.entries(FIELDS[entity]).map(([name, type]) => ({ name, type: ['null', type], default: null }))
  const schema = {
    type: 'record',
    name: `${entity}ChangeEvent`,
    namespace: 'com.sforce.eventbus',
    fields: [{ name: 'ChangeEventHeader', type: HEADER }, ...fields],
  }
  const json = JSON.stringify(schema)
  const id = createHash('sha256').update(json).digest('base64url').slice(0, 22)
  return { id, json, type: avro.Type.forSchema(JSON.parse(json)), names: schema.fields.map(({ name }) => name) }
}
