// Connections that have not said who they are, from their first byte to a good hello. There is room for so many, and the one that has waited
// longest makes room for the next: who holds places without a word cannot keep out those who speak.

import type { Socket } from 'node:net'
import { STRANGERS_MAX, STRANGERS_PER_ADDRESS_MAX } from './limits.ts'

type Stranger = { readonly socket: Socket; readonly address: string }

type Strangers = {
  enter(socket: Socket): void
  /** Its token was good: nobody cuts it for its place any more. */
  known(key: string): void
  count(): number
  /** Cuts all of them. */
  clear(): void
}

type Limits = { readonly all: number; readonly perAddress: number }

export function createStrangers(deps: {
  /** One was cut for want of room. */
  readonly cut: (address: string) => void
  readonly limits?: Limits
}): Strangers {
  const { all, perAddress } = deps.limits ?? { all: STRANGERS_MAX, perAddress: STRANGERS_PER_ADDRESS_MAX }
  // In the order in which they came.
  const present = new Map<string, Stranger>()
  const counts = new Map<string, number>()

  function leave(key: string): void {
    const gone = present.get(key)
    if (!gone) return
    present.delete(key)
    const left = (counts.get(gone.address) ?? 1) - 1
    if (left > 0) counts.set(gone.address, left)
    else counts.delete(gone.address)
  }

  /** The one that has waited longest, of one address or of all. */
  function cutOldest(address: string | null): void {
    for (const [key, stranger] of present) {
      if (address !== null && stranger.address !== address) continue
      leave(key)
      stranger.socket.destroy()
      deps.cut(stranger.address)
      return
    }
  }

  return {
    enter(socket) {
      const address = networkOf(socket.remoteAddress ?? '')
      if ((counts.get(address) ?? 0) >= perAddress) cutOldest(address)
      else if (present.size >= all) cutOldest(null)
      const key = connectionKey(socket)
      present.set(key, { socket, address })
      counts.set(address, (counts.get(address) ?? 0) + 1)
      socket.once('close', () => leave(key))
    },
    known: leave,
    count: () => present.size,
    clear() {
      for (const { socket } of present.values()) socket.destroy()
    },
  }
}

/** The same for a connection and for the TLS socket around it; no two open ones share it. */
export function connectionKey(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${socket.remoteAddress} ${socket.remotePort}`
}

/** One IPv6 customer has at least 64 bits of addresses: all of them count as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0')
  return [...groups, ...zeros, ...after].slice(0, 4).join(':')
}
