// What the YAML parser has against a text, in words for someone who writes YAML once a month.

import { type Document, isScalar, visit, type YAMLError } from 'yaml'
import type { Complaint, Place, Source } from './position.ts'
import { TOO_DEEP } from './tree.ts'

/** By the parser's error codes (yaml, "ErrorCode"). */
const WORDS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'This alias is not written correctly.',
  BAD_DQ_ESCAPE:
    'This backslash sequence means nothing inside double quotes; use single quotes or double the backslash.',
  BAD_INDENT: 'The indentation does not fit what stands above; a bracket or brace may not be closed.',
  BAD_SCALAR_START: 'A value that begins with this character must be put in quotes.',
  BLOCK_IN_FLOW: 'An indented block cannot stand inside brackets or braces.',
  DUPLICATE_KEY: 'This key stands twice in the same mapping.',
  KEY_OVER_1024_CHARS: 'This key is far too long; a colon may be missing or misplaced.',
  MISSING_CHAR: 'A quote, comma, bracket, blank or colon is missing here.',
  MULTILINE_IMPLICIT_KEY: 'A key must stand on one line; a colon may be missing.',
  BLOCK_AS_IMPLICIT_KEY: 'Two colons on one line: put the value in quotes or braces.',
  TAB_AS_INDENT: 'Tabs cannot be used to indent; use blanks.',
  UNEXPECTED_TOKEN: 'This does not belong here; a quote, comma or bracket may be missing before it.',
  TAG_RESOLVE_FAILED: 'Tags (!…) mean nothing in this file.',
}

/** Comments and quoted texts are passed over whole. */
const TOKENS = /(?<=^|\s)#.*$|(?<=^|[\s[{,:])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|[[\]{}]/gm

/** One for each line: what comes behind the first is mostly its doing. */
export function syntaxComplaints(source: Source, document: Document.Parsed): readonly Complaint[] {
  const all = [...document.errors, ...document.warnings].map((problem) => complaint(source, document, problem))
  const limit = all.find(({ code }) => code === 'yaml-limits')
  if (limit) return [limit]
  const lines = new Set<number>()
  return all.filter(({ code, place }) => code !== 'yaml-syntax' || (!lines.has(place.line) && lines.add(place.line)))
}

function complaint(source: Source, document: Document.Parsed, problem: YAMLError): Complaint {
  const [start, end] = problem.pos
  const place = source.place(start, end)
  // The parser goes as deep as the text; that it could not is all that it says.
  if (/stack/i.test(problem.message)) return { code: 'yaml-limits', place, message: TOO_DEEP }
  if (problem.code === 'DUPLICATE_KEY') return duplicateKey(source, document, start)
  const quote = openQuote(document, problem)
  if (quote !== null) {
    const place = source.place(quote, quote + 1)
    const related = [{ place, message: 'opened here', cut: true }]
    const message = `The quote that is opened in line ${place.line} is not closed.`
    return { code: 'yaml-syntax', place: source.place(start, end), message, hint: 'close it', related }
  }
  const bracket = openBracket(source, start)
  if (bracket && (problem.code === 'BAD_INDENT' || start >= source.text.trimEnd().length)) {
    const message = `The "${bracket.token}" in line ${bracket.place.line} is not closed.`
    const related = [{ place: bracket.place, message: 'opened here', cut: true }]
    return { code: 'yaml-syntax', place, message, hint: numberSignHint(source.line(bracket.place.line)), related }
  }
  const message = WORDS[problem.code] ?? `This is not YAML: ${problem.message}`
  return { code: 'yaml-syntax', place, message, hint: syntaxHint(source.line(place.line), problem.code) }
}

function syntaxHint(line: string, code: string): string | undefined {
  if (code === 'TAB_AS_INDENT') return 'two blanks for each level'
  if (/^\s*(- +)?\w+: [^{[]*, *\w+:/.test(line)) return 'write { and } around it: { crm: …, telephony: … }'
  if (/^\s*[\w-]+:[^\s:]+\s*$/.test(line)) return 'write a blank after the colon'
  return numberSignHint(line)
}

function numberSignHint(line: string): string | undefined {
  return / #/.test(line) ? 'a # after a blank begins a comment: put the value in quotes' : undefined
}

/** Where the quoted text begins that goes on to where the parser gave up. */
function openQuote(document: Document.Parsed, { code, pos, message }: YAMLError): number | null {
  if (code !== 'MISSING_CHAR' || !/closing .*quote/.test(message)) return null
  let found: number | null = null
  visit(document, {
    Scalar(_key, { type, range }) {
      if (type?.startsWith('QUOTE') && range && range[0] < pos[0]) found = range[0]
    },
  })
  return found
}

/** What is still open at the end: the parser mostly trips far behind it. */
function openBracket(source: Source, end: number): { readonly token: string; readonly place: Place } | undefined {
  const open: { readonly token: string; readonly at: number }[] = []
  for (const { 0: token, index } of source.text.slice(0, end).matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push({ token, at: index })
    else if (token === '}' || token === ']') open.pop()
  }
  const last = open.at(-1)
  return last && { token: last.token, place: source.place(last.at, last.at + 1) }
}

function duplicateKey(source: Source, document: Document.Parsed, start: number): Complaint {
  const { again, first } = findTwins(document, start)
  const place = (range: Range) => source.place(range[0], range[1])
  const message = `The key "${again.name}" stands twice in the same mapping.`
  const related = first ? [{ place: place(first.range), message: 'here for the first time', cut: true }] : []
  return { code: 'duplicate-key', place: place(again.range), message, hint: 'remove one of them', related }
}

type Range = readonly [number, number, ...number[]]
type Key = { readonly name: string; readonly range: Range }

/** The key that begins at `start`, and the one of the same name before it. */
function findTwins(document: Document.Parsed, start: number): { readonly again: Key; readonly first: Key | undefined } {
  let found: { again: Key; first: Key | undefined } = {
    again: { name: '', range: [start, start + 1] },
    first: undefined,
  }
  visit(document, {
    Map(_key, map) {
      const keys = map.items.flatMap(({ key }): Key[] =>
        isScalar(key) && key.range ? [{ name: String(key.value), range: key.range }] : [],
      )
      const again = keys.find(({ range }) => range[0] === start)
      if (!again) return undefined
      found = { again, first: keys.find(({ name, range }) => name === again.name && range[0] < start) }
      return visit.BREAK
    },
  })
  return found
}
