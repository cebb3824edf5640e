// An admin's word about one work item: accept, decline or close it in its agent's name. Recorded before it goes out, like every write, and
// once more with what became of it. The engine has no say in it: what follows from it is heard from the platform.

import type { Clock } from '../domain/clock.ts'
import type { PlatformAdapter, WorkAction, WriteResult } from '../domain/platform.ts'
import { type BySide, SIDES, type Side, sideName } from '../domain/side.ts'
import { isOpen } from '../domain/work.ts'
import type { AdminAnswer, WorkOrder } from '../ops/status.ts'
import type { AgentEntry } from './agents.ts'
import type { Runtime } from './runtime.ts'

/** Shorter than what the command waits for the answer over HTTP. */
const ACTION_TIMEOUT_MS = 8_000

type WorkActionDeps = {
  readonly runtime: Pick<Runtime, 'agents' | 'bridge'>
  readonly adapters: BySide<PlatformAdapter>
  readonly clock: Clock
  readonly shadow: boolean
}

type Found = { readonly side: Side; readonly item: string; readonly channel: string | null }

export async function actOnWork(deps: WorkActionDeps, order: WorkOrder): Promise<AdminAnswer> {
  const { bridge, agents } = deps.runtime
  const entry = agents.byName(order.agent)
  if (entry === undefined) return { ok: false, status: 404, error: `Nobody of that name: ${order.agent}` }
  const found = openWork(entry).find(({ item }) => item === order.work)
  if (found === undefined) return { ok: false, status: 404, error: noSuchWork(entry, order.work) }
  const { side } = found
  const adapter = deps.adapters[side]
  const obstacle = obstacleOf({ entry, adapter, shadow: deps.shadow })
  if (obstacle !== null) return { ok: false, status: 409, error: obstacle }
  const thing = `${found.channel ?? 'work item'} ${found.item} in ${sideName(side)}`
  await bridge.recorded(entry, { work: found, what: `${order.action} asked for ${thing}${byWhom(order)}` })
  const result = await attempt(deps, { entry, adapter, order })
  const became = result.kind === 'accepted' ? 'done' : `not done: ${result.words}`
  await bridge.recorded(entry, { work: found, what: `${order.action} of ${thing}: ${became}` })
  return result.kind === 'accepted'
    ? { ok: true, agents: 1 }
    : { ok: false, status: 409, error: failure(adapter, result) }
}

function openWork({ state }: AgentEntry): readonly Found[] {
  return SIDES.flatMap((side) =>
    state[side].work.filter((work) => isOpen(work.state)).map(({ item, channel }) => ({ side, item, channel })),
  )
}

function noSuchWork(entry: AgentEntry, asked: string): string {
  const open = openWork(entry).map(({ item, channel }) => `${channel ?? 'work item'} ${item}`)
  const rest = open.length === 0 ? 'nothing is open' : `open is ${open.join(', ')}`
  return `${entry.member.name} has no open work "${asked}": ${rest}`
}

function obstacleOf(args: { entry: AgentEntry; adapter: PlatformAdapter; shadow: boolean }): string | null {
  const { entry, adapter } = args
  if (args.shadow || entry.rules.mode === 'shadow') return 'Nothing is done in shadow mode'
  if (entry.paused !== null) return `${entry.member.name} is ${entry.paused}`
  return adapter.work === undefined ? `${adapter.title} lets nobody else act on an agent's work` : null
}

/** One attempt: somebody waits for the answer and may ask again. */
async function attempt(
  { clock }: WorkActionDeps,
  asked: { readonly entry: AgentEntry; readonly adapter: PlatformAdapter; readonly order: WorkOrder },
): Promise<WriteResult> {
  const { entry, adapter, order } = asked
  const abort = new AbortController()
  const cancel = clock.after(ACTION_TIMEOUT_MS, () => abort.abort())
  const options = { deadline: clock.now() + ACTION_TIMEOUT_MS, signal: abort.signal }
  try {
    const result = await adapter.work?.(entry.member.users[adapter.side], order.work, actionOf(order), options)
    return result ?? { kind: 'refused', words: 'not possible' }
  } catch (error) {
    return { kind: 'transient', words: error instanceof Error ? error.message : String(error) }
  } finally {
    cancel()
  }
}

function actionOf({ action, reason }: WorkOrder): WorkAction {
  return action === 'decline' ? { kind: 'decline', reason } : { kind: action }
}

function failure({ title }: PlatformAdapter, result: Exclude<WriteResult, { kind: 'accepted' }>): string {
  return result.kind === 'refused' ? `${title} refused: ${result.words}` : `It was not done: ${result.words}`
}

function byWhom({ by, reason }: WorkOrder): string {
  return ` by ${by ?? 'somebody'}${reason === null ? '' : ` (${reason})`}`
}
