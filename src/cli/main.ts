#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=8
// The command line: one file a command, this one only tells them apart.

import { Argument, Command, Option } from 'commander'
import { IMPORT_FORMATS } from '../mapping/import/found.ts'
import { WORK_ACTIONS } from '../ops/status.ts'
import { StoryError } from '../stories/run.ts'
import { admin, work } from './admin.ts'
import { catalogue } from './catalogue.ts'
import { check } from './check.ts'
import { knownPlatforms } from './check-live.ts'
import { diff } from './diff.ts'
import { explain } from './explain.ts'
import { matrix } from './matrix.ts'
import { EXIT, processIo } from './output.ts'
import { simulate } from './simulate.ts'
import { start } from './start.ts'
import { test, watchTests } from './test.ts'
import { version } from './version.ts'

const io = processIo()
const program = new Command('presence-bridge')
  .description("Keeps contact-centre agents' presence in step between a CRM and a telephony desktop.")
  .version(version())
  .showHelpAfterError('(--help tells more)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.couldNotRun))

program
  .command('start')
  .description('run the bridge; without settings between sandbox platforms with people in them')
  .option('--settings <file>', 'the settings file (bridge.yaml)')
  .action(async (options) => {
    await finish(() => start({ settings: options.settings ?? null }, io))
    process.exit() // whatever a library may still wait for
  })

program
  .command('check')
  .description('find every problem in mapping files')
  .argument('<file...>')
  .option('--strict', 'warnings count as errors', false)
  .addOption(new Option('--format <format>').choices(['text', 'json', 'github']).default('text'))
  .option('--live', 'compare with the platforms that the settings name', false)
  .option('--settings <file>', 'the settings file (bridge.yaml), for --live')
  .option('--catalogue <file>', 'compare with what catalogue --save has put aside')
  .action((files, options) =>
    finish(async () => {
      const { live, settings = null, catalogue: pulled = null } = options
      const platforms = await knownPlatforms({ live, settings, catalogue: pulled }, io)
      return platforms === null ? EXIT.couldNotRun : check(files, { ...options, platforms }, io)
    }),
  )

program
  .command('test')
  .description('run the stories of mapping files or story files')
  .argument('<file...>')
  .option('--mappings <file>', 'the mapping to run against, instead of the file’s own')
  .option('--name <text>', 'only stories with this in their name')
  .option('--coverage', 'tell what of the mapping no story touches', false)
  .option('--watch', 'run again whenever a file changes, until Ctrl-C', false)
  .addOption(new Option('--format <format>').choices(['text', 'json', 'junit', 'github']).default('text'))
  .action((files, { watch, ...options }) =>
    finish(() =>
      (watch ? watchTests : test)(
        files,
        { ...options, mappings: options.mappings ?? null, name: options.name ?? null },
        io,
      ),
    ),
  )

program
  .command('simulate')
  .description('play stories without judging them')
  .argument('<file>')
  .option('--mappings <file>', 'the mapping to run against, instead of the file’s own')
  .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
  .action((file, options) => finish(() => simulate(file, { ...options, mappings: options.mappings ?? null }, io)))

program
  .command('explain')
  .description('what happens when …, and why; or why nothing does')
  .argument('<file>')
  .option('--crm <status>', 'where the agent is in the CRM; without it, logged out')
  .option('--telephony <status>', 'where the agent is in telephony; without it, logged out')
  .option('--work <side:channel:state>', 'work that goes on, such as crm:chat:accepted; may be given again', listed, [])
  .option(
    '--then <what>',
    'crm=STATUS, telephony=STATUS, work=crm:chat:closed or wait=30s; may be given again',
    listed,
    [],
  )
  .option('--profile <name>', 'the rules of this profile, instead of the top level’s')
  .option('--unlisted', 'ask also about statuses that the file does not name', false)
  .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
  .action((file, options) =>
    finish(() =>
      explain(
        file,
        {
          ...options,
          happens: options.then,
          crm: options.crm ?? null,
          telephony: options.telephony ?? null,
          profile: options.profile ?? null,
        },
        io,
      ),
    ),
  )

program
  .command('matrix')
  .description('every status of both sides and what it leads to, as a table')
  .argument('<file>')
  .option('--profile <name>', 'the rules of this profile, instead of the top level’s')
  .addOption(new Option('--format <format>').choices(['text', 'markdown', 'html', 'json']).default('text'))
  .action((file, options) => finish(() => matrix(file, { ...options, profile: options.profile ?? null }, io)))

program
  .command('diff')
  .description('what would be different under another mapping file, found by trying everything under both')
  .argument('<old>')
  .argument('<new>')
  .option('--profile <name>', 'only the rules of this profile')
  .option('--live', 'also how many agents it touches now', false)
  .option('--settings <file>', 'the settings file that names the platforms, for --live')
  .addOption(new Option('--format <format>').choices(['text', 'markdown', 'json']).default('text'))
  .action((before, now, options) =>
    finish(() => diff({ before, now }, { ...options, profile: options.profile ?? null }, io)),
  )

program
  .command('catalogue')
  .description('show the statuses and channels that the platforms have now; without settings the sandbox ones')
  .option('--settings <file>', 'the settings file (bridge.yaml)')
  .addOption(new Option('--side <side>', 'only this one').choices(['crm', 'telephony']))
  .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
  .option('--scaffold', 'write a mapping file to begin with, by the names of the statuses', false)
  .option('--save <file>', 'keep them in a file for check --catalogue')
  .action((options) =>
    finish(() =>
      catalogue(
        { ...options, settings: options.settings ?? null, side: options.side ?? null, save: options.save ?? null },
        io,
      ),
    ),
  )

program
  .command('import')
  .description("make a mapping file to begin with from another product's settings")
  .argument('<file...>')
  .addOption(new Option('--from <format>').choices(['auto', ...IMPORT_FORMATS]).default('auto'))
  .option('--out <file>', 'write it there instead of to stdout')
  .option('--force', 'overwrite what is there', false)
  .option(
    '--available-crm <status>',
    'a CRM status in which agents are given work; as often as there are such',
    collect,
  )
  .option('--available-telephony <status>', 'the same of telephony', collect)
  .action((files, options) =>
    finish(async () => {
      const { importFiles } = await import('./import.ts') // the parsers of other formats are for this command only
      const { out = null, availableCrm = [], availableTelephony = [] } = options
      return importFiles(files, { ...options, out, availableCrm, availableTelephony }, io)
    }),
  )

for (const [action, description] of [
  ['pause', 'write nothing for these people until they are resumed; everything is still decided and recorded'],
  ['resume', 'write again for these people, and what differs at once'],
] as const) {
  program
    .command(action)
    .description(description)
    .requiredOption('--settings <file>', 'the settings file of the running bridge')
    .option('--agent <name>')
    .option('--profile <name>')
    .option('--all')
    .option('--reason <words>', 'why; stands in the record')
    .action((options) => finish(() => admin({ action, ...options }, io)))
}

program
  .command('release')
  .description('end what blocks an agent now; the work that made the block makes no new one')
  .argument('<agent>')
  .requiredOption('--settings <file>', 'the settings file of the running bridge')
  .option('--reason <words>', 'why; stands in the record')
  .action((agent, options) => finish(() => admin({ action: 'release', agent, ...options }, io)))

program
  .command('work')
  .description("accept, decline or close one of an agent's open work items in their name")
  .argument('<agent>')
  .argument('<item>', 'the id of the work item, as the agent’s open work is listed')
  .addArgument(new Argument('<action>').choices(WORK_ACTIONS))
  .requiredOption('--settings <file>', 'the settings file of the running bridge')
  .option('--reason <words>', 'why; stands in the record, and goes to the platform with a decline')
  .action((agent, item, action, options) => finish(() => work({ agent, item, action, ...options }, io)))

/** Of an option that may be given again. */
function listed(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

async function finish(command: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    if (!(error instanceof StoryError)) throw error
    io.err(`${error.message}\n`)
    process.exitCode = EXIT.couldNotRun
  }
}

await program.parseAsync()
