// The door of a server: passes bytes on, can be shut without anybody being told, and can throw everybody out.

import { connect, createServer, type Socket } from 'node:net'

export type Relay = {
  readonly port: number
  /** Shut: connections stay, new ones are taken, and no byte moves. */
  shut(on: boolean): void
  /** Every connection is reset. */
  cut(): void
  close(): Promise<void>
}

export async function openRelay(to: {
  readonly host: string
  readonly port: number
  readonly targetPort: number
}): Promise<Relay> {
  const pairs = new Set<readonly [outer: Socket, inner: Socket]>()
  let isShut = false
  const server = createServer((outer) => {
    const inner = connect(to.targetPort, '127.0.0.1')
    const pair = [outer, inner] as const
    pairs.add(pair)
    for (const socket of pair) socket.setNoDelay()
    for (const [from, onto] of [pair, [inner, outer] as const]) {
      from.on('data', (bytes) => onto.write(bytes))
      from.on('error', () => {})
      from.on('close', () => {
        onto.destroy()
        pairs.delete(pair)
      })
      if (isShut) from.pause()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(to.port, to.host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The relay has no port.')

  function cut(): void {
    for (const [outer] of pairs) outer.resetAndDestroy()
  }

  return {
    port: address.port,
    shut(on) {
      isShut = on
      for (const socket of [...pairs].flat()) {
        if (on) socket.pause()
        else socket.resume()
      }
    },
    cut,
    async close() {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
