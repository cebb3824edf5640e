// npm run sim: plays many random runs, or one again, or a whole day. Of a failing run it prints what is needed to understand and to repeat it.

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { schedule } from './acts.ts'
import { play, type SimResult, simulate } from './run.ts'
import { show } from './show.ts'
import { shrink } from './shrink.ts'

const HELP = `npm run sim -- [options]

  --seed S        the first seed; alone: this one run. Without it: one of its own, which is printed
  --runs N        so many runs, with seeds one after another (default 200)
  --agents A      agents in a run (default 3; every third run has more)
  --events E      acts in a run (default 80)
  --file F        plays the run in this file (a schedule, or one of test/sim/corpus)
  --save F        writes the shortened first failing run into this file, as test/sim/corpus has them
  --why W         the line of why that goes with it
  --shrink S      seconds that shortening may take (default 20; 0: none)
  --digest        prints the SHA-256 of each run's journal
  --day           a day of 500 agents (with --agents and --seed: another one)

Exit code 0: everything stood as it should. Prints what was run either way.`

const FAILURES_MAX = 3

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    seed: { type: 'string' },
    runs: { type: 'string' },
    agents: { type: 'string', default: '3' },
    events: { type: 'string', default: '80' },
    file: { type: 'string' },
    save: { type: 'string' },
    why: { type: 'string', default: '' },
    shrink: { type: 'string', default: '20' },
    digest: { type: 'boolean', default: false },
    day: { type: 'boolean', default: false },
  },
})

const colours = process.stdout.isTTY === true
const total = { runs: 0, acts: 0, reports: 0, decisions: 0, writes: 0, crashes: 0, failed: 0 }

if (values.help) console.log(HELP)
else if (values.file !== undefined) await playFile(values.file)
else await playSeeds()

async function playSeeds(): Promise<void> {
  const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed)
  const runs = values.runs !== undefined ? Number(values.runs) : values.seed === undefined ? 200 : 1
  const began = performance.now()
  for (let n = 0; n < runs && total.failed < FAILURES_MAX; n += 1) {
    const seed = first + n
    progress(`${n} of ${runs} runs`)
    const options = { seed, agents: Number(values.agents), events: Number(values.events) }
    const command = `npm run sim -- --seed ${seed} --agents ${options.agents} --events ${options.events}`
    await judge(await simulate(options), command)
  }
  progress('')
  const seconds = (performance.now() - began) / 1000
  const { acts, reports, decisions, writes, crashes, failed } = total
  console.log(
    `${total.runs} runs from seed ${first}: ${acts} acts, ${reports} reports, ${decisions} decisions, ${writes} writes, ${crashes} crashes in ${seconds.toFixed(1)} s; ${failed} failed`,
  )
}

async function playFile(file: string): Promise<void> {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const text = typeof json === 'object' && json !== null && 'schedule' in json ? json.schedule : json
  await judge(await play(schedule.parse(text)), `npm run sim -- --file ${file}`)
}

async function judge(result: SimResult, command: string): Promise<void> {
  const { figures } = result
  total.runs += 1
  for (const key of ['acts', 'reports', 'decisions', 'writes', 'crashes'] as const) total[key] += figures[key]
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

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}
