// The report of a test run as JUnit XML, as GitLab and Jenkins read it: one suite a file, one case a story.

import type { Finding } from '../domain/finding.ts'
import { percentOf } from './coverage.ts'
import { countsOf, type FileOutcome, failureOf, type StoryOutcome, type TestRun } from './outcome.ts'
import { plainFailure } from './report-text.ts'

/** What XML 1.0 cannot hold, not even escaped, and halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters meant
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

export function junitXml(run: TestRun): string {
  const { passed, failed } = countsOf(run)
  const errors = run.files.filter(isBroken).length
  const counts = { tests: passed + failed + errors, failures: failed, errors, skipped: 0, time: seconds(run.ms) }
  const suites = run.files.map((file) => suite(file, run))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    open('testsuites', { name: 'presence-bridge', ...counts }),
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function suite(file: FileOutcome, { coverage }: TestRun): string {
  const { failed } = countsOf({ files: [file] })
  const errors = isBroken(file) ? 1 : 0
  const tests = file.outcomes.length + errors
  const found = coverage?.find(({ mappings }) => mappings === file.mappings)
  return [
    open('testsuite', { name: file.file, tests, failures: failed, errors, skipped: 0, time: seconds(file.ms) }),
    ...(found
      ? ['<properties>', `${open('property', { name: 'coverage', value: percentOf(found) }, true)}`, '</properties>']
      : []),
    ...(isBroken(file) ? [brokenFile(file)] : []),
    ...file.outcomes.map((outcome) => testCase(file, outcome)),
    '</testsuite>',
  ].join('\n')
}

function isBroken({ findings }: FileOutcome): boolean {
  return findings.length > 0
}

function brokenFile({ file, findings }: FileOutcome): string {
  const lines = findings.map((f: Finding) => `${f.file}:${f.line}:${f.column} ${f.message}`)
  const of = open('testcase', { name: 'the file can be used', classname: className(file), file, time: seconds(0) })
  const error = open('error', { message: lines[0] ?? '', type: findings[0]?.code ?? 'finding' })
  return `${of}\n${error}${escaped(lines.join('\n'))}</error>\n</testcase>`
}

function testCase(file: FileOutcome, outcome: StoryOutcome): string {
  const { story, ms } = outcome
  const about = {
    name: story.name,
    classname: className(file.file),
    file: story.file,
    line: story.line,
    time: seconds(ms),
  }
  const failure = failureOf(file.text, outcome)
  if (failure === null) return open('testcase', about, true)
  const { line, column } = failure.quote.place
  const message = failure.misses
    .map(({ what, expected, got }) => `${what}: expected ${expected}, got ${got}`)
    .join('; ')
  const text = [`${story.file}:${line}:${column}`, ...plainFailure(failure).map((part) => part.join('\n'))].join('\n\n')
  return `${open('testcase', about)}\n${open('failure', { message, type: 'expectation' })}${escaped(text)}</failure>\n</testcase>`
}

function open(name: string, attributes: Readonly<Record<string, string | number>>, isEmpty = false): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  return `<${name}${given.join('')}${isEmpty ? '/' : ''}>`
}

/** Readers take what is before the last dot for a package: the folders. */
function className(file: string): string {
  return file
    .replace(/\.[^./\\]*$/, '')
    .replaceAll('.', '_')
    .replace(/^[_/\\]+/, '')
    .replaceAll(/[/\\]+/g, '.')
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3)
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
