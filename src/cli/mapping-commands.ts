// Commands for admins: everything about mapping files.

import { Option } from 'commander'
import { IMPORT_FORMATS } from '../mapping/import/found.ts'
import { EXIT } from './output.ts'
import { type Cli, finish, formatOption, listed } from './program.ts'

export function addMappingCommands({ program, io }: Cli): void {
  program
    .command('check')
    .description('find every problem in mapping files')
    .argument('<file...>')
    .option('--strict', 'warnings count as errors', false)
    .addOption(formatOption('text', 'json', 'github'))
    .option('--live', 'compare with the platforms that the settings name', false)
    .option('--settings <file>', 'the settings file (bridge.yaml), for --live')
    .option('--catalogue <file>', 'compare with what catalogue --save has put aside')
    .action((files, options) =>
      finish(io, async () => {
        const { live, settings = null, catalogue: pulled = null } = options
        const [{ check }, { knownPlatforms }] = await Promise.all([import('./check.ts'), import('./check-live.ts')])
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
    .addOption(formatOption('text', 'json', 'junit', 'github'))
    .action((files, { watch, ...options }) =>
      finish(io, async () => {
        const { test, watchTests } = await import('./test.ts')
        const { mappings = null, name = null } = options
        return await (watch ? watchTests : test)(files, { ...options, mappings, name }, io)
      }),
    )

  program
    .command('simulate')
    .description('play stories without judging them')
    .argument('<file>')
    .option('--mappings <file>', 'the mapping to run against, instead of the file’s own')
    .addOption(formatOption('text', 'json'))
    .action((file, options) =>
      finish(io, async () => {
        const { simulate } = await import('./simulate.ts')
        return await simulate(file, { ...options, mappings: options.mappings ?? null }, io)
      }),
    )

  program
    .command('explain')
    .description('what happens when …, and why; or why nothing does')
    .argument('<file>')
    .option('--crm <status>', 'where the agent is in the CRM; without it, logged out')
    .option('--telephony <status>', 'where the agent is in telephony; without it, logged out')
    .option(
      '--work <side:channel:state>',
      'work that goes on, such as crm:chat:accepted; may be given again',
      listed,
      [],
    )
    .option(
      '--then <what>',
      'crm=STATUS, telephony=STATUS, work=crm:chat:closed or wait=30s; may be given again',
      listed,
      [],
    )
    .option('--profile <name>', 'the rules of this profile, instead of the top level’s')
    .option('--unlisted', 'ask also about statuses that the file does not name', false)
    .addOption(formatOption('text', 'json'))
    .action((file, options) =>
      finish(io, async () => {
        const { explain } = await import('./explain.ts')
        const { crm = null, telephony = null, profile = null, then: happens } = options
        return await explain(file, { ...options, happens, crm, telephony, profile }, io)
      }),
    )

  program
    .command('matrix')
    .description('every status of both sides and what it leads to, as a table')
    .argument('<file>')
    .option('--profile <name>', 'the rules of this profile, instead of the top level’s')
    .addOption(formatOption('text', 'markdown', 'html', 'json'))
    .action((file, options) =>
      finish(io, async () => {
        const { matrix } = await import('./matrix.ts')
        return matrix(file, { ...options, profile: options.profile ?? null }, io)
      }),
    )

  program
    .command('diff')
    .description('what would be different under another mapping file, found by trying everything under both')
    .argument('<old>')
    .argument('<new>')
    .option('--profile <name>', 'only the rules of this profile')
    .option('--live', 'also how many agents it touches now', false)
    .option('--settings <file>', 'the settings file that names the platforms, for --live')
    .addOption(formatOption('text', 'markdown', 'json'))
    .action((before, now, options) =>
      finish(io, async () => {
        const { diff } = await import('./diff.ts')
        return await diff({ before, now }, { ...options, profile: options.profile ?? null }, io)
      }),
    )

  program
    .command('replay')
    .description(
      'what would have been decided otherwise in a recorded time; without --mappings, against what was recorded',
    )
    .argument('<journal>')
    .option('--mappings <file>', 'the mapping to try')
    .option('--was <file>', 'the mapping of then, instead of those that the journal holds')
    .option('--from <time>', 'from then on')
    .option('--to <time>', 'until then')
    .option('--agent <name>', 'only this one, with every difference')
    .option('--profile <name>', 'only those who are in this profile, under either mapping')
    .option('--utc', 'times in UTC instead of your own', false)
    .addOption(formatOption('text', 'markdown', 'json'))
    .action((journal, options) =>
      finish(io, async () => {
        const [{ replay }, { whenOf }] = await Promise.all([import('./replay.ts'), import('./times.ts')])
        return replay(journal, options, whenOf(options), io)
      }),
    )

  program
    .command('catalogue')
    .description('show the statuses and channels that the platforms have now; without settings the sandbox ones')
    .option('--settings <file>', 'the settings file (bridge.yaml)')
    .addOption(new Option('--side <side>', 'only this one').choices(['crm', 'telephony']))
    .addOption(formatOption('text', 'json'))
    .option('--scaffold', 'write a mapping file to begin with, by the names of the statuses', false)
    .option('--save <file>', 'keep them in a file for check --catalogue')
    .action((options) =>
      finish(io, async () => {
        const { catalogue } = await import('./catalogue.ts')
        const { settings = null, side = null, save = null } = options
        return await catalogue({ ...options, settings, side, save }, io)
      }),
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
      listed,
    )
    .option('--available-telephony <status>', 'the same of telephony', listed)
    .action((files, options) =>
      finish(io, async () => {
        const { importFiles } = await import('./import.ts')
        const { out = null, availableCrm = [], availableTelephony = [] } = options
        return importFiles(files, { ...options, out, availableCrm, availableTelephony }, io)
      }),
    )
}
