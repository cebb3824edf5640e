// What the companion shows, in words, from what stands. Plain data, so that every page that shows it shows the same.

/** `tone` colours, `mark` and `title` say the same without colour. */
const CONNECTED = {
  leads: {
    tone: 'success',
    mark: '✓',
    title: 'Connected',
    detail: 'Your Omni-Channel status is kept in step with your telephony status.',
  },
  follows: {
    tone: 'info',
    mark: '•',
    title: 'Connected, another tab leads',
    detail: 'Another console tab of yours carries out changes. This one takes over when it closes.',
  },
}

/** `state`: as `createCompanion` tells it. `now`: the browser's clock, ms since 1970. */
export function viewOf(state, now) {
  const { last, problem, notice, agent, link } = state
  return {
    ...statusView(state, now),
    agent: link.kind === 'connected' ? agent : null,
    notice: problem ?? notice,
    last: last === null ? null : lastView(last),
  }
}

function statusView({ link, lead }, now) {
  switch (link.kind) {
    case 'connected':
      return { ...(lead ? CONNECTED.leads : CONNECTED.follows), countdown: null, canRetry: false }
    case 'waiting':
      return waiting(link, now)
    case 'stopped':
      return {
        tone: 'error',
        mark: '✕',
        title: link.refused ? 'Refused by the bridge' : 'Not connected',
        detail: link.refused ? `${sentenceOf(link.words)} Please tell your administrator.` : sentenceOf(link.words),
        countdown: null,
        canRetry: true,
      }
    case 'connecting':
      return plain('Connecting …', 'Asking Salesforce for a token and the bridge for a connection.')
    default:
      return plain('Starting …', 'The companion is loading.')
  }
}

function waiting({ words, refused, until }, now) {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  return {
    tone: refused ? 'error' : 'warning',
    mark: refused ? '✕' : '!',
    title: refused ? 'Refused, trying again' : 'Not connected, trying again',
    detail: `${sentenceOf(words)} Your status is not kept in step until then.`,
    countdown: seconds === 0 ? 'Next attempt now' : `Next attempt in ${seconds} s`,
    canRetry: true,
  }
}

function plain(title, detail) {
  return { tone: 'info', mark: '…', title, detail, countdown: null, canRetry: false }
}

/** The bridge's own sentence; where it could not be done, what stood in the way. */
function lastView({ sentence, at, ok, message }) {
  const time = new Date(at)
  const [hours, minutes] = [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, '0'))
  const text = sentence ?? 'The bridge asked for a change.'
  return { time: `${hours}:${minutes}`, sentence: text, failure: ok ? null : `Not done: ${sentenceOf(message)}` }
}

/** Words of other programs end as they like. */
function sentenceOf(words) {
  return /[.!?…]$/.test(words) ? words : `${words}.`
}
