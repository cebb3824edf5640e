// XML text to the named items of a definition, each with its line. A library parses: what it does not take is not XML.

import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml'
import { nameOf, type Unreadable, unreadable } from './found.ts'
import { ENTRIES_MAX } from './limits.ts'

export type XmlItem = { readonly name: string; readonly value: string; readonly line: number }

export type XmlItems = { readonly kind: 'items'; readonly items: readonly XmlItem[] } | Unreadable

/** `<item name="…">value</item>` as it is imported, or `<items>` with `<name>` and `<value>` in it as it is retrieved. */
export function parseItems(text: string): XmlItems {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  try {
    const { root } = parseXml(plain, { includeOffsets: true })
    const line = lineCounter(plain)
    const items = elements(root).flatMap((element) => itemOf(element, line))
    if (items.length > ENTRIES_MAX)
      return unreadable(`More than ${ENTRIES_MAX} items are no definition of a call centre.`)
    return { kind: 'items', items }
  } catch (error) {
    if (error instanceof RangeError) return unreadable('Its elements are nested too deeply.') // the parser goes down by recursion
    if (!(error instanceof XmlError)) throw error
    const [words = ''] = error.message.split('\n')
    return unreadable(`This is not XML: ${words.replace(/ \(line \d+, column \d+\)$/, '')}.`, error)
  }
}

function itemOf(element: XmlElement, line: (offset: number) => number): readonly XmlItem[] {
  const at = line(element.start)
  if (element.name !== 'item' && element.name !== 'items') return []
  const { name } = element.attributes
  if (name !== undefined) return [{ name: nameOf(name), value: nameOf(element.text), line: at }]
  const child = textOf(element, 'name')
  return child === null ? [] : [{ name: nameOf(child), value: nameOf(textOf(element, 'value') ?? ''), line: at }]
}

/** In the order of the document. */
function elements(root: XmlElement | null): readonly XmlElement[] {
  const found: XmlElement[] = []
  const waiting = root === null ? [] : [root]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(next)
    waiting.push(...next.children.filter((child) => child instanceof XmlElement).reverse())
  }
  return found
}

function textOf(element: XmlElement, name: string): string | null {
  const child = element.children.find((node) => node instanceof XmlElement && node.name === name)
  return child instanceof XmlElement ? child.text : null
}

/** Asked with growing offsets, so that the text is gone through once. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let counted = 0
  return (offset) => {
    line += text.slice(counted, offset).split('\n').length - 1
    counted = Math.max(counted, offset)
    return line
  }
}
