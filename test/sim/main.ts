// npm run sim: plays many random runs, or one again, or a whole day. Of a failing run it prints what is needed to understand and to repeat it.

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { schedule } from './acts.ts'
import { daySchedule } from './day.ts'
import { play, type SimResult, simulate } from './run.ts'
import { show } from './show.ts'
import { shrink } from './shrink.ts'

const HELP = `npm run sim -- [options]

  --seed S        the first seed; alone: this one run. Without it: one of its own, which is printed
  --runs N        so many runs, with seeds one after another (default 200)
  --agents A      agents in a run (default 3, in every fourth run 8; of a day 500)
  --events E      acts in a run (default 80)
  --file F        plays the run in this file (a schedule, or one of test/sim/corpus)
  --save F        writes the shortened first failing run into this file, as test/sim/corpus has them
  --why W         the line of why that goes with it
  --shrink S      seconds that shortening may take (default 20; 0: none)
  --digest        prints the SHA-256 of each run's journal
  --day           a day of a contact centre: shifts, breaks, chats and calls, and every kind of fault now and then
  --hours H       of that day (default 24)

Exit code 0: everything stood as it should. Prints what was run either way.`

const FAILURES_MAX = 3

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    seed: { type: 'string' },
    runs: { type: 'string' },
    agents: { type: 'string' },
    events: { type: 'string', default: '80' },
    file: { type: 'string' },
    save: { type: 'string' },
    why: { type: 'string', default: '' },
    shrink: { type: 'string', default: '20' },
    digest: { type: 'boolean', default: false },
    day: { type: 'boolean', default: false },
    hours: { type: 'string', default: '24' },
  },
})

const colours = process.stdout.isTTY === true
const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed)
const began = performance.now()
const total = { runs: 0, acts: 0, agentEvents: 0, reports: 0, decisions: 0, writes: 0, crashes: 0, failed: 0 }

if (values.help) console.log(HELP)
else if (values.file !== undefined) await playFile(values.file)
else if (values.day) await playDay()
else await playSeeds()

async function playSeeds(): Promise<void> {
  const runs = values.runs !== undefined ? Number(values.runs) : values.seed === undefined ? 200 : 1
  for (let n = 0; n < runs && total.failed < FAILURES_MAX; n += 1) {
    const seed = first + n
    progress(`${n} of ${runs} runs`)
    const usual = seed % 4 === 0 ? 8 : 3
    const options = { seed, agents: Number(values.agents ?? usual), events: Number(values.events) }
    const command = `npm run sim -- --seed ${seed} --agents ${options.agents} --events ${options.events}`
    await judge(await simulate(options), command)
  }
  progress('')
  const { acts, agentEvents, reports, decisions, writes, crashes, failed } = total
  console.log(
    `${total.runs} runs from seed ${first}: ${acts} acts (${agentEvents} of people and work), ${reports} reports, ${decisions} decisions, ${writes} writes, ${crashes} crashes in ${seconds()} s; ${failed} failed`,
  )
}

async function playDay(): Promise<void> {
  const [agents, hours] = [Number(values.agents ?? '500'), Number(values.hours)]
  const day = daySchedule({ seed: first, agents, hours })
  const options = {
    quiet: true,
    progress: (done: number) => done % 1_000 === 0 && progress(`${done} of ${day.acts.length} acts`),
  }
  const result = await play(day, options)
  progress('')
  const { figures, problems, digest } = result
  for (const p of problems) console.log(`${p.kind}: ${p.agent ?? ''} ${p.words}`)
  console.log(
    [
      `a day of ${agents} agents, ${hours} hours, seed ${first}, in ${seconds()} s`,
      `agent-events: ${figures.agentEvents}; reports: ${figures.reports}; crashes: ${figures.crashes}`,
      `decisions: ${figures.decisions}; calls to set a status: ${figures.writes}`,
      `overlaps: ${[...figures.overlaps.values()].reduce((sum, n) => sum + n, 0)}`,
      ...[...figures.overlaps].sort(([, a], [, b]) => b - a).map(([cause, n]) => `  ${n} ${cause}`),
      `longest time from a decision to its platform's report: ${(figures.longestMs / 1000).toFixed(1)} s`,
      ...(values.digest ? [`journal: ${digest}`] : []),
      `unexplained drift: ${problems.length}`,
    ].join('\n'),
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}

async function playFile(file: string): Promise<void> {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const kept = typeof json === 'object' && json !== null && 'schedule' in json ? json.schedule : json
  const result = await play(schedule.parse(kept))
  await judge(result, `npm run sim -- --file ${file}`)
  if (result.problems.length === 0) console.log(`${file}: everything stood as it should`)
}

async function judge(result: SimResult, command: string): Promise<void> {
  const { figures } = result
  total.runs += 1
  for (const key of ['acts', 'agentEvents', 'reports', 'decisions', 'writes', 'crashes'] as const)
    total[key] += figures[key]
  if (values.digest) console.log(`seed ${result.schedule.seed}: journal ${result.digest}`)
  if (result.problems.length === 0) return
  total.failed += 1
  process.exitCode = 1
  progress('')
  console.log(`seed ${result.schedule.seed} failed (${result.schedule.acts.length} acts): ${result.problems[0]?.kind}`)
  const short = Number(values.shrink) > 0 ? await shrink(result, Number(values.shrink) * 1000) : result
  console.log(show(short, { colours, command }))
  if (values.save !== undefined && total.failed === 1)
    writeFileSync(values.save, `${JSON.stringify({ why: values.why, schedule: short.schedule })}\n`)
}

function seconds(): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}
