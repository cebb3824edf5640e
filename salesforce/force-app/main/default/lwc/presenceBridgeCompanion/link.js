// The connection to the bridge: one at a time, dialled again when it ends, until the bridge or the page says stop. It knows nothing of
// presence; what is said first is put together by `greet`, after the socket is open, so that it is as fresh as can be.

import { backoffMs, longBackoffMs } from './backoff'
import { meaningOf } from './closing'
import * as limits from './limits'

const OPEN = 1
const UNREACHABLE = 1006
const BLOCKED = 'The browser may not connect with the bridge: its address must be a trusted URL of this org.'

/**
 * `connect(url)` gives a WebSocket. `prepare()` resolves with `{ url, token }` and `greet(token)` with the first frame; both are asked anew for
 * each connection. `onFrame(frame)`: a frame of the bridge. `onState(state)`: see `view.js` for the kinds.
 */
export function createLink({ connect, clock, random, prepare, greet, onFrame, onState }) {
  let connection = null
  // Counts dials and ends: what belongs to an earlier one finds another number and does nothing.
  let round = 0
  let failures = 0
  let state = { kind: 'off' }
  let dialledAt = Number.NEGATIVE_INFINITY
  let cancelTimer = () => {}

  function start() {
    if (state.kind === 'off' || state.kind === 'stopped') dial()
  }

  function stop() {
    drop()
    tell({ kind: 'off' })
  }

  /** Until somebody asks for it, or `start`. */
  function leave(words) {
    drop()
    tell({ kind: 'stopped', words, refused: false })
  }

  /** The page came back, or the network: what waits is dialled, what is open is tried. A long wait was asked for and stays. */
  function wake() {
    if (state.kind === 'waiting' && !state.long && clock.now() - dialledAt >= limits.WAKE_INTERVAL_MS) dial()
    else if (state.kind === 'connected') probe(connection)
  }

  /** Somebody asks for it by hand. */
  function retry() {
    if (state.kind === 'waiting' || state.kind === 'stopped') dial()
  }

  function dial() {
    drop()
    const mine = round
    dialledAt = clock.now()
    tell({ kind: 'connecting' })
    cancelTimer = clock.after(limits.DIAL_TIMEOUT_MS, () => lost(mine, UNREACHABLE))
    prepare().then(
      ({ url, token }) => mine === round && open(mine, url, token),
      (error) => mine === round && wait({ words: error.message, refused: false, long: false }),
    )
  }

  function open(mine, url, token) {
    let socket
    try {
      socket = connect(url)
    } catch (error) {
      // A URL that is none, or one that the page's Content Security Policy forbids in some browsers.
      wait({ words: `The bridge’s address cannot be used: ${error.message}`, refused: false, long: false })
      return
    }
    const opened = { socket, held: [], greeting: false, welcome: false, askedAt: null, sentAt: [], pingedAt: 0 }
    connection = opened
    socket.onopen = () => mine === round && introduce(mine, opened, token)
    socket.onmessage = ({ data }) => mine === round && heard(mine, opened, data)
    socket.onclose = ({ code, reason }) => lost(mine, code, reason)
    socket.onerror = () => mine === round && failed(mine, opened)
  }

  /**
   * The close that follows says all that a page may know. Only where the page's Content Security Policy forbids the address does Chromium let
   * none follow.
   */
  function failed(mine, opened) {
    if (opened.welcome) return
    opened.end = clock.after(limits.BLOCKED_MS, () => {
      if (mine === round) wait({ words: BLOCKED, refused: true, long: false })
    })
  }

  function introduce(mine, opened, token) {
    opened.greeting = true
    greet(token).then(
      (frame) => {
        if (mine === round) put(opened, frame)
      },
      () => lost(mine, UNREACHABLE),
    )
  }

  function heard(mine, opened, data) {
    opened.askedAt = null
    const frame = frameIn(data)
    if (frame) onFrame(frame)
    if (mine !== round) return
    if (frame?.type === 'welcome' && state.kind !== 'connected') welcomed(mine, opened)
    else if (state.kind === 'connected') refresh(mine, opened)
  }

  function welcomed(mine, opened) {
    cancelTimer()
    opened.welcome = true
    for (const held of opened.held.splice(0)) put(opened, held)
    if (mine !== round) return
    tell({ kind: 'connected' })
    opened.pingedAt = clock.now()
    const cancelStable = clock.after(limits.STABLE_MS, () => {
      if (mine === round) failures = 0
    })
    opened.end = cancelStable
    beat(mine, opened)
  }

  /**
   * Chromium wakes a page in the background once a minute only, but counts just those timers that timers have set, five in a row. Set anew by
   * each frame that comes, as each pong does, this one stays exact; and a ping that is late all the same goes out with the frame.
   */
  function refresh(mine, opened) {
    if (clock.now() - opened.pingedAt >= limits.PING_MS) probe(opened)
    if (mine === round) beat(mine, opened)
  }

  function beat(mine, opened) {
    cancelTimer()
    const dueMs = Math.max(0, opened.pingedAt + limits.PING_MS - clock.now())
    const deadMs = opened.askedAt === null ? dueMs : Math.max(0, opened.askedAt + limits.ANSWER_MS - clock.now())
    cancelTimer = clock.after(Math.min(dueMs, deadMs), () => {
      if (mine !== round) return
      const now = clock.now()
      if (opened.askedAt !== null && now - opened.askedAt >= limits.ANSWER_MS) {
        lost(mine, UNREACHABLE)
        return
      }
      if (now - opened.pingedAt >= limits.PING_MS) probe(opened)
      if (mine === round) beat(mine, opened)
    })
  }

  /** A late timer is no silence: only a ping that went out and got nothing back is. */
  function probe(opened) {
    opened.pingedAt = clock.now()
    opened.askedAt ??= clock.now()
    put(opened, { type: 'ping' })
  }

  /**
   * Whether it was sent or will be. From the opening of the socket on nothing is lost: it waits for the welcome. What happens while nothing is
   * connected is read afresh by the next greeting.
   */
  function report(frame, { expendable = false } = {}) {
    if (!connection?.greeting) return false
    if (connection.welcome) return !(expendable && crowded(connection)) && put(connection, frame)
    if (expendable) return false
    if (connection.held.length >= limits.HELD_MAX) {
      lost(round, UNREACHABLE)
      return false
    }
    connection.held.push(frame)
    return true
  }

  function put(opened, frame) {
    if (opened.socket.readyState !== OPEN) return false
    if (opened.socket.bufferedAmount > limits.SEND_BUFFER_MAX) {
      lost(round, UNREACHABLE)
      return false
    }
    opened.socket.send(JSON.stringify(frame))
    opened.sentAt.push(clock.now())
    if (opened.sentAt.length > limits.WORKLOAD_FRAMES_MAX) opened.sentAt.shift()
    return true
  }

  function crowded({ sentAt }) {
    return sentAt.length === limits.WORKLOAD_FRAMES_MAX && clock.now() - (sentAt[0] ?? 0) < limits.FRAME_WINDOW_MS
  }

  function lost(mine, code, reason = '') {
    if (mine !== round) return
    const { next, ...why } = meaningOf(code, reason)
    if (next !== 'never') {
      wait({ ...why, long: next === 'later' })
      return
    }
    drop()
    tell({ kind: 'stopped', ...why })
  }

  function wait({ words, refused, long }) {
    drop()
    const mine = round
    const waitMs = long ? longBackoffMs(random) : backoffMs(failures, random)
    failures += 1
    cancelTimer = clock.after(waitMs, () => mine === round && dial())
    tell({ kind: 'waiting', until: clock.now() + waitMs, words, refused, long })
  }

  /** Ends whatever there is; nothing of it is heard any more. */
  function drop() {
    round += 1
    cancelTimer()
    const ended = connection
    connection = null
    if (!ended) return
    ended.end?.()
    ended.socket.onopen = ended.socket.onmessage = ended.socket.onclose = ended.socket.onerror = null
    ended.socket.close()
  }

  function tell(next) {
    state = next
    onState(next)
  }

  /** For answers: they belong to the connection on which the command came. */
  function sender() {
    const mine = round
    return (frame) => mine === round && report(frame)
  }

  return { start, stop, leave, wake, retry, report, sender }
}

/** What cannot be read, and what is no object, is nothing. */
function frameIn(data) {
  try {
    const frame = JSON.parse(data)
    return typeof frame === 'object' && frame !== null ? frame : null
  } catch {
    return null
  }
}
