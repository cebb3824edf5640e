// At start: what the platforms do not let the bridge do, named in the log with the way to put it right. The bridge runs all the same.

import type { Log } from '../domain/log.ts'
import type { PlatformAdapter } from '../domain/platform.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'

type Asked = Pick<PlatformAdapter, 'title' | 'rights'>

export async function tellRights(deps: { readonly adapters: BySide<Asked>; readonly log: Log }): Promise<void> {
  await Promise.all(SIDES.map((side) => tellSide(side, deps.adapters[side], deps.log)))
}

async function tellSide(side: Side, adapter: Asked, log: Log): Promise<void> {
  try {
    for (const { state, what, sentence } of (await adapter.rights?.()) ?? []) {
      const context = { code: `right_${state}`, side, what, sentence }
      if (state === 'missing') log.warn(context, 'The platform does not let the bridge do something that it needs')
      else log.debug(context, 'A right was looked at')
    }
  } catch (error) {
    // Only for information: what cannot be asked now is no reason for anything.
    const why = error instanceof Error ? error.message : String(error)
    log.debug({ code: 'rights_not_read', side, why }, 'The rights could not be looked at')
  }
}
