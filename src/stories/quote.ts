// A step as its file writes it, with a caret under what was expected and did not come.

import { isCollection, isMap, isNode, type Node, parseDocument, visit } from 'yaml'
import { columnsOf, shownText } from '../mapping/columns.ts'
import { createSource, type Place, type Source } from '../mapping/position.ts'

/** Lines of a step that are shown: a step is one line, a long one five. */
const LINES_MAX = 12

export type Quote = {
  /** Of what is marked. */
  readonly place: Place
  readonly lines: readonly string[]
}

/** `at`: where the step begins. `path`: what is marked in it; where the file does not write it out, the step itself. */
export function quoteStep(
  text: string,
  at: { readonly line: number; readonly column: number },
  path: readonly string[],
): Quote {
  const source = createSource('', text)
  const node = nodeAt(text, offsetOf(text, at))
  const [start, end] = node?.range ?? [0, 0]
  const first = at.line
  const last = node === null ? first : source.place(start + text.slice(start, end).trimEnd().length - 1, end).line
  const place = placeOf(source, node, path) ?? { ...at, length: 1 }
  return { place, lines: draw(source, { first, last }, place) }
}

function draw(
  source: Source,
  { first, last }: { readonly first: number; readonly last: number },
  place: Place,
): readonly string[] {
  const from = Math.max(first, Math.min(place.line, last) - LINES_MAX + 1)
  const to = Math.min(Math.max(last, place.line), from + LINES_MAX - 1)
  const width = String(to).length
  const lines: string[] = []
  for (let number = from; number <= to; number += 1) {
    const line = source.line(number)
    const isMarked = number === place.line
    lines.push(`${isMarked ? '>' : ' '} ${String(number).padStart(width)} | ${shownText(line)}`.trimEnd())
    if (isMarked) lines.push(`  ${' '.repeat(width)} | ${caret(line, place)}`)
  }
  return lines
}

function caret(line: string, { column, length }: Place): string {
  const before = columnsOf(shownText(line.slice(0, column - 1)))
  const under = columnsOf(shownText(line.slice(column - 1, column - 1 + length)))
  return ' '.repeat(before) + '^'.repeat(Math.max(1, under))
}

function placeOf(source: Source, node: Node | null, path: readonly string[]): Place | null {
  if (!isCollection(node)) return null
  const found = node.getIn(path, true)
  const range = isNode(found) ? found.range : null
  return range ? source.place(range[0], range[1]) : null
}

/** The mapping that begins there. */
function nodeAt(text: string, offset: number): Node | null {
  let found: Node | null = null
  visit(parseDocument(text, { logLevel: 'silent' }), {
    Map(_key, node) {
      if (!isMap(node) || node.range?.[0] !== offset) return undefined
      found = node
      return visit.BREAK
    },
  })
  return found
}

function offsetOf(text: string, { line, column }: { readonly line: number; readonly column: number }): number {
  let start = 0
  for (let number = 1; number < line; number += 1) start = text.indexOf('\n', start) + 1
  return start + column - 1
}
