// Reads a Dockerfile as far as ours goes: stages, and instructions whose words are shell text or JSON lists. No ONBUILD, no heredocs.

export type Instruction = { readonly word: string; readonly rest: string; readonly line: number }

export type Stage = {
  readonly from: string
  readonly name: string | null
  readonly instructions: readonly Instruction[]
}

const KNOWN = new Set(
  'ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
)

export function readDockerfile(text: string): readonly Stage[] {
  const stages: { from: string; name: string | null; instructions: Instruction[] }[] = []
  for (const instruction of instructionsOf(text)) {
    if (instruction.word !== 'FROM') {
      const stage = stages.at(-1)
      if (stage === undefined) throw new Error(`Line ${instruction.line}: ${instruction.word} before the first FROM.`)
      stage.instructions.push(instruction)
      continue
    }
    const [, from = '', name = null] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.rest) ?? []
    if (from === '') throw new Error(`Line ${instruction.line}: FROM ${instruction.rest} is not understood.`)
    stages.push({ from, name, instructions: [] })
  }
  return stages
}

function instructionsOf(text: string): readonly Instruction[] {
  const found: Instruction[] = []
  let open: { text: string; line: number } | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trimStart().startsWith('#') || (open === null && raw.trim() === '')) continue
    const goesOn = raw.endsWith('\\')
    open ??= { text: '', line: index + 1 }
    open.text += `${goesOn ? raw.slice(0, -1) : raw} `
    if (goesOn) continue
    const [, word = '', rest = ''] = /^\s*(\w+)\s+([\s\S]*)$/.exec(open.text) ?? []
    if (!KNOWN.has(word)) throw new Error(`Line ${open.line}: ${word || open.text} is not understood.`)
    found.push({ word, rest: rest.trim(), line: open.line })
    open = null
  }
  return found
}

/** COPY's words: its flags, what is copied and where to. */
export function copyOf({ rest, line }: Instruction): {
  readonly from: string | null
  readonly sources: readonly string[]
  readonly target: string
} {
  const words = rest.split(/\s+/)
  const flags = words.filter((word) => word.startsWith('--'))
  const paths = words.filter((word) => !word.startsWith('--'))
  const target = paths.at(-1)
  if (target === undefined || paths.length < 2) throw new Error(`Line ${line}: COPY ${rest} is not understood.`)
  const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length) ?? null
  if (flags.some((flag) => !flag.startsWith('--from=')))
    throw new Error(`Line ${line}: a flag of COPY is not understood.`)
  return { from, sources: paths.slice(0, -1), target }
}

/** ENV and LABEL: NAME=value pairs, values perhaps in quotes. */
export function pairsOf({ rest }: Instruction): Readonly<Record<string, string>> {
  const pairs = rest.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)
  return Object.fromEntries([...pairs].map(([, name = '', quoted, plain = '']) => [name, quoted ?? plain]))
}

/** ENTRYPOINT and CMD in their JSON form. */
export function listOf({ rest, line }: Instruction): readonly string[] {
  const list: unknown = JSON.parse(rest)
  if (!Array.isArray(list) || !list.every((word) => typeof word === 'string'))
    throw new Error(`Line ${line}: a list of words is expected.`)
  return list
}

/** The last one of its word counts, as for an engine. */
export function lastOf(stage: Stage, word: string): Instruction | null {
  return stage.instructions.findLast((instruction) => instruction.word === word) ?? null
}
