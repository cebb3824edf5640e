// The companion put together: what the bridge asks goes to the toolkit, what the toolkit tells goes to the bridge, and what stands is told to
// whoever shows it. Nothing here knows a browser: sockets, time and chance are passed in.

import { createCalls } from './calls'
import { createCommands } from './commands'
import { SETTINGS_AGE_MS } from './limits'
import { createLink } from './link'
import { createOrgClock } from './orgClock'
import { sameRecord } from './records'
import { frameOf, hello, statusFrame } from './reports'
import { createToolkit, statusOf } from './toolkit'

/**
 * The reasons with which Omni-Channel logs out a tab because the agent logged in elsewhere (Console Developer Guide): the agent is not gone, this
 * tab is. It is no witness any more, and what the bridge asked of it would be refused.
 */
const TAKEN_OVER = /^DuplicateLogin/
const TAKEN_OVER_WORDS = 'Omni-Channel was opened elsewhere. Log in to Omni-Channel here to connect this tab again.'

/**
 * `connect(url)`: a WebSocket. `clock`: `now()` and `after(ms, callback)`, which gives the function that calls it off. `ask(call)`: a question to
 * the toolkit. `readSettings()`: `{ endpoint, statuses: [{ id, apiName, label }] }`. `readToken()`: `{ token, issuedAt }`, ms since 1970.
 * `tab`: a name of this page load. `onState(state)`: what there is to show, see view.js.
 */
export function createCompanion({ connect, clock, random, ask, readSettings, readToken, tab, onState }) {
  const calls = createCalls({ ask, clock })
  const toolkit = createToolkit({ call: calls.call, clock })
  const orgClock = createOrgClock(clock)
  const commands = createCommands({
    toolkit,
    orgClock,
    statusNamed,
    // No event will tell, and the bridge waits for one.
    showed: (status) => link.report(statusFrame(status)),
  })
  const link = createLink({ connect, clock, random, prepare, greet, onFrame, onState: linked })
  let settings = null
  let takenOver = false
  let shown = { link: { kind: 'off' }, lead: false, agent: null, notice: null, last: null, problem: null }

  async function prepare() {
    await toolkit.ready()
    const { endpoint } = await freshSettings()
    const askedAt = clock.now()
    const { token, issuedAt } = await readToken()
    orgClock.heard({ told: issuedAt, askedAt })
    return { url: endpoint, token }
  }

  /** Kept for a while: consoles that all try again must not all ask Salesforce twice. */
  async function freshSettings() {
    if (settings === null || clock.now() - settings.readAt > SETTINGS_AGE_MS)
      settings = { ...(await readSettings()), readAt: clock.now() }
    return settings
  }

  async function greet(token) {
    const [status, works] = await Promise.all([toolkit.statusOrLast(), toolkit.works()])
    return hello({ token, tab, status: status && named(status), works })
  }

  async function statusNamed(apiName) {
    const find = () => settings?.statuses.find((status) => status.apiName === apiName)
    if (find()) return find()
    settings = null
    await freshSettings()
    return find()
  }

  /** Some events carry only the id. */
  function named(status) {
    if (status.apiName) return status
    const known = settings?.statuses.find(({ id }) => sameRecord(id, status.id))
    return known ? { ...status, apiName: known.apiName, label: known.label } : status
  }

  function onFrame(frame) {
    if (frame.type === 'welcome') show({ lead: frame.lead === true, agent: frame.agent ?? null, problem: null })
    if (frame.type === 'lead') show({ lead: true })
    if (frame.type === 'notice') show({ notice: frame.sentence ?? null })
    if ((frame.type === 'set_status' || frame.type === 'work') && typeof frame.cmd === 'string') carryOut(frame)
  }

  function carryOut(command) {
    const send = link.sender()
    commands.take(command, (result, fresh) => {
      send({ type: 'result', cmd: command.cmd, ...result })
      if (fresh) show({ last: { sentence: command.sentence ?? null, at: clock.now(), ...result } })
    })
  }

  function toolkitEvent({ name, params }) {
    const told = params ?? {}
    toolkit.noticed(name, told)
    if (name === 'logout' && TAKEN_OVER.test(told.reason ?? '')) {
      takenOver = true
      link.leave(TAKEN_OVER_WORDS)
      return
    }
    if (takenOver && (name === 'loginSuccess' || name === 'statusChanged')) {
      takenOver = false
      link.start()
    }
    if (name === 'connectionError') show({ problem: 'Omni-Channel reports a problem with its connection.' })
    else if (shown.problem) show({ problem: null })
    const frame = frameOf(name, told, { now: clock.now(), named: (event) => named(statusOf(event)) })
    if (frame) link.report(frame, { expendable: frame.type === 'workload' })
  }

  function linked(state) {
    // Perhaps somebody sets it right in Salesforce.
    if (state.refused) settings = null
    show(state.kind === 'connected' ? { link: state } : { link: state, lead: false, notice: null })
  }

  function show(change) {
    shown = { ...shown, ...change }
    onState(shown)
  }

  return {
    start: link.start,
    stop: link.stop,
    wake: link.wake,
    retry: link.retry,
    toolkitEvent,
    toolkitAnswer: calls.answered,
    state: () => shown,
  }
}
