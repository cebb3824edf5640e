// Commands for operations: running the bridge, and orders to one that runs.

import { Argument } from 'commander'
import { WORK_ACTIONS } from '../ops/status.ts'
import type { Admin } from './admin.ts'
import { type Cli, finish } from './program.ts'

export function addBridgeCommands({ program, io }: Cli): void {
  const ordered = (order: Admin) =>
    finish(io, async () => {
      const { admin } = await import('./admin.ts')
      return await admin(order, io)
    })

  program
    .command('start')
    .description('run the bridge; without settings between sandbox platforms with people in them')
    .option('--settings <file>', 'the settings file (bridge.yaml)')
    .action(async (options) => {
      await finish(io, async () => {
        const { start } = await import('./start.ts')
        return await start({ settings: options.settings ?? null }, io)
      })
      process.exit() // whatever a library may still wait for
    })

  for (const [action, description] of [
    ['pause', 'write nothing for these people until they are resumed; everything is still decided and recorded'],
    ['resume', 'write again for these people, and what differs at once'],
    ['resync', 'read these people again on both sides now, and write what differs'],
  ] as const) {
    program
      .command(action)
      .description(description)
      .requiredOption('--settings <file>', 'the settings file of the running bridge')
      .option('--agent <name>')
      .option('--profile <name>')
      .option('--all')
      .option('--reason <words>', 'why; stands in the record')
      .action((options) => ordered({ action, ...options }))
  }

  program
    .command('release')
    .description('end what blocks an agent now; the work that made the block makes no new one')
    .argument('<agent>')
    .requiredOption('--settings <file>', 'the settings file of the running bridge')
    .option('--reason <words>', 'why; stands in the record')
    .action((agent, options) => ordered({ action: 'release', agent, ...options }))

  program
    .command('reload')
    .description('check the mapping file and take it, for everybody at once or not at all')
    .requiredOption('--settings <file>', 'the settings file of the running bridge')
    .option('--reason <words>', 'why; stands in the service log')
    .action((options) => ordered({ action: 'reload', ...options }))

  program
    .command('work')
    .description("accept, decline or close one of an agent's open work items in their name")
    .argument('<agent>')
    .argument('<item>', 'the id of the work item, as the agent’s open work is listed')
    .addArgument(new Argument('<action>').choices(WORK_ACTIONS))
    .requiredOption('--settings <file>', 'the settings file of the running bridge')
    .option('--reason <words>', 'why; stands in the record, and goes to the platform with a decline')
    .action((agent, item, action, options) =>
      finish(io, async () => {
        const { work } = await import('./admin.ts')
        return await work({ agent, item, action, ...options }, io)
      }),
    )
}
