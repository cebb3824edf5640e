// A matrix as one HTML page that needs nothing else: to be mailed, printed, put on a wall.

import { shownText } from './columns.ts'
import type { Sheet, SheetRow, Table } from './matrix-words.ts'

const STYLE = `
:root { color-scheme: light dark; --line: #c8ccd2; --head: #f0f2f5; --ok: #0a6b3d; --dim: #5a6270 }
@media (prefers-color-scheme: dark) { :root { --line: #3a4048; --head: #22262c; --ok: #6fd39f; --dim: #9aa3b0 } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem; margin-bottom: .3rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid var(--line); padding: .3rem .55rem; text-align: left; vertical-align: top }
thead th { background: var(--head) }
tbody th { font-weight: 600; white-space: nowrap }
.works th, .works td:nth-child(2) { color: var(--ok) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0 }
dt { color: var(--dim) } dd { margin: 0 }
.notes { color: var(--dim); font-size: .9rem }
@media print {
  :root { color-scheme: light; --line: #999; --head: #eee; --ok: #000; --dim: #333 }
  body { font-size: 9.5pt; max-width: none; margin: 0; padding: 0 } .wide { overflow: visible }
  thead { display: table-header-group } tr, dl { break-inside: avoid } h2, h3 { break-after: avoid }
  @page { size: A4 landscape; margin: 12mm }
}`

export function matrixHtml({ title, facts, tables, notes }: Sheet): string {
  const list = (items: readonly string[]) => items.map((item) => `<li>${escaped(item)}</li>`).join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<ul>
${list(facts)}
</ul>
${tables.map(tableOf).join('\n')}
<ul class="notes">
${list(notes)}
</ul>
</body>
</html>
`
}

function tableOf({ heading, header, rows, work }: Table): string {
  const facts = work.facts.map(([name, fact]) => `<dt>${escaped(name)}</dt><dd>${escaped(fact)}</dd>`)
  return `<h2>${escaped(heading)}</h2>
<div class="wide"><table>
<thead><tr>${header.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(rowOf).join('\n')}
</tbody>
</table></div>
<h3>${escaped(work.heading)}</h3>
${facts.length === 0 ? '' : `<dl>\n${facts.join('\n')}\n</dl>`}`
}

function rowOf({ cells: [first = '', ...others], takesWork }: SheetRow): string {
  const cells = others.map((cell) => `<td>${escaped(cell)}</td>`).join('')
  return `<tr${takesWork ? ' class="works"' : ''}><th scope="row">${escaped(first)}</th>${cells}</tr>`
}

function escaped(text: string): string {
  return shownText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
