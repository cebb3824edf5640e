// Questions to the Omni-Channel toolkit and their answers. The toolkit lives in the Aura component around this one, so a question goes out as
// an event and its answer comes back as a call.

import { CALLS_MAX } from './limits'

/** `ask({ call, method, args })` puts the question; `answered` is called with the answer. */
export function createCalls({ ask, clock }) {
  const waiting = new Map()
  let calls = 0

  /** Resolves with what the toolkit gave; rejects with its own words, or when it says nothing for so long. */
  function call(method, args, { timeoutMs }) {
    if (waiting.size >= CALLS_MAX) return Promise.reject(new Error('Too many questions to Omni-Channel are open.'))
    calls += 1
    const id = String(calls)
    return new Promise((resolve, reject) => {
      const cancel = clock.after(timeoutMs, () => {
        waiting.delete(id)
        reject(new Error(`Omni-Channel did not answer ${method} within ${timeoutMs / 1000} s.`))
      })
      waiting.set(id, { resolve, reject, cancel })
      ask({ call: id, method, args })
    })
  }

  /** Late answers and answers to nothing mean nothing. */
  function answered({ call: id, ok, result, message }) {
    const entry = waiting.get(id)
    if (!entry) return
    waiting.delete(id)
    entry.cancel()
    if (ok) entry.resolve(result)
    else entry.reject(new Error(message || 'Omni-Channel refused without saying why.'))
  }

  return { call, answered }
}
