// Text on its way to a terminal: colours where they are wanted, cut or broken to its width.

import { styleText } from 'node:util'
import { columnsOf, shownText } from '../mapping/columns.ts'
import { padded } from '../mapping/matrix-layout.ts'
import type { Io } from './output.ts'

type Style = Parameters<typeof styleText>[0]

export type Paint = (style: Style, text: string) => string

/** The caller has decided about colours, so the terminal is not asked again. */
export function paintFor({ color }: Pick<Io, 'color'>): Paint {
  return (style, text) => (color && text !== '' ? styleText(style, text, { validateStream: false }) : text)
}

/** Where nobody says how wide: as wide as pages and mails show well. */
const COLUMNS = 110
/** Two lanes and what is beside them need as much; in a narrower terminal lines go on below. */
const COLUMNS_MIN = 76

export function widthOf({ columns = COLUMNS }: Pick<Io, 'columns'>): number {
  return Math.max(COLUMNS_MIN, columns)
}

/** As it is printed, and no wider. */
export function fitting(text: string, width: number): string {
  const shown = shownText(text)
  if (columnsOf(shown) <= width) return shown
  let cut = ''
  for (const character of shown) {
    if (columnsOf(`${cut}${character}…`) > width) break
    cut += character
  }
  return `${cut}…`
}

/** Exactly as wide. */
export function cell(text: string, width: number): string {
  return padded(fitting(text, width), width)
}
