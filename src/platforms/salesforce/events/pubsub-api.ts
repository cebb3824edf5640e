// What of the Pub/Sub API is used, as a value: messages with their field numbers, and the three calls.
// Source: pubsub_api.proto, version 1, of github.com/forcedotcom/pub-sub-api.

import { fromJSON, type MethodDefinition } from '@grpc/proto-loader'
import { z } from 'zod'

const DESCRIPTOR: Parameters<typeof fromJSON>[0] = {
  nested: {
    'eventbus.v1': {
      nested: {
        TopicRequest: { fields: { topicName: { type: 'string', id: 1 } } },
        TopicInfo: {
          fields: {
            topicName: { type: 'string', id: 1 },
            tenantGuid: { type: 'string', id: 2 },
            canPublish: { type: 'bool', id: 3 },
            canSubscribe: { type: 'bool', id: 4 },
            schemaId: { type: 'string', id: 5 },
            rpcId: { type: 'string', id: 6 },
          },
        },
        SchemaRequest: { fields: { schemaId: { type: 'string', id: 1 } } },
        SchemaInfo: {
          fields: {
            schemaJson: { type: 'string', id: 1 },
            schemaId: { type: 'string', id: 2 },
            rpcId: { type: 'string', id: 3 },
          },
        },
        ProducerEvent: {
          fields: {
            id: { type: 'string', id: 1 },
            schemaId: { type: 'string', id: 2 },
            payload: { type: 'bytes', id: 3 },
          },
        },
        ConsumerEvent: { fields: { event: { type: 'ProducerEvent', id: 1 }, replayId: { type: 'bytes', id: 2 } } },
        ReplayPreset: { values: { LATEST: 0, EARLIEST: 1, CUSTOM: 2 } },
        FetchRequest: {
          fields: {
            topicName: { type: 'string', id: 1 },
            replayPreset: { type: 'ReplayPreset', id: 2 },
            replayId: { type: 'bytes', id: 3 },
            numRequested: { type: 'int32', id: 4 },
          },
        },
        FetchResponse: {
          fields: {
            events: { rule: 'repeated', type: 'ConsumerEvent', id: 1 },
            latestReplayId: { type: 'bytes', id: 2 },
            rpcId: { type: 'string', id: 3 },
            pendingNumRequested: { type: 'int32', id: 4 },
          },
        },
        PubSub: {
          methods: {
            Subscribe: {
              comment: 'The subscription: requests ask for more, answers bring events or, without any, a sign of life.',
              requestType: 'FetchRequest',
              requestStream: true,
              responseType: 'FetchResponse',
              responseStream: true,
            },
            GetSchema: {
              comment: 'An Avro schema by its id.',
              requestType: 'SchemaRequest',
              responseType: 'SchemaInfo',
            },
            GetTopic: {
              comment: 'Whether a channel is there and may be heard.',
              requestType: 'TopicRequest',
              responseType: 'TopicInfo',
            },
          },
        },
      },
    },
  },
}

type Method = MethodDefinition<object, object>

/** The calls with their paths, and how their messages become bytes. */
export const PUBSUB: { readonly Subscribe: Method; readonly GetSchema: Method; readonly GetTopic: Method } = methods()

function methods() {
  const service = fromJSON(DESCRIPTOR, { defaults: true, enums: String })['eventbus.v1.PubSub']
  if (service === undefined || 'format' in service) throw new Error('The description of the Pub/Sub API has no service')
  const { Subscribe, GetSchema, GetTopic } = service
  if (!Subscribe || !GetSchema || !GetTopic) throw new Error('The description of the Pub/Sub API lacks a call')
  return { Subscribe, GetSchema, GetTopic }
}

const bytes = z.custom<Uint8Array>((value) => ArrayBuffer.isView(value))

export const topicInfo = z.object({ canSubscribe: z.boolean() })
export const schemaInfo = z.object({ schemaJson: z.string(), schemaId: z.string() })
export const consumerEvent = z.object({
  event: z.object({ id: z.string(), schemaId: z.string(), payload: bytes }),
  replayId: bytes,
})
/** Events one by one: a single odd one must not make the others unreadable. */
export const fetchResponse = z.object({
  events: z.array(z.unknown()),
  latestReplayId: bytes,
  pendingNumRequested: z.number(),
})
export const fetchRequest = z.object({
  topicName: z.string(),
  replayPreset: z.enum(['LATEST', 'EARLIEST', 'CUSTOM']),
  replayId: bytes,
  numRequested: z.number(),
})

/** The trailer that names an error more closely than its gRPC code. */
export const ERROR_CODE = 'error-code'
