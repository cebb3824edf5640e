// Text to plain values with places, or the findings that say why not. Serves every YAML file that a person writes.

import { type Document, parseAllDocuments } from 'yaml'
import { FILE_CHARS_MAX } from './limits.ts'
import { type Complaint, createSource, type Source } from './position.ts'
import { syntaxComplaints } from './syntax.ts'
import { type Tree, toTree } from './tree.ts'

export type Parsed = {
  readonly source: Source
  /** null where the text could not be read at all. */
  readonly tree: Tree | null
  readonly complaints: readonly Complaint[]
}

/** What leaves nothing to look at. */
const FATAL: ReadonlySet<Complaint['code']> = new Set(['yaml-syntax', 'yaml-limits'])

/** What YAML does not allow in a text; also what a reader puts where bytes are not UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters meant
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/

/** A line may end as on any system; places count the same in all. */
const BARE_CR = /\r(?!\n)/g

export function parseYaml(text: string, { file }: { readonly file: string }): Parsed {
  const source = createSource(file, text.replace(/^\uFEFF/, '').replace(BARE_CR, '\n'))
  if (source.text.length > FILE_CHARS_MAX) {
    const limit = FILE_CHARS_MAX.toLocaleString('en')
    return refused(source, 'file-too-large', `The file is too large: at most ${limit} characters are read.`)
  }
  const unreadable = source.text.search(UNREADABLE)
  if (unreadable >= 0) return notText(source, unreadable)
  const documents = [...parseAllDocuments(source.text, { version: '1.2', prettyErrors: false, strict: true })]
  const [first, second] = documents
  if (!first) return refused(source, 'empty-file', 'The file is empty.')
  if (second) return severalDocuments(source, second)
  return oneDocument(source, first)
}

function notText(source: Source, at: number): Parsed {
  const code = source.text.charCodeAt(at)
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  const message =
    code === 0xfffd || code === 0
      ? 'From here on the file is not UTF-8 text.'
      : `The character ${name}, which cannot be seen, is not allowed here.`
  const hint = code === 0xfffd || code === 0 ? 'save the file with the encoding UTF-8' : 'delete it'
  const complaint = { code: 'unreadable-character', place: source.place(at, at + 1), message, hint } as const
  return { source, tree: null, complaints: [complaint] }
}

function oneDocument(source: Source, document: Document.Parsed): Parsed {
  const problems = syntaxComplaints(source, document)
  if (problems.some(({ code }) => FATAL.has(code))) return { source, tree: null, complaints: problems }
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
