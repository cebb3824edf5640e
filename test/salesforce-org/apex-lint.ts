// Looks at Apex where no org can: syntax, and the few rules whose breaking hurts in production.

import { ApexErrorListener, ApexParser, ApexParserFactory } from '@apexdevtools/apex-parser'

export type ApexFile = { readonly name: string; readonly text: string }

/** What is used of a node of the parse tree. */
type Node = {
  readonly ruleIndex?: number
  readonly children?: readonly Node[] | null
  readonly start?: { readonly line: number } | null
  getText(): string
}

const LOOPS: ReadonlySet<number> = new Set([
  ApexParser.RULE_forStatement,
  ApexParser.RULE_whileStatement,
  ApexParser.RULE_doWhileStatement,
])
const RECORD_ID = /^'(?=.{0,4}[0-9])[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?'$/

class Complaints extends ApexErrorListener {
  readonly found: string[] = []
  override apexSyntaxError(line: number, column: number, words: string): void {
    this.found.push(`${line}:${column} ${words}`)
  }
}

/** One line a finding; none: nothing to say. */
export function apexFindings(files: readonly ApexFile[]): readonly string[] {
  const parsed = files.map((file) => ({ ...file, ...parse(file.text) }))
  const syntax = parsed.flatMap(({ name, complaints }) => complaints.map((words) => `${name}: syntax: ${words}`))
  if (syntax.length > 0) return syntax
  const tests = parsed.flatMap(({ tree }) => testMethods(tree)).map((method) => method.getText())
  return parsed.flatMap(({ name, tree }) => [
    ...sharing(tree).map((words) => `${name}: ${words}`),
    ...queriesInLoops(tree).map((words) => `${name}: ${words}`),
    ...recordIds(tree).map((words) => `${name}: ${words}`),
    ...debugs(tree).map((words) => `${name}: ${words}`),
    ...untested(tree, tests).map((words) => `${name}: ${words}`),
  ])
}

function parse(text: string): { readonly tree: Node; readonly complaints: readonly string[] } {
  const complaints = new Complaints()
  const { parser } = ApexParserFactory.createLexerAndParser(text, complaints)
  return { tree: parser.compilationUnit(), complaints: complaints.found }
}

function sharing(tree: Node): readonly string[] {
  return of(tree, ApexParser.RULE_typeDeclaration)
    .filter((type) => child(type, ApexParser.RULE_classDeclaration))
    .filter((type) => !modifiers(type).includes('withsharing'))
    .map((type) => `${line(type)}: a top-level class without "with sharing"`)
}

/** The query that a loop goes through is asked once; what stands in its body is asked each time. */
function queriesInLoops(tree: Node): readonly string[] {
  const bodies = of(tree, ...LOOPS).flatMap((loop) =>
    (loop.children ?? []).filter(({ ruleIndex }) => isBody(ruleIndex)),
  )
  const found = new Set(bodies.flatMap((body) => of(body, ApexParser.RULE_soqlLiteral)))
  return [...found].map((query) => `${line(query)}: a query in a loop`)
}

function isBody(rule: number | undefined): boolean {
  return rule === ApexParser.RULE_statement || rule === ApexParser.RULE_block || rule === ApexParser.RULE_parExpression
}

function recordIds(tree: Node): readonly string[] {
  return of(tree, ApexParser.RULE_literal)
    .filter((literal) => RECORD_ID.test(literal.getText()))
    .map((literal) => `${line(literal)}: a record id ${literal.getText()}`)
}

function debugs(tree: Node): readonly string[] {
  return of(tree, ApexParser.RULE_expression)
    .filter((call) => /^system\.debug\(/i.test(call.getText()))
    .map((call) => `${line(call)}: System.debug`)
}

/** Every method that a component can call is called by some test, under the name of its class. */
function untested(tree: Node, tests: readonly string[]): readonly string[] {
  const type = of(tree, ApexParser.RULE_classDeclaration)[0]
  const className = type && child(type, ApexParser.RULE_id)?.getText()
  return members(tree, '@auraenabled')
    .map((method) => child(method, ApexParser.RULE_id)?.getText() ?? '')
    .filter((method) => !tests.some((text) => text.includes(`${className}.${method}(`)))
    .map((method) => `no test calls ${className}.${method}`)
}

function testMethods(tree: Node): readonly Node[] {
  const isTest = of(tree, ApexParser.RULE_typeDeclaration).some((type) => modifiers(type).includes('@istest'))
  return isTest ? members(tree, '@istest') : []
}

/** Methods with this annotation. */
function members(tree: Node, annotation: string): readonly Node[] {
  return of(tree, ApexParser.RULE_classBodyDeclaration)
    .filter((member) => modifiers(member).some((modifier) => modifier.startsWith(annotation)))
    .flatMap((member) => child(member, ApexParser.RULE_memberDeclaration)?.children ?? [])
    .filter(({ ruleIndex }) => ruleIndex === ApexParser.RULE_methodDeclaration)
}

function modifiers(node: Node): readonly string[] {
  return (node.children ?? [])
    .filter(({ ruleIndex }) => ruleIndex === ApexParser.RULE_modifier)
    .map((modifier) => modifier.getText().toLowerCase())
}

function child(node: Node, rule: number): Node | undefined {
  return node.children?.find(({ ruleIndex }) => ruleIndex === rule)
}

/** This node and all below it that are of one of the rules, from the top. */
function of(node: Node, ...rules: readonly number[]): readonly Node[] {
  const below = (node.children ?? []).flatMap((one) => of(one, ...rules))
  return node.ruleIndex !== undefined && rules.includes(node.ruleIndex) ? [node, ...below] : below
}

function line(node: Node): string {
  return `line ${node.start?.line ?? 0}`
}
