// Carries out what the bridge asks for: one command after the other, each once, and only while it still fits. The bridge decides; here it is
// only checked that the world is still the one it decided for.

import { ANSWERS_MAX, COMMANDS_WAITING_MAX, MESSAGE_MAX } from './limits'
import { clip } from './records'

export const OFFLINE = 'Offline'

/** What the toolkit says when a status may not be used is not documented; these words are a guess that only sharpens the answer. */
const NOT_GRANTED = /\b(access|grant(ed)?|permission|permitted|privilege|authori[sz]ed|allowed)\b/i

/**
 * `statusNamed(apiName)`: the org's status of that name, or undefined. `orgClock`: what time it is for the bridge.
 * `showed(status)`: the agent already was in the status that was asked for.
 */
export function createCommands({ toolkit, orgClock, statusNamed, showed }) {
  const answers = new Map()
  let waiting = 0
  let tail = Promise.resolve()

  /** Calls `answer(result, fresh)` once for each time that the command comes, in the order in which the commands came. */
  function take(command, answer) {
    if (waiting >= COMMANDS_WAITING_MAX) {
      answer(failed('toolkit', 'Too many commands are waiting in this console.'), true)
      return
    }
    waiting += 1
    tail = tail.then(async () => {
      const known = answers.get(command.cmd)
      const result = known ?? (await carryOut(command))
      waiting -= 1
      remember(command.cmd, result)
      answer(result, known === undefined)
    })
  }

  function remember(cmd, result) {
    answers.set(cmd, result)
    if (answers.size > ANSWERS_MAX) answers.delete(answers.keys().next().value)
  }

  async function carryOut(command) {
    try {
      return command.type === 'work' ? await work(command) : await setStatus(command)
    } catch (error) {
      return failed('toolkit', wordsOf(error))
    }
  }

  async function setStatus({ apiName, expect, expiresAt }) {
    if (expired(expiresAt)) return tooLate()
    const now = await toolkit.status()
    if (apiName === OFFLINE && now === null) return done()
    // Setting a status logs in who is logged out, and only people log in.
    if (now === null) return loggedOut()
    if (expect !== null && expect !== undefined && expect !== now.apiName)
      return failed('expected_other', `The agent is in ${now.apiName}, not in ${expect}.`)
    if (now.apiName === apiName) {
      showed(now)
      return done()
    }
    if (apiName === OFFLINE) return await logOut(expiresAt)
    return await change(apiName, expiresAt)
  }

  async function logOut(expiresAt) {
    if (expired(expiresAt)) return tooLate()
    return (await toolkit.logout()) === false ? failed('toolkit', 'Omni-Channel did not log out.') : done()
  }

  async function change(apiName, expiresAt) {
    const status = await statusNamed(apiName)
    if (!status)
      return failed('not_granted', `This org shows its users no presence status with the API name ${apiName}.`)
    // Finding the status took a moment: looked at again, with nothing between this and the call.
    if (expired(expiresAt)) return tooLate()
    if (toolkit.loggedOut()) return loggedOut()
    const told = await toolkit.setStatus(status.id).catch((error) => error)
    if (told instanceof Error) return refused(told)
    if (told === false) return failed('toolkit', 'Omni-Channel did not change the status.')
    const shown = told?.statusApiName
    return shown && shown !== apiName ? failed('toolkit', `Omni-Channel shows ${shown} instead of ${apiName}.`) : done()
  }

  async function work({ action, workId, reason, expiresAt }) {
    if (expired(expiresAt)) return tooLate()
    const act = { accept: toolkit.accept, decline: toolkit.decline, close: toolkit.close }[action]
    if (!act) return failed('toolkit', `This companion cannot ${action} work.`)
    return (await act(workId, reason)) === false
      ? failed('toolkit', `Omni-Channel did not ${action} the work.`)
      : done()
  }

  /** A command without an end, or with one that cannot be read, does not expire. */
  function expired(expiresAt) {
    const end = Date.parse(expiresAt ?? '')
    return !Number.isNaN(end) && orgClock.now() >= end
  }

  return { take }
}

function done() {
  return { ok: true }
}

function failed(error, message) {
  return { ok: false, error, message: clip(message, MESSAGE_MAX) }
}

function refused(error) {
  const words = wordsOf(error)
  return failed(NOT_GRANTED.test(words) ? 'not_granted' : 'toolkit', words)
}

function loggedOut() {
  return failed('logged_out', 'The agent is not logged in to Omni-Channel.')
}

function tooLate() {
  return failed('expired', 'The command came too late.')
}

function wordsOf(error) {
  return error instanceof Error ? error.message : String(error)
}
