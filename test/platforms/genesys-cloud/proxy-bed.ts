// A company's network in small: the stand-in organisation behind TLS, and a proxy that opens tunnels and writes down which.

import { once } from 'node:events'
import { createServer as createHttp, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTls } from 'node:tls'
import { generate } from 'selfsigned'

export type CompanyProxy = {
  readonly url: string
  /** "localhost:1234", one for each tunnel that was asked for. */
  readonly tunnels: readonly string[]
  /** From now on nobody gets a tunnel. */
  refuse(): void
  close(): Promise<void>
}

export type TlsDoor = {
  readonly url: string
  readonly certificate: string
  /** Where what comes in leads to. */
  leadTo(port: number): void
  close(): Promise<void>
}

export async function openProxy(credentials?: string): Promise<CompanyProxy> {
  const tunnels: string[] = []
  let refusing = false
  const server = createHttp((_, response) => response.writeHead(405).end())
  const open = new Set<Duplex>()
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    open.add(client)
    client.on('error', () => {})
    const refusal = refusing ? '403 Forbidden' : wrong(request, credentials) && '407 Proxy Authentication Required'
    if (refusal) {
      client.end(`HTTP/1.1 ${refusal}\r\n\r\n`)
      return
    }
    const [host, port] = (request.url ?? '').split(':')
    tunnels.push(request.url ?? '')
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      client.pipe(target).pipe(client)
    })
    open.add(target)
    target.on('error', () => client.destroy())
    client.on('close', () => target.destroy())
  })
  const port = await listen(server)
  return {
    url: `http://${credentials ? `${credentials}@` : ''}127.0.0.1:${port}`,
    tunnels,
    refuse() {
      refusing = true
    },
    close: () => closed(server, open),
  }
}

export async function openTlsDoor(): Promise<TlsDoor> {
  const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: 'localhost' }] }]
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...{ keySize: 2048, algorithm: 'sha256', extensions },
  })
  let inner = 0
  const open = new Set<Duplex>()
  const server = createTls({ key: made.private, cert: made.cert }, (client) => {
    const target = connect(inner, '127.0.0.1')
    for (const socket of [client, target]) {
      open.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(target).pipe(client)
    target.on('close', () => client.destroy())
    client.on('close', () => target.destroy())
  })
  const port = await listen(server)
  return {
    url: `https://localhost:${port}`,
    certificate: made.cert,
    leadTo(to) {
      inner = to
    },
    close: () => closed(server, open),
  }
}

/** A port at which nobody answers. */
export async function deadPort(): Promise<number> {
  const server = createTcp()
  const port = await listen(server)
  await closed(server, new Set())
  return port
}

function wrong(request: IncomingMessage, credentials: string | undefined): boolean {
  if (credentials === undefined) return false
  return request.headers['proxy-authorization'] !== `Basic ${Buffer.from(credentials).toString('base64')}`
}

async function listen(server: Server): Promise<number> {
  server.listen(0)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function closed(server: Server, open: ReadonlySet<Duplex>): Promise<void> {
  for (const socket of open) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
}
