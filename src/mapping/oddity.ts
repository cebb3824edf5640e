// What came into a name with a copy from a document or a chat and is hardly seen in it.

type Oddity = {
  /** "a no-break space (U+00A0)" */
  readonly what: string
  /** The name as it was probably meant. */
  readonly plain: string
}

const ODD: readonly (readonly [RegExp, string])[] = [
  [/[\u00a0\u2007\u202f]/, 'a no-break space'],
  [/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/, 'a character without width'],
  [/[\u2000-\u2006\u2008-\u200a\u3000]/, 'a blank of unusual width'],
  [/[\t\n\r\u0085\u2028\u2029]/, 'a tab or line break'],
]

/** Null for a name that is what it looks like. */
export function oddity(name: string): Oddity | null {
  const plain = plainName(name)
  for (const [pattern, what] of ODD) {
    const [character] = pattern.exec(name) ?? []
    if (character) return { what: `${what} (${codeOf(character)})`, plain }
  }
  if (/^ | $/.test(name)) return { what: 'a blank before or behind it', plain }
  return / {2}/.test(name) ? { what: 'two blanks in a row', plain } : null
}

function plainName(name: string): string {
  const seen = name.replace(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
  return seen.replace(/\s+/g, ' ').trim()
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
