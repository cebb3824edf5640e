// The ends of block items that nobody waits for. Where one fails, the next reading finds the item and it is tried again.

import { z } from 'zod'
import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import type { SalesforceClient } from '../client.ts'
import { isRecordId, longId } from '../record-id.ts'
import { CALL_TIMEOUT_MS } from '../settings.ts'
import type { CapacityCalls } from './calls.ts'
import { ORPHANS_MAX } from './limits.ts'

type BlockEnds = {
  /** Never rejects. */
  record(id: string): Promise<void>
  /** An item that stands for nothing any more keeps work from somebody who should get some. */
  orphan(item: string): void
  /** Block items and their records, by a condition on AgentWork. */
  items(where: string): Promise<readonly { readonly Id: string; readonly WorkItemId: string }[]>
}

type BlockEndsDeps = {
  readonly calls: Pick<CapacityCalls, 'end'>
  readonly client: Pick<SalesforceClient, 'query'>
  readonly clock: Clock
  readonly log: Log
}

const itemRow = z.object({ Id: z.string().transform(longId), WorkItemId: z.string().transform(longId) })
const ITEMS = 'SELECT Id, WorkItemId FROM AgentWork'
const NOT_ENDED = 'A block item could not be ended'

export function createBlockEnds({ calls, client, clock, log }: BlockEndsDeps): BlockEnds {
  const orphans = new Set<string>()
  const items: BlockEnds['items'] = (where) => client.query('block_items', `${ITEMS} ${where}`, itemRow)

  async function record(id: string): Promise<void> {
    const limits = { deadline: clock.now() + CALL_TIMEOUT_MS, signal: new AbortController().signal }
    const done = await calls.end(id, limits)
    if (!done.ok) log.warn({ code: 'block_not_ended', record: id, words: done.failure.words }, NOT_ENDED)
  }

  async function endItem(item: string): Promise<void> {
    for (const { WorkItemId } of await items(`WHERE Id = '${item}'`)) await record(WorkItemId)
  }

  return {
    record,
    orphan(item) {
      if (orphans.has(item) || orphans.size >= ORPHANS_MAX || !isRecordId(item)) return
      orphans.add(item)
      log.warn(
        { code: 'block_orphaned', item },
        'A block item stands for nothing that the bridge remembers; it is ended',
      )
      endItem(item)
        .catch((error: unknown) => log.warn({ code: 'block_not_ended', item, words: String(error) }, NOT_ENDED))
        .finally(() => orphans.delete(item))
    },
    items,
  }
}
