// From the bytes of one change event to the same words as in JSON. The schema comes from the org itself; which fields changed comes as
// bit sets over its fields ("0x" and hex digits, the lowest bit is the first field; "3-0x1": inside the record that field 3 is).
// Source: Pub/Sub API Developer Guide, "Event Deserialization Considerations", and the code samples beside the protocol file.

import avro from 'avsc'

type AvroDecoder = {
  /** Throws where the bytes do not fit the schema. The result is plain data with `ChangeEventHeader.changedFields` and so on as names. */
  decode(bytes: Uint8Array): unknown
}

/** Names of the sets in a change event's header. */
const SETS = ['changedFields', 'nulledFields', 'diffFields'] as const

/** Times and commit numbers are below 2^53; a longer number loses its last digits instead of the whole event its meaning. */
const LOSSY_LONG = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => Number(buffer.readBigInt64LE()),
  toBuffer: (value: number) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64LE(BigInt(Math.trunc(value)))
    return buffer
  },
  fromJSON: Number,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'number' && Number.isInteger(value),
  compare: (a: number, b: number) => Math.sign(a - b),
})

/** `schemaJson` as GetSchema gives it; throws where it is none. */
export function avroDecoder(schemaJson: string): AvroDecoder {
  const type = typeOf(schemaJson)
  return {
    decode(bytes) {
      const record: unknown = type.fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
      if (!isRecord(record) || !isRecord(record.ChangeEventHeader)) return record
      const header: Record<string, unknown> = { ...record.ChangeEventHeader }
      for (const set of SETS) header[set] = fieldNames(header[set], type)
      return { ...record, ChangeEventHeader: header }
    },
  }
}

function typeOf(schemaJson: string): avro.Type {
  const schema: unknown = JSON.parse(schemaJson)
  if (!isSchema(schema)) throw new Error('The schema of an event is no record')
  return avro.Type.forSchema(schema, { registry: { long: LOSSY_LONG } })
}

/** Names of the fields in bit sets; "Address.City" inside another record. What is no bit set is left out. */
function fieldNames(sets: unknown, type: avro.Type): readonly string[] {
  const names: string[] = []
  for (const set of Array.isArray(sets) ? sets : []) {
    const [, parent, digits] = /^(?:(\d+)-)?0x([0-9a-f]+)$/i.exec(String(set)) ?? []
    if (digits === undefined) continue
    const outer = parent === undefined ? undefined : fieldsOf(type)[Number(parent)]
    if (parent !== undefined && outer === undefined) continue
    const fields = outer === undefined ? fieldsOf(type) : fieldsOf(outer.type)
    const prefix = outer === undefined ? '' : `${outer.name}.`
    const bits = BigInt(`0x${digits}`)
    fields.forEach(({ name }, index) => {
      if ((bits >> BigInt(index)) & 1n) names.push(`${prefix}${name}`)
    })
  }
  return names
}

type Field = { readonly name: string; readonly type: avro.Type }

/** Of a record, or of the record in a union. */
function fieldsOf(type: avro.Type): readonly Field[] {
  const inner: unknown = Reflect.get(type, 'types')
  const candidates: readonly unknown[] = Array.isArray(inner) ? inner : [type]
  const record = candidates.find((candidate) => candidate instanceof avro.types.RecordType)
  return record instanceof avro.types.RecordType ? record.fields : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isSchema(value: unknown): value is avro.Schema {
  return isRecord(value) && value.type === 'record'
}
