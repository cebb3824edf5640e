// What the YAML parser has against a text, in words for someone who writes YAML once a month.

import { type Document, isScalar, visit, type YAMLError } from 'yaml'
import { EXCERPT_CHARS_MAX, SYNTAX_MAX } from './limits.ts'
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

/** Only the first of each line, and not very many of them: what comes behind is mostly their doing. */
export function syntaxComplaints(source: Source, document: Document.Parsed): readonly Complaint[] {
  const problems = [...document.errors, ...document.warnings]
  // The parser goes as deep as the text; that it could not is all that it says.
  const tooDeep = problems.find(({ message }) => /stack/i.test(message))
  if (tooDeep) return [{ code: 'yaml-limits', place: placeOf(source, tooDeep), message: TOO_DEEP }]
  const doubles = problems.filter(isDouble)
  const keys = doubles.length > 0 ? twinKeys(document) : new Map<number, Twins>()
  const others = problems.filter((problem) => !isDouble(problem))
  const first = new Map(others.toReversed().map((problem) => [placeOf(source, problem).line, problem]))
  return [
    ...doubles.map(({ pos: [start] }) => duplicateKey(source, keys.get(start), start)),
    ...[...first.values()]
      .reverse()
      .slice(0, SYNTAX_MAX)
      .map((problem) => complaint(source, document, problem)),
  ]
}

function isDouble({ code }: YAMLError): boolean {
  return code === 'DUPLICATE_KEY'
}

function placeOf(source: Source, { pos: [start, end] }: YAMLError): Place {
  return source.place(start, end)
}

function complaint(source: Source, document: Document.Parsed, problem: YAMLError): Complaint {
  const place = placeOf(source, problem)
  const line = source.line(place.line)
  const open = openQuote(source, document, problem) ?? openBracket(source, problem)
  if (!open) {
    const message = WORDS[problem.code] ?? `This is not YAML: ${problem.message}`
    return { code: 'yaml-syntax', place, message, hint: syntaxHint(line.slice(0, EXCERPT_CHARS_MAX), problem.code) }
  }
  const hint = numberSignHint(source.line(open.place.line)) ?? 'close it'
  const related = [{ place: open.place, message: 'opened here', cut: true }]
  const message = `The ${open.what} that is opened in line ${open.place.line} is not closed.`
  return { code: 'yaml-syntax', place, message, hint, related }
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

type Open = { readonly what: string; readonly place: Place }

/** The quote of the text that goes on to where the parser gave up. */
function openQuote(source: Source, document: Document.Parsed, { code, pos, message }: YAMLError): Open | null {
  if (code !== 'MISSING_CHAR' || !/closing .*quote/.test(message)) return null
  let found: Open | null = null
  visit(document, {
    Scalar(_key, { type, range }) {
      if (type?.startsWith('QUOTE') && range && range[0] < pos[0])
        found = { what: 'quote', place: source.place(range[0], range[0] + 1) }
    },
  })
  return found
}

/** What is still open where the indentation or the file ends: the parser mostly trips far behind it. */
function openBracket(source: Source, { code, pos: [end] }: YAMLError): Open | null {
  if (code !== 'BAD_INDENT' && end < source.text.trimEnd().length) return null
  const open: Open[] = []
  for (const { 0: token, index } of source.text.slice(0, end).matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push({ what: `"${token}"`, place: source.place(index, index + 1) })
    else if (token === '}' || token === ']') open.pop()
  }
  return open.at(-1) ?? null
}

type Range = readonly [number, number, ...number[]]
type Key = { readonly name: string; readonly range: Range }
type Twins = { readonly again: Key; readonly first: Key }

function duplicateKey(source: Source, twins: Twins | undefined, start: number): Complaint {
  const place = (range: Range) => source.place(range[0], range[1])
  const hint = 'remove one of them'
  if (!twins)
    return { code: 'duplicate-key', place: place([start, start + 1]), message: 'This key stands twice.', hint }
  const message = `The key "${twins.again.name}" stands twice in the same mapping.`
  const related = [{ place: place(twins.first.range), message: 'here for the first time', cut: true }]
  return { code: 'duplicate-key', place: place(twins.again.range), message, hint, related }
}

/** By where it begins, each key that its mapping has before it. */
function twinKeys(document: Document.Parsed): ReadonlyMap<number, Twins> {
  const found = new Map<number, Twins>()
  visit(document, {
    Map(_key, { items }) {
      const known = new Map<string, Key>()
      for (const { key } of items) {
        if (!isScalar(key) || !key.range) continue
        const again = { name: String(key.value), range: key.range }
        const first = known.get(again.name)
        if (first) found.set(key.range[0], { again, first })
        else known.set(again.name, again)
      }
    },
  })
  return found
}
