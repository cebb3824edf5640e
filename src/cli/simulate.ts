// presence-bridge simulate FILE: plays stories without judging them.

import { renderFindings } from '../mapping/render.ts'
import { loadStoryFile } from '../stories/load.ts'
import { runStory } from '../stories/run.ts'
import { stepLine, timeline } from '../stories/timeline.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type SimulateOptions = { readonly mappings: string | null; readonly format: 'text' | 'json' }

export async function simulate(file: string, options: SimulateOptions, io: Io): Promise<ExitCode> {
  const loaded = loadStoryFile(file, options)
  if (loaded.play === null) {
    io.err(renderFindings(loaded.findings, { format: 'text', color: io.color }))
    return EXIT.no
  }
  const { stories, rules, loadRules } = loaded.play
  for (const story of stories) {
    const results = await runStory(story, rules, loadRules)
    if (options.format === 'json') for (const result of results) io.out(`${stepLine(story.name, result)}\n`)
    else io.out(`${story.name}\n${timeline(story.start, results).replace(/^/gm, '  ')}\n\n`)
  }
  return EXIT.fine
}
