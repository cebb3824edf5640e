// The Avro schemas of events, by their ids: asked for once each, the least lately added forgotten first.

import type { Client, Metadata, ServiceError } from '@grpc/grpc-js'
import type { Clock } from '../../../domain/clock.ts'
import { createBoundedMap } from '../bounded-map.ts'
import { avroDecoder } from './avro-events.ts'
import { PUBSUB, schemaInfo } from './pubsub-api.ts'
import { SCHEMAS_MAX } from './transport-limits.ts'

type Decoder = ReturnType<typeof avroDecoder>

type Schemas = {
  known(id: string): Decoder | undefined
  /** Rejects with the error of the call, or with a plain one where what came is no schema. */
  fetch(id: string): Promise<Decoder>
}

export function createSchemas(deps: {
  readonly client: Client
  readonly metadata: Metadata
  readonly clock: Clock
  readonly timeoutMs: number
}): Schemas {
  const { client, metadata, clock, timeoutMs } = deps
  const decoders = createBoundedMap<string, Decoder>(SCHEMAS_MAX)
  const { path, requestSerialize, responseDeserialize } = PUBSUB.GetSchema

  async function fetch(id: string): Promise<Decoder> {
    const answer = await new Promise<object | undefined>((resolve, reject) => {
      const told = (error: ServiceError | null, value?: object) => {
        cancel()
        if (error) reject(error)
        else resolve(value)
      }
      const asked = { schemaId: id }
      const call = client.makeUnaryRequest(path, requestSerialize, responseDeserialize, asked, metadata, told)
      const cancel = clock.after(timeoutMs, () => call.cancel())
    })
    const decoder = avroDecoder(schemaInfo.parse(answer).schemaJson)
    decoders.set(id, decoder)
    return decoder
  }

  return { known: decoders.get, fetch }
}
