// HTTP as no client would speak it: bytes out, and what comes back until the other end closes or has said enough.

import { connect, type Socket } from 'node:net'

export type RawAnswer = {
  /** Null: the connection was closed without an answer. */
  readonly status: number | null
  readonly text: string
  readonly closed: boolean
}

export type RawConnection = {
  send(bytes: string | Buffer): void
  /** Resolves when the other end has taken them, or is gone. */
  sendAll(bytes: Buffer): Promise<void>
  /** When an answer is complete as far as its length tells, or the other end has closed, or after the time. */
  answer(withinMs?: number): Promise<RawAnswer>
  close(): void
}

export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect({ host: hostname, port: Number(port) })
  let text = ''
  let closed = false
  let heard = () => {}
  socket.setEncoding('latin1')
  socket.on('data', (chunk) => {
    text += String(chunk)
    heard()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
    heard()
  })
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()).once('close', () => resolve()))
  return {
    send: (bytes) => void socket.write(bytes),
    sendAll: (bytes) => new Promise((resolve) => (closed ? resolve() : socket.write(bytes, () => resolve()))),
    answer: (withinMs = 8_000) =>
      new Promise((resolve) => {
        const tell = () => {
          clearTimeout(late)
          heard = () => {}
          resolve({ status: statusOf(text), text, closed })
        }
        const late = setTimeout(tell, withinMs)
        heard = () => {
          if (closed || isComplete(text)) tell()
        }
        heard()
      }),
    close: () => socket.destroy(),
  }
}

export async function ask(url: string, bytes: string | Buffer, withinMs?: number): Promise<RawAnswer> {
  const connection = await openRaw(url)
  connection.send(bytes)
  const answer = await connection.answer(withinMs)
  connection.close()
  return answer
}

function statusOf(text: string): number | null {
  const found = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
  return found === undefined ? null : Number(found)
}

function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /^content-length: (\d+)$/im.exec(text.slice(0, end))?.[1]
  return length !== undefined && text.length >= end + 4 + Number(length)
}
