// One WebSocket of one console tab: hello first and in time, frames in order and not too many, and an end when nobody is there any more.

import type { WebSocket } from 'ws'
import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import { type CheckToken, TokenRefused } from './companion-token.ts'
import {
  type BridgeFrame,
  CLOSE,
  type CompanionFrame,
  type HelloFrame,
  helloFrame,
  parseJson,
  readFrame,
} from './companion-wire.ts'
import { COMPANION_SILENCE_MS, FRAME_WINDOW_MS, FRAMES_MAX, HELLO_TIMEOUT_MS, SEND_BUFFER_MAX } from './settings.ts'

const PING = '{"type":"ping"}'
const PONG = JSON.stringify({ type: 'pong' } satisfies BridgeFrame)

export type CompanionSession = {
  readonly user: PlatformUserId
  readonly tab: string
  /** When the connection was accepted, ms since 1970: what its hello says was true at some time after. */
  readonly openedAt: number
  send(frame: BridgeFrame): void
  close(code: number, words: string): void
}

export type SessionEvents = {
  /** Whether the token's user is one of the bridge's people. */
  knows(user: PlatformUserId): boolean
  joined(session: CompanionSession, hello: HelloFrame): void
  frame(session: CompanionSession, frame: CompanionFrame): void
  /** A frame that should have told something could not be read. */
  unreadable(session: CompanionSession): void
  gone(session: CompanionSession): void
}

type SessionDeps = {
  readonly socket: WebSocket
  readonly clock: Clock
  readonly log: Log
  readonly checkToken: CheckToken
  readonly events: SessionEvents
}

export function serveCompanion(deps: SessionDeps): void {
  const { socket, clock, log, events } = deps
  let session: CompanionSession | null = null
  let over = false
  const openedAt = clock.now()
  let heardAt = openedAt
  let windowFrom = openedAt
  let frames = 0
  let tail: Promise<void> = Promise.resolve()
  let cancelTimer = clock.after(HELLO_TIMEOUT_MS, () => close(CLOSE.noHello, 'no hello within 5 s'))

  function close(code: number, words: string): void {
    if (over) return
    end()
    socket.close(code, words.slice(0, 120))
  }

  function end(): void {
    if (over) return
    over = true
    cancelTimer()
    if (session) events.gone(session)
  }

  /** A socket whose other end vanished says nothing, not even good-bye. */
  function watchSilence(): void {
    const leftMs = heardAt + COMPANION_SILENCE_MS - clock.now()
    if (leftMs > 0) {
      cancelTimer = clock.after(leftMs, watchSilence)
      return
    }
    log.info({ code: 'companion_silent', user: session?.user }, 'A console companion was not heard of any more')
    end()
    socket.terminate()
  }

  function send(frame: BridgeFrame): void {
    if (over) return
    if (socket.bufferedAmount > SEND_BUFFER_MAX) {
      end()
      socket.terminate()
      return
    }
    socket.send(JSON.stringify(frame))
  }

  function allowed(): boolean {
    const now = clock.now()
    if (now - windowFrom >= FRAME_WINDOW_MS) {
      windowFrom = now
      frames = 0
    }
    return ++frames <= FRAMES_MAX
  }

  async function greet(value: unknown): Promise<void> {
    const hello = helloFrame.safeParse(value)
    if (!hello.success) return close(CLOSE.notThisProtocol, 'the first frame must be a hello of version 1')
    const user = await deps.checkToken(hello.data.token)
    if (over) return
    if (!events.knows(user)) throw new TokenRefused('the bridge does not look after this user')
    cancelTimer()
    watchSilence()
    session = { user, tab: hello.data.tab, openedAt, send, close }
    events.joined(session, hello.data)
  }

  async function handle(text: string): Promise<void> {
    if (over) return
    const value = parseJson(text)
    if (!session) return await greet(value)
    const frame = readFrame(value)
    if (frame?.type === 'ping') return send({ type: 'pong' })
    if (frame) events.frame(session, frame)
    if (frame === null) events.unreadable(session)
  }

  function refused(error: unknown): void {
    if (error instanceof TokenRefused) {
      log.warn({ code: 'companion_token_refused', words: error.message }, 'A console companion was refused')
      close(CLOSE.tokenRefused, error.message)
      return
    }
    log.error({ code: 'companion_failed', error: String(error) }, 'A frame of a console companion could not be handled')
    close(1011, 'the bridge failed')
  }

  socket.on('message', (data, isBinary) => {
    if (over) return
    heardAt = clock.now()
    if (!allowed()) return close(CLOSE.tooManyFrames, 'too many frames')
    if (isBinary) return close(CLOSE.notThisProtocol, 'text frames only')
    const text = data.toString()
    // Nine of ten frames of an idle console: answered without further ado.
    if (session && text === PING) {
      if (socket.bufferedAmount <= SEND_BUFFER_MAX) socket.send(PONG)
      return
    }
    // One after the other: the check of the token takes a moment, and nothing may overtake the hello.
    tail = tail.then(() => handle(text)).catch(refused)
  })
  socket.on('close', end)
  // A frame that is too large, or no WebSocket at all; the close follows.
  socket.on('error', (error) =>
    log.info({ code: 'companion_socket_error', words: error.message }, 'A companion connection broke'),
  )
}
