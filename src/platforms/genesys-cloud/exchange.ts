// One HTTP request and its answer, over connections that are kept open. Not by fetch: what fetch leaves behind of a call (streams,
// signals, registrations for their finalization) outlives the young generation, and collecting it stopped the bridge for 20 to 40 ms
// every few seconds; it also took three times the processor time.

import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Agents } from './agents.ts'
import { ANSWER_BYTES_MAX } from './settings.ts'

type Request = {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

export type Answer = {
  readonly status: number
  readonly ok: boolean
  /** By its name in lower case. */
  header(name: string): string | undefined
  /** The body as JSON; undefined where it is empty or no JSON. */
  readonly body: unknown
}

/** Rejects with the signal's reason, or where no answer came, or one that is too long, or one that sends elsewhere. */
export type Exchange = (request: Request) => Promise<Answer>

const unzip = promisify(gunzip)

export function createExchange(agents: Pick<Agents, 'calls'>): Exchange {
  return async (request) => {
    const response = await send(request, agents)
    const bytes = await bytesOf(response, request.signal)
    const { statusCode: status = 0, headers } = response
    if (status >= 300 && status < 400) throw new Error(`the answer sends elsewhere (${status})`)
    const plain =
      headers['content-encoding'] === 'gzip' ? await unzip(bytes, { maxOutputLength: ANSWER_BYTES_MAX }) : bytes
    const header = (name: string) => {
      const value = headers[name]
      return Array.isArray(value) ? value[0] : value
    }
    return { status, ok: status >= 200 && status < 300, header, body: parse(plain) }
  }
}

function send(
  { url, method, headers, body, signal }: Request,
  agents: Pick<Agents, 'calls'>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
    const all = { 'Accept-Encoding': 'gzip', ...headers, ...length }
    const ask = url.startsWith('https:') ? requestHttps : requestHttp
    const request = ask(url, { method, headers: all, agent: agents.calls(url) })
    const giveUp = () => request.destroy(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
    request.on('close', () => signal.removeEventListener('abort', giveUp))
    request.on('error', reject)
    request.on('response', resolve)
    request.end(body)
  })
}

function bytesOf(response: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    response.on('data', (chunk: Buffer) => {
      length += chunk.byteLength
      if (length > ANSWER_BYTES_MAX) response.destroy(new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`))
      else chunks.push(chunk)
    })
    response.on('end', () => resolve(Buffer.concat(chunks)))
    response.on('error', (error) => reject(signal.aborted ? signal.reason : error))
  })
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
