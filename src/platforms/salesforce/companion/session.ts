// One WebSocket of one console tab: hello first and in time, frames in order and not too many, and an end when nobody is there any more.
// It has no timer of its own: the server looks at all connections in turn.

import type { WebSocket } from 'ws'
import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { PlatformUserId } from '../../../domain/side.ts'
import {
  COMPANION_AGE_MAX_MS,
  COMPANION_SILENCE_MS,
  FRAME_WINDOW_MS,
  FRAMES_EARLY_MAX,
  FRAMES_MAX,
  HELLO_TIMEOUT_MS,
  SEND_BUFFER_MAX,
} from './limits.ts'
import type { Refusals } from './refusals.ts'
import { type CheckToken, TokenRefused, TooOften } from './token.ts'
import {
  type BridgeFrame,
  CLOSE,
  type CompanionFrame,
  type HelloFrame,
  helloFrame,
  parseJson,
  readFrame,
} from './wire.ts'

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
  joined(session: CompanionSession, hello: HelloFrame): void
  frame(session: CompanionSession, frame: CompanionFrame): void
  /** A frame that should have told something could not be read. */
  unreadable(session: CompanionSession): void
  gone(session: CompanionSession): void
}

export type ConnectionDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly refusals: Refusals
  readonly checkToken: CheckToken
  readonly events: SessionEvents
  /** The token was good. */
  readonly known: (connection: string) => void
}

export class CompanionConnection {
  readonly #deps: ConnectionDeps
  readonly #socket: WebSocket
  readonly #key: string
  readonly #openedAt: number
  #session: CompanionSession | null = null
  #over = false
  #heardAt: number
  #windowFrom: number
  #frames = 0
  /** While the token is checked: frames that came behind the hello. Null: nothing is being checked. */
  #early: string[] | null = null

  constructor(deps: ConnectionDeps, { socket, key }: { readonly socket: WebSocket; readonly key: string }) {
    this.#deps = deps
    this.#socket = socket
    this.#key = key
    this.#openedAt = deps.clock.now()
    this.#heardAt = this.#openedAt
    this.#windowFrom = this.#openedAt
  }

