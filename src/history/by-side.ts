// A value for each side, made by the same function.

import type { BySide, Side } from '../domain/side.ts'

export function bySide<T>(of: (side: Side) => T): BySide<T> {
  return { crm: of('crm'), telephony: of('telephony') }
}
