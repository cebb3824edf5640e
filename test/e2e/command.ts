// A running bridge with people on the queue, and commands that are given to it.

import { startProcess } from './bridge-process.ts'
import { type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'
import { settingsOf } from './settings-file.ts'

/** Two agents on the queue on both sides, and the bridge running. */
export async function openBusyFloor(): Promise<Floor> {
  const floor = await openFloor({ mapping: SCENARIO_B, agents: 2 })
  for (const agent of floor.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  await floor.start()
  return floor
}

/** With the settings of the floor's bridge, until it has ended. */
export async function command(
  floor: Floor,
  ...words: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { environment } = settingsOf(floor)
  const running = startProcess([...words, '--settings', floor.settingsFile], environment)
  const { code } = await running.ended
  return { code, ...running.printed() }
}
