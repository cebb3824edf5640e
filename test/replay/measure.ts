// A day for measuring: node test/replay/measure.ts JOURNAL [AGENTS] lives it and keeps its journal. Then, in a process of its own:
// time npm run -s cli -- replay JOURNAL --mappings JOURNAL.yaml

import { copyFileSync, writeFileSync } from 'node:fs'
import { live, onDisk, rulesOf } from './day.ts'
import { NEW, OLD, plausibleDay } from './plausible-day.ts'

const [, , path = 'day.sqlite', agents = '500'] = process.argv
const day = plausibleDay(1, Number(agents))
const rules = rulesOf(OLD)
if (rules === null) throw new Error('The rules have errors')
const recorded = await live(day, rules)
await onDisk(recorded, day, [OLD], (_reader, file) => copyFileSync(file, path))
writeFileSync(`${path}.yaml`, NEW.text)
console.log(`${agents} agents, ${recorded.entries.length} records`)
