// A server between the bridge and a platform that passes everything on until it is told to repeat: then each answer is an error with all that
// it was sent, credentials first, in the shapes in which platforms, proxies and gateways do that.

import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const SHAPES = ['platform', 'oauth', 'page', 'status-line', 'redirect', 'half'] as const
type Shape = (typeof SHAPES)[number]

type Rewrite = { readonly from: string; readonly to: string }

export type EchoProxy = {
  readonly url: string
  /** Where it passes things on to; credentials are swapped on the way, so that a platform takes any. */
  passTo(url: string, swaps: readonly Rewrite[]): void
  /** Null: passes on again. */
  echo(how: { readonly shape: Shape; readonly status: number } | null): void
  /** All that the bridge proved itself with, in any header or body. */
  credentials(): readonly string[]
  /** How many answers repeated what was sent. */
  echoed(): number
  /** How often the bridge followed an answer that sent it elsewhere. */
  followed(): number
  close(): Promise<void>
}

export async function openEchoProxy(): Promise<EchoProxy> {
  let target = ''
  let swaps: readonly Rewrite[] = []
  let how: { readonly shape: Shape; readonly status: number } | null = null
  let echoed = 0
  let followed = 0
  const elsewhere = createServer((_, response) => {
    followed += 1
    response.end('{}')
  })
  const seen = new Set<string>()

  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      note(incoming, body)
      if (how === null) return passOn(incoming, body, response)
      echoed += 1
      echo({ incoming, body, response, sentTo, ...how })
    })
  })

  function note({ headers }: IncomingMessage, body: string): void {
    const authorization = headers.authorization?.split(' ').at(-1)
    if (authorization !== undefined) seen.add(authorization)
    const form = new URLSearchParams(body)
    for (const name of ['client_secret', 'assertion']) if (form.get(name)) seen.add(form.get(name) ?? '')
  }

  function passOn(incoming: IncomingMessage, body: string, response: ServerResponse): void {
    const swapped = swaps.reduce((text, { from, to }) => text.replaceAll(from, to), body)
    const { authorization, ...given } = incoming.headers
    for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'expect']) delete given[name]
    const all = {
      ...given,
      'accept-encoding': 'identity',
      'content-length': Buffer.byteLength(swapped),
      ...(authorization && {
        authorization: swaps.reduce((text, { from, to }) => text.replaceAll(from, to), authorization),
      }),
    }
    const onward = request(`${target}${incoming.url}`, { method: incoming.method ?? 'GET', headers: all }, (answer) => {
      void bodyOf(answer).then((text) => {
        // So that what follows comes this way too.
        const rewritten = text.replaceAll(target, url)
        for (const found of text.matchAll(/"access_token":\s*"([^"]+)"/g)) seen.add(found[1] ?? '')
        const { 'content-length': _length, 'transfer-encoding': _coding, ...kept } = answer.headers
        response.writeHead(answer.statusCode ?? 502, kept).end(rewritten)
      })
    })
    onward.on('error', () => response.destroy())
    onward.end(swapped)
  }

  const url = await listening(server)
  const sentTo = await listening(elsewhere)
  return {
    url,
    passTo(to, rewrites) {
      target = to
      swaps = rewrites
    },
    echo: (next) => {
      how = next
    },
    credentials: () => [...seen],
    echoed: () => echoed,
    followed: () => followed,
    async close() {
      for (const one of [server, elsewhere]) {
        one.closeAllConnections()
        await new Promise((resolve) => one.close(resolve))
      }
    },
  }
}

function echo(args: {
  readonly incoming: IncomingMessage
  readonly body: string
  readonly response: ServerResponse
  readonly sentTo: string
  readonly shape: Shape
  readonly status: number
}): void {
  const { incoming, body, response, sentTo, shape, status } = args
  const { authorization = '' } = incoming.headers
  const said = `${authorization} ${body} ${JSON.stringify(incoming.headers)} ${incoming.url}`
  const json = (value: unknown) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-echo': encodeURIComponent(said).slice(0, 4_000) })
      .end(JSON.stringify(value))
  switch (shape) {
    case 'platform':
      // Genesys Cloud's errors are an object, Salesforce's a list of one.
      if ((incoming.url ?? '').startsWith('/services/data'))
        return void json([{ errorCode: 'UNKNOWN_EXCEPTION', message: said }])
      return void json({ code: 'bad', status, message: said, error: 'bad', error_description: said })
    case 'oauth':
      return void json({ error: 'invalid_client', error_description: said, message: said, description: said })
    case 'page':
      return void response.writeHead(status, { 'content-type': 'text/html' }).end(`<html><body>${said}</body></html>`)
    case 'status-line':
      return void response.writeHead(status, said.replace(/[^ -~]/g, '').slice(0, 2_000)).end(said)
    case 'redirect':
      return void response.writeHead(302, { location: `${sentTo}/?${encodeURIComponent(said)}` }).end()
    case 'half':
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': '100000' })
      return void response.write(JSON.stringify({ message: said }), () => response.destroy())
  }
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function bodyOf(message: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    message.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    message.on('close', () => resolve(text))
  })
}
