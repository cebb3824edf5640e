// How many columns of a terminal a text takes, so that a caret stands under what it marks.

/** What a terminal would act on instead of showing it, or would not show at all, such as a mark that turns the direction of writing. */
const UNSHOWN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters meant
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
/** A tab is as wide as the terminal wants, so it is shown as blanks. */
const TAB = '    '
/** East Asian wide and fullwidth characters (Unicode, EastAsianWidth.txt), and what is drawn as a picture. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u
const NARROW = /^[\x20-\x7e]*$/
const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The text as it is printed: nothing in it acts on the terminal, and tabs are blanks. */
export function shownText(text: string): string {
  return text.replaceAll('\t', TAB).replace(UNSHOWN, '·')
}

/** Of a text as it is printed. */
export function columnsOf(shown: string): number {
  if (NARROW.test(shown)) return shown.length
  let columns = 0
  for (const { segment } of graphemes.segment(shown)) columns += widthOf(segment)
  return columns
}

function widthOf(grapheme: string): number {
  if (NOTHING.test(grapheme)) return 0
  return WIDE.test(grapheme) ? 2 : 1
}
