// At the companions' door: bare connections to say odd things with, a console that is let in, and a clock that jumps.

import { WebSocket } from 'ws'
import type { Clock } from '../../../src/domain/clock.ts'
import { AUDIENCE, cleanup, companionUrl, ORIGIN, sign, until, type World } from './kit.ts'

type Frame = { readonly type: string; readonly [key: string]: unknown }

/** A bare connection, to say odd things with. */
export function knock(world: World, origin: string | null = ORIGIN) {
  const socket = new WebSocket(companionUrl(world.adapter), {
    perMessageDeflate: false,
    ...(origin === null ? {} : { origin }),
  })
  const frames: Frame[] = []
  let code: number | null = null
  socket.on('message', (data) => void frames.push(JSON.parse(data.toString())))
  socket.on('error', () => {})
  socket.on('close', (closed) => {
    code = closed
  })
  cleanup(() => socket.terminate())
  const send = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return {
    frames,
    send,
    socket,
    opened: () => until('the socket is open', () => socket.readyState === WebSocket.OPEN),
    closed: () => until('the socket is closed', () => code),
    frame: (type: string) => until(`a ${type} frame came`, () => frames.find((frame) => frame.type === type)),
    count: (type: string) => frames.filter((frame) => frame.type === type).length,
  }
}

export type Door = ReturnType<typeof knock>

export const hello = (token: string, tab = 't1') => ({ type: 'hello', v: 1, token, tab, status: null, work: [] })

export async function admitted(world: World, tab = 't1', user = world.jane) {
  const door = knock(world)
  await door.opened()
  door.send(hello(await sign(user, AUDIENCE), tab))
  await door.frame('welcome')
  return door
}

export async function closeCodeFor(world: World, token: string): Promise<number> {
  const door = knock(world)
  await door.opened()
  door.send(hello(token))
  return await door.closed()
}

/** The real time, and as much more as it is told to skip: what falls due in between happens at once, whatever the machine is busy with. */
export function skippingClock(): Clock & { skip(ms: number): void } {
  type Timer = { readonly due: number; readonly handle: NodeJS.Timeout; fire(): void }
  const timers = new Set<Timer>()
  let skipped = 0
  const now = () => Date.now() + skipped
  return {
    now,
    after(delayMs, callback) {
      const fire = () => {
        if (!timers.delete(timer)) return
        clearTimeout(timer.handle)
        callback()
      }
      const timer: Timer = { due: now() + delayMs, handle: setTimeout(() => fire(), delayMs), fire }
      timers.add(timer)
      return () => {
        timers.delete(timer)
        clearTimeout(timer.handle)
      }
    },
    soon: (callback) => void setImmediate(callback),
    skip(ms) {
      skipped += ms
      const due = [...timers].filter((timer) => timer.due <= now()).sort((a, b) => a.due - b.due)
      for (const timer of due) timer.fire()
    },
  }
}
