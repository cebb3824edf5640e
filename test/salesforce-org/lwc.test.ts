// The companion's bundle: that Salesforce's compiler takes it, and that its logic needs no browser.

import { expect, test } from '@jest/globals'
import { transformSync } from '@lwc/compiler'
import { filesOf, LWC, read } from './org-files.ts'

const ELEMENT = 'presenceBridgeCompanion.js'
const names = filesOf(LWC).map((path) => path.slice(LWC.length + 1))
const modules = names.filter((name) => name.endsWith('.js'))

test.each(names.filter((name) => /\.(js|html|css)$/.test(name)))('%s compiles', (name) => {
  const { code, warnings } = transformSync(read(`${LWC}/${name}`), name, {
    name: 'presenceBridgeCompanion',
    namespace: 'c',
  })
  expect(code.length).toBeGreaterThan(100)
  expect(warnings ?? []).toEqual([])
})

test('a template that is none does not compile', () => {
  const broken = read(`${LWC}/presenceBridgeCompanion.html`).replace('</section>', '')
  expect(() =>
    transformSync(broken, 'presenceBridgeCompanion.html', { name: 'presenceBridgeCompanion', namespace: 'c' }),
  ).toThrow()
})

test('only the element knows the browser; the other modules know each other alone', () => {
  const plain = modules.filter((name) => name !== ELEMENT)
  expect(plain.length).toBeGreaterThan(8)
  for (const name of plain) {
    const text = read(`${LWC}/${name}`).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    const browser =
      /\b(window|document|navigator|globalThis|setTimeout|setInterval|fetch|localStorage|sessionStorage|crypto)\b/
    expect([name, text.match(browser)?.[0]]).toEqual([name, undefined])
    expect([name, text.match(/\bnew WebSocket\b|Math\.random|Date\.now|new Date\(\)/)?.[0]]).toEqual([name, undefined])
    for (const [, from] of text.matchAll(/from '([^']+)'/g)) expect(modules).toContain(`${from?.replace('./', '')}.js`)
  }
})

test('every module begins by saying what it is for, and is one that is used', () => {
  const used = new Set([ELEMENT])
  for (const name of modules) {
    const text = read(`${LWC}/${name}`)
    expect([name, text.startsWith('// ')]).toEqual([name, true])
    for (const [, from] of text.matchAll(/from '\.\/([^']+)'/g)) used.add(`${from}.js`)
  }
  expect([...used].sort()).toEqual([...modules].sort())
})
