// npm run sim -- --seed S --runs N --agents A --events E: prints what was run, and of a failing run its seed, what happened and what was decided.

import { parseArgs } from 'node:util'
import { simulate } from './run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '200' },
    agents: { type: 'string', default: '3' },
    events: { type: 'string', default: '80' },
    verbose: { type: 'boolean', default: false },
  },
})
const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed)
const runs = values.seed !== undefined && process.argv.every((a) => !a.startsWith('--runs')) ? 1 : Number(values.runs)
const began = performance.now()
let acts = 0
let decisions = 0
let failed = 0
for (let n = 0; n < runs; n += 1) {
  const result = await simulate({ seed: first + n, agents: Number(values.agents), events: Number(values.events) })
  acts += result.figures.acts
  decisions += result.figures.decisions
  if (result.problems.length === 0 && !values.verbose) continue
  if (result.problems.length > 0) failed += 1
  console.log(`seed ${result.seed}: ${result.problems.join('\n  ')}`)
  if (failed > 3 && !values.verbose) break
  const agent = /agent\d+/.exec(result.problems[0] ?? '')?.[0]
  for (const line of result.story.filter((l) => agent === undefined || l.includes(agent) || !l.includes('agent')))
    console.log(`    ${line}`)
  for (const r of result.records.filter((r) => agent === undefined || r.agent === agent)) {
    const writes = r.writes.map((w) => `${w.side} ${w.status}`).join(', ')
    console.log(
      `    ${r.time} ${r.event.side ?? ''} ${r.event.kind} ${r.event.to ?? r.event.item ?? ''} ${r.event.state ?? ''} → ${r.decisions.map((d) => `${d.side} ${d.reason} ${d.from}→${d.to}`).join('; ')} ${writes === '' ? '' : `[${writes}]`}`,
    )
  }
}
const seconds = (performance.now() - began) / 1000
console.log(
  `${runs} runs from seed ${first}: ${acts} acts, ${decisions} decisions in ${seconds.toFixed(1)} s; ${failed} failed`,
)
process.exitCode = failed > 0 ? 1 : 0
