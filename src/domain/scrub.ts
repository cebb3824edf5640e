// Blanks secrets in texts that others wrote: a platform, a proxy or a library may repeat in an error what it was sent.
// The last line of defence, not the first: nothing may rely on it.

export type Scrub = {
  /** Known secrets, and what has the form of one: for lines of the bridge's own. */
  line(text: string): string
  /** Also whatever looks like a token, known or not: for words from outside. */
  words(text: string): string
}

const DOTS = '•••'
/** What is shorter is no secret worth the name, and would be found in the middle of words. */
const KNOWN_CHARS_MIN = 6
/** Of a secret that was cut off, so many characters tell that it is one. */
const HEAD_CHARS = 8
/** Shorter ones are blanked whole only: their beginning may be a word. */
const CUT_CHARS_MIN = 12

/** Each with what is put in its place. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, DOTS],
  [/\b(Bearer|Basic)(\s+)[\w.~+/=!-]{12,}/gi, `$1$2${DOTS}`],
  // Every JSON Web Token begins like this.
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, DOTS],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:"']*:[^\s/@"']*@/gi, `$1${DOTS}@`],
  [
    /\b((?:client_secret|access_token|refresh_token|id_token|assertion|password|passphrase)\\?["']?\s*[=:]\s*\\?["']?)[^\s"'&,;}\\]+/gi,
    `$1${DOTS}`,
  ],
]

/** Long, with capitals, small letters and digits: no word, no host, no UUID and no hash is like this. */
const TOKEN_LIKE = /(?<![\w.~+=!-])(?=[\w.~+=!-]*[a-z])(?=[\w.~+=!-]*[A-Z])(?=[\w.~+=!-]*\d)[\w.~+=!-]{32,}/g

/** `secrets`: those that are known, as they stand in the settings. */
export function createScrub(secrets: readonly string[]): Scrub {
  const known = knownIn(secrets)
  const line = (text: string): string => {
    const without = known === null ? text : text.replace(known, DOTS)
    return FORMS.reduce((left, [form, instead]) => left.replace(form, instead), without)
  }
  return { line, words: (text) => line(text).replace(TOKEN_LIKE, DOTS) }
}

/** As they are, and as they stand in addresses, forms and JSON. */
function knownIn(secrets: readonly string[]): RegExp | null {
  const shapes = secrets
    .flatMap((secret) => secret.split('\n'))
    .map((text) => text.trim())
    .filter(({ length }) => length >= KNOWN_CHARS_MIN)
    .flatMap((text) => [text, ...encoded(text), JSON.stringify(text).slice(1, -1)])
  const all = [...new Set(shapes)].sort((a, b) => b.length - a.length).map(patternOf)
  return all.length === 0 ? null : new RegExp(all.join('|'), 'g')
}

function encoded(text: string): readonly string[] {
  // A half of a surrogate pair cannot stand in an address at all.
  const inAddress = encodeURIComponent(text.toWellFormed())
  return [inAddress, inAddress.replaceAll('%20', '+'), encodeURI(text.toWellFormed())]
}

/** Long ones also where they were cut off. */
function patternOf(text: string): string {
  const escaped = (part: string) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return text.length < CUT_CHARS_MIN
    ? escaped(text)
    : `${escaped(text)}|${escaped(text.slice(0, HEAD_CHARS))}[^\\s"'&]*`
}
