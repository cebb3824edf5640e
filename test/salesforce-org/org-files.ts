// The files of the org package, for tests that look at them.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseXml, XmlElement } from '@rgrove/parse-xml'

export const PACKAGE = 'salesforce/force-app'
export const SOURCES = `${PACKAGE}/main/default`
export const LWC = `${SOURCES}/lwc/presenceBridgeCompanion`
export const AURA = `${SOURCES}/aura/presenceBridgeUtility`

/** Every file below, by its path from the folder of the project. */
export function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

export const read = (path: string): string => readFileSync(path, 'utf8')

/** The texts of every element of this name, wherever it stands. Throws where the text is no XML. */
export function textsOf(xml: string, name: string): readonly string[] {
  return elementsOf(xml, name).map(({ text }) => text.trim())
}

export function elementsOf(xml: string, name: string): readonly XmlElement[] {
  const found: XmlElement[] = []
  const visit = (element: XmlElement): void => {
    if (element.name === name) found.push(element)
    for (const child of element.children) if (child instanceof XmlElement) visit(child)
  }
  const { root } = parseXml(xml)
  if (root) visit(root)
  return found
}
