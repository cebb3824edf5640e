// One WebSocket of a channel: opened with a deadline, watched for silence. The platform sends a heartbeat every 30 s; a socket
// that says nothing for longer is dead, also when TCP does not know it yet.

import { WebSocket } from 'ws'
import type { Cancel, Clock } from '../../domain/clock.ts'
import type { Connection } from '../shared/backoff.ts'
import type { Agents } from './agents.ts'
import { ANSWER_BYTES_MAX, type Timing } from './settings.ts'
import { StreamFrame } from './wire.ts'

/** The upgrade was answered with an HTTP status. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused'
  readonly status: number
  constructor(status: number) {
    super(`the channel's socket was refused with ${status}`)
    this.status = status
  }
}

export type SocketDeps = {
  readonly agents: Pick<Agents, 'sockets'>
  readonly connectUri: string
  readonly clock: Clock
  readonly timing: Timing
  readonly onFrame: (frame: StreamFrame) => void
  readonly onGarbage: () => void
}

export async function openSocket(deps: SocketDeps, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted()
  const socket = new WebSocket(deps.connectUri, {
    agent: deps.agents.sockets(deps.connectUri),
    handshakeTimeout: deps.timing.dialMs,
    maxPayload: ANSWER_BYTES_MAX,
    perMessageDeflate: false,
    followRedirects: false,
  })
  const connection = watch(socket, deps)
  const giveUp = () => connection.close()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await opened(socket)
    return connection
  } catch (error) {
    connection.close()
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('unexpected-response', (request, response) => {
      request.destroy()
      reject(new UpgradeRefused(response.statusCode ?? 0))
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the socket was closed while it was opened')))
  })
}

function watch(socket: WebSocket, deps: SocketDeps): Connection {
  const { clock, timing } = deps
  let heardAt = clock.now()
  let why = 'the platform closed the socket'
  let asked = false
  let cancel: Cancel = () => {}

  function end(reason: string): void {
    why = reason
    socket.terminate()
  }

  function look(): void {
    const silentMs = clock.now() - heardAt
    if (silentMs >= timing.silenceMs) {
      end(`nothing was heard for ${Math.round(silentMs / 1_000)} s`)
      return
    }
    const ask = silentMs >= timing.pingAfterMs
    if (ask && !asked && socket.readyState === WebSocket.OPEN) {
      asked = true
      socket.send(JSON.stringify({ message: 'ping' }))
    }
    cancel = clock.after((ask ? timing.silenceMs : timing.pingAfterMs) - silentMs, look)
  }

  socket.on('message', (data) => {
    heardAt = clock.now()
    asked = false
    const frame = parseFrame(String(data))
    if (!frame) return deps.onGarbage()
    // About a minute remains to come back to the same address; the dial loop does that.
    if (frame.topicName?.toLowerCase() === 'v2.system.socket_closing') return end('the platform moves the socket')
    deps.onFrame(frame)
  })
  socket.on('error', (error) => {
    why = error.message
  })
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => {
      cancel()
      resolve(why)
    })
  })
  look()
  return { ended, close: () => end('closed by the bridge') }
}

function parseFrame(text: string): StreamFrame | undefined {
  try {
    const frame = StreamFrame.safeParse(JSON.parse(text))
    return frame.success ? frame.data : undefined
  } catch {
    return undefined
  }
}