  start(): void {
    const socket = this.#socket
    socket.on('message', (data, isBinary) => this.#hear(isBinary ? null : data.toString()))
    socket.on('ping', () => this.#control(true))
    socket.on('pong', () => this.#control(false))
    socket.on('close', () => this.#end())
    // A frame that is too large, or no WebSocket at all; the close follows.
    socket.on('error', (error) =>
      this.#deps.refusals.note('companion_socket_error', { words: error.message }, 'A companion connection broke'),
    )
  }

  send(frame: BridgeFrame): void {
    this.#write(JSON.stringify(frame))
  }

  close(code: number, words: string): void {
    if (this.#over) return
    this.#end()
    this.#socket.close(code, words.slice(0, 120))
  }

  /** Looks whether the other end is still worth waiting for. */
  sweep(now: number): void {
    if (this.#over) return
    if (this.#session === null) {
      if (now - this.#openedAt >= HELLO_TIMEOUT_MS) this.close(CLOSE.noHello, 'no hello within 5 s')
      return
    }
    // A socket whose other end vanished says nothing, not even good-bye.
    if (now - this.#heardAt >= COMPANION_SILENCE_MS) this.#cut('it was not heard of any more')
    else if (now - this.#openedAt >= COMPANION_AGE_MAX_MS) this.close(CLOSE.goingAway, 'come back with a fresh token')
  }

  #write(text: string): void {
    if (this.#over) return
    if (this.#socket.bufferedAmount > SEND_BUFFER_MAX) this.#cut('it does not read')
    else this.#socket.send(text)
  }

  #cut(why: string): void {
    this.#deps.log.info({ code: 'companion_cut', user: this.#session?.user, why }, 'A console companion was cut off')
    this.#end()
    this.#socket.terminate()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#early = null
    if (this.#session) this.#deps.events.gone(this.#session)
  }

  /** Control frames of WebSocket itself: browsers send none, and they count like all others. */
  #control(answer: boolean): void {
    if (this.#over || !this.#allowed()) return
    if (this.#socket.bufferedAmount > SEND_BUFFER_MAX) this.#cut('it does not read')
    else if (answer) this.#socket.pong()
  }

  #hear(text: string | null): void {
    if (this.#over || !this.#allowed()) return
    if (text === null) this.close(CLOSE.notThisProtocol, 'text frames only')
    // Nine of ten frames of an idle console: answered without further ado.
    else if (this.#session && text === PING) this.#write(PONG)
    else if (this.#session) this.#take(this.#session, text)
    else if (this.#early === null) void this.#greet(text)
    else if (this.#early.length < FRAMES_EARLY_MAX) this.#early.push(text)
    else this.close(CLOSE.tooManyFrames, 'too many frames before the welcome')
  }

  #allowed(): boolean {
    const now = this.#deps.clock.now()
    this.#heardAt = now
    if (now - this.#windowFrom >= FRAME_WINDOW_MS) {
      this.#windowFrom = now
      this.#frames = 0
    }
    this.#frames += 1
    if (this.#frames > FRAMES_MAX) this.close(CLOSE.tooManyFrames, 'too many frames')
    return !this.#over
  }

  /** The check of the token takes a moment, and nothing may overtake the hello. */
  async #greet(text: string): Promise<void> {
    const hello = helloFrame.safeParse(parseJson(text))
    if (!hello.success) {
      this.close(CLOSE.notThisProtocol, 'the first frame must be a hello of version 1')
      return
    }
    this.#early = []
    try {
      const user = await this.#deps.checkToken(hello.data.token)
      if (!this.#over) this.#welcome(user, hello.data)
    } catch (error) {
      this.#refuse(error)
    }
  }

  #welcome(user: PlatformUserId, hello: HelloFrame): void {
    this.#deps.known(this.#key)
    const session = new Session(this, { user, tab: hello.tab, openedAt: this.#openedAt })
    this.#session = session
    const early = this.#early ?? []
    this.#early = null
    this.#deps.events.joined(session, hello)
    for (const text of early) if (!this.#over) this.#take(session, text)
  }

  #take(session: CompanionSession, text: string): void {
    try {
      const frame = readFrame(parseJson(text))
      if (frame?.type === 'ping') this.#write(PONG)
      else if (frame) this.#deps.events.frame(session, frame)
      else if (frame === null) this.#deps.events.unreadable(session)
    } catch (error) {
      this.#refuse(error)
    }
  }

  #refuse(error: unknown): void {
    const { refusals, log } = this.#deps
    if (error instanceof TokenRefused) {
      refusals.note('companion_token_refused', { words: error.message }, 'A console companion was refused')
      this.close(CLOSE.tokenRefused, error.message)
    } else if (error instanceof TooOften) {
      refusals.note('companion_too_often', { user: error.user }, 'A user opens consoles too often')
      this.close(CLOSE.tooManyFrames, 'too many connections of this user')
    } else {
      const fields = { code: 'companion_failed', error: String(error) }
      log.error(fields, 'A frame of a console companion could not be handled')
      this.close(CLOSE.failed, 'the bridge failed')
    }
  }
}

/** What is known of a console once its token was checked. */
class Session implements CompanionSession {
  readonly user: PlatformUserId
  readonly tab: string
  readonly openedAt: number
  readonly #connection: CompanionConnection

  constructor(connection: CompanionConnection, who: Pick<CompanionSession, 'user' | 'tab' | 'openedAt'>) {
    this.#connection = connection
    this.user = who.user
    this.tab = who.tab
    this.openedAt = who.openedAt
  }

  send(frame: BridgeFrame): void {
    this.#connection.send(frame)
  }

  close(code: number, words: string): void {
    this.#connection.close(code, words)
  }
}
