// The support guide's outputs: what stands between its marks is what the commands said, but for what is different every day.

import { readFileSync, writeFileSync } from 'node:fs'

const GUIDE = 'docs/support.md'

export type Shown = { readonly id: string; readonly command: readonly string[]; readonly output: string }

/** Writes the outputs into the guide. Throws where it has no place for one. */
export function writeGuide(all: readonly Shown[]): void {
  let text = readFileSync(GUIDE, 'utf8')
  for (const { id, command, output } of all) {
    const found = placeOf(text, id)
    const block = `\n\`\`\`console\n$ presence-bridge ${command.join(' ')}\n${output.trimEnd()}\n\`\`\`\n`
    text = text.slice(0, found.begin) + block + text.slice(found.end)
  }
  writeFileSync(GUIDE, text)
}

/** What stands there, command and output. */
export function inGuide(id: string): string {
  const text = readFileSync(GUIDE, 'utf8')
  const { begin, end } = placeOf(text, id)
  return text.slice(begin, end)
}

/** Complaints that the guide has a place for. */
export function idsInGuide(): readonly string[] {
  return [...readFileSync(GUIDE, 'utf8').matchAll(/<!-- output: (\S+) -->/g)].map(([, id]) => id ?? '')
}

function placeOf(text: string, id: string): { readonly begin: number; readonly end: number } {
  const mark = `<!-- output: ${id} -->`
  const at = text.indexOf(mark)
  const begin = at + mark.length
  const end = text.indexOf('<!-- end -->', begin)
  if (at < 0 || end < 0) throw new Error(`${GUIDE} has no place for ${id}: "${mark}" and "<!-- end -->".`)
  return { begin, end }
}

/** The share of three words in a row that both have, 0 to 1. */
export function alikeness(a: string, b: string): number {
  const [one, other] = [phrases(a), phrases(b)]
  return one.intersection(other).size / one.union(other).size
}

function phrases(text: string): Set<string> {
  const words = withoutWhatVaries(text).split(/\s+/)
  return new Set(words.map((_, at) => words.slice(at, at + 3).join(' ')))
}

/** Times, lengths, how often and ids of work are others each time. */
function withoutWhatVaries(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'ID')
    .replaceAll(/\b[0-9a-zA-Z]{15,18}\b/g, 'ID')
    .replaceAll(/[─━═│┃┆┊╎▏▐█░▒▓!]+/g, '')
    .replaceAll(/\d[\d:.,-]*( (ms|s|min|h)\b)?/g, 'N')
    .replaceAll(/(N )+/g, 'N ')
}
