// Text to plain values with places, or the findings that say why not. Serves every YAML file that a person writes.

import { type Document, parseAllDocuments, type YAMLError } from 'yaml'
import { FILE_CHARS_MAX } from './limits.ts'
import { type Complaint, createSource, type Source } from './position.ts'
import { type Tree, toTree } from './tree.ts'

export type Parsed = {
  readonly source: Source
  /** null where the text could not be read at all. */
  readonly tree: Tree | null
  readonly complaints: readonly Complaint[]
}

/** The parser's error codes (yaml, "ErrorCode") in words for someone who writes YAML once a month. */
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

export function parseYaml(text: string, { file }: { readonly file: string }): Parsed {
  const source = createSource(file, text.replace(/^\uFEFF/, ''))
  if (source.text.length > FILE_CHARS_MAX) {
    const limit = FILE_CHARS_MAX.toLocaleString('en')
    return refused(source, 'file-too-large', `The file is too large: at most ${limit} characters are read.`)
  }
  const documents = [...parseAllDocuments(source.text, { version: '1.2', prettyErrors: false, strict: true })]
  const [first, second] = documents
  if (!first) return refused(source, 'empty-file', 'The file is empty.')
  if (second) return severalDocuments(source, second)
  return oneDocument(source, first)
}

function oneDocument(source: Source, document: Document.Parsed): Parsed {
  const problems = [...document.errors, ...document.warnings].map((problem) => syntax(source, problem))
  if (problems.some(({ code }) => code === 'yaml-syntax')) return { source, tree: null, complaints: problems }
  const { tree, complaints } = toTree(document, source)
  const all = [...problems, ...complaints]
  // What an alias should have brought in is missing: what would be said about the rest is guesswork.
  if (complaints.some(({ code }) => code === 'unknown-alias' || code === 'yaml-limits'))
    return { source, tree: null, complaints: all }
  if (tree.value === null) return { source, tree: null, complaints: [...all, ...emptiness(source)] }
  if (typeof tree.value === 'object' && !Array.isArray(tree.value)) return { source, tree, complaints: all }
  const kind = Array.isArray(tree.value) ? 'a list' : 'a single value'
  const place = tree.spot([])?.value ?? source.place(0, 1)
  const message = `Expected keys with values, such as "mapped: …", but the whole file is ${kind}.`
  return { source, tree: null, complaints: [...all, { code: 'not-a-mapping', place, message }] }
}

function emptiness(source: Source): readonly Complaint[] {
  return refused(source, 'empty-file', 'The file is empty.').complaints
}

function severalDocuments(source: Source, second: Document.Parsed): Parsed {
  const start = second.range[0]
  const message = 'The file holds more than one YAML document; only one is allowed.'
  const hint = 'remove the line "---" or split the file'
  return {
    source,
    tree: null,
    complaints: [{ code: 'several-documents', place: source.place(start, start + 1), message, hint }],
  }
}

function refused(source: Source, code: Complaint['code'], message: string): Parsed {
  return { source, tree: null, complaints: [{ code, place: source.place(0, 1), message }] }
}

function syntax(source: Source, problem: YAMLError): Complaint {
  const [start, end] = problem.pos
  const message = WORDS[problem.code] ?? `This is not YAML: ${problem.message}`
  if (problem.code !== 'DUPLICATE_KEY') return { code: 'yaml-syntax', place: source.place(start, end), message }
  const key = /^(?:"[^"\n]*"|'[^'\n]*'|[^:\n]+?(?=\s*:))/.exec(source.text.slice(start))?.[0] ?? ' '
  return {
    code: 'duplicate-key',
    place: source.place(start, start + key.length),
    message: `The key ${quoted(key)} stands twice in the same mapping.`,
  }
}

function quoted(key: string): string {
  return /^["']/.test(key) ? key : `"${key}"`
}
