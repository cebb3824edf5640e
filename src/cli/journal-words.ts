// What was removed of a person, and what was not, in words.

import type { Forgotten } from '../domain/forgotten.ts'

export function decisionsOf(count: number): string {
  return counted(count, 'decision')
}

/** `setAside`: damaged journals that lie beside this one. */
export function removedWords(agent: string, removed: Forgotten, setAside: readonly string[]): string {
  const { decisions, outcomes, states, people, marks, events } = removed
  const parts = [
    decisionsOf(decisions),
    counted(outcomes, 'outcome'),
    ...(states > 0 ? ['what was remembered to go on'] : []),
    ...(people > 0 ? ['who they are'] : []),
    ...(marks > 0 ? [counted(marks, 'mark')] : []),
    ...(events > 0 ? [`their name in ${counted(events, 'event')}`] : []),
  ]
  const lines = [`Removed of ${agent}: ${parts.join(', ')}.`, ...left(removed, setAside)]
  return `${lines.join('\n')}\n`
}

function left({ mappings, logEmptied, keptInStep }: Forgotten, setAside: readonly string[]): readonly string[] {
  return [
    ...(keptInStep
      ? [
          'They are kept in step as before: what is decided from now on is recorded again, until they are not kept in step any more.',
        ]
      : []),
    ...(mappings > 0
      ? [`${counted(mappings, 'mapping file')} that were in force name them, and stay as they were.`]
      : []),
    ...(logEmptied
      ? []
      : [
          'Somebody is reading the journal, so its log could not be emptied: what follows writes over it. Ask again to be sure.',
        ]),
    ...setAside.map((path) => `${path} was set aside as damaged and may have records of them: delete it.`),
    'Copies of the journal and what was printed to stdout are not touched.',
  ]
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
