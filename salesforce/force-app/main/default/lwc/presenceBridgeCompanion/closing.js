// What the end of a connection means: try again soon, try again later, or stop and say so.

/** 1xxx are WebSocket's own codes, 44xx those of the bridge. */
const MEANINGS = {
  1001: { next: 'again', words: 'The bridge asked this console to connect again.' },
  1006: { next: 'again', words: 'The bridge cannot be reached.' },
  1008: { next: 'later', refused: true, words: 'The bridge does not understand this version of the companion.' },
  1011: { next: 'again', words: 'The bridge had an internal error.' },
  1013: { next: 'later', words: 'The bridge has no room for another console.' },
  4401: { next: 'again', refused: true, words: 'The bridge did not accept this console’s token' },
  4403: { next: 'never', refused: true, words: 'The bridge does not accept consoles from this Salesforce address.' },
  4408: { next: 'again', words: 'This console was too slow to introduce itself.' },
  4409: { next: 'never', words: 'This tab is connected a second time. This connection was closed.' },
  4413: { next: 'later', words: 'The bridge was sent a message that was too large.' },
  4429: { next: 'later', words: 'The bridge was sent too many messages.' },
}

/**
 * `next`: 'again' with backoff, 'later' with a long one, 'never' until somebody asks for it. `refused`: the bridge is there but does not want
 * this console, which somebody has to set right.
 */
export function meaningOf(code, reason) {
  const known = MEANINGS[code] ?? { next: 'again', words: `The connection was closed (${code}).` }
  const words = code === 4401 ? `${known.words}${reason ? `: ${reason}` : ''}.` : known.words
  return { next: known.next, refused: known.refused === true, words }
}
