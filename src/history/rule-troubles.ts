// Decisions after which nothing followed, because the rules say so: in the words of the decision, with what can be done.

import type { Reason } from '../domain/reason.ts'
import type { Trouble, TroubleAsk } from './trouble.ts'

const RULES: Readonly<Partial<Record<Reason, string>>> = {
  unmapped:
    'If that status shall lead somewhere, it needs a row under mapped: in the mapping file; "presence-bridge explain" shows what would come of it.',
  no_sync: 'That is so on purpose: the status stands under no_sync: in the mapping file.',
  logged_out: 'The bridge logs nobody in: they must log in there themselves.',
  unrelated:
    'The two sides were not in step before; once a status is chosen that belongs to the other side, they are again.',
  breaker: 'Find out what changes the status so often; limits: in the mapping file says how often is too often.',
  overridden: 'If agents shall not be able to do that: on_override: reassert, in the mapping file.',
  unconfirmed:
    'Look at the service log for what the platform answered; "presence-bridge resync" reads and tries again.',
  suspect: 'Many logged out at once; the bridge looks again before it believes that.',
}

/** The last thing that was decided, where that explains why nothing followed. */
export function ruleTrouble({ entries, at }: TroubleAsk): readonly Trouble[] {
  const last = entries.findLast(
    ({ record }) => record.time <= at && record.decisions.some((d) => !NOTHING.has(d.reason)),
  )
  const reason = last?.record.decisions.find((d) => RULES[d.reason] !== undefined)?.reason
  if (last === undefined || reason === undefined) return []
  return [
    { kind: 'rule', from: last.record.time, to: null, words: last.record.sentence, remedy: RULES[reason] ?? null },
  ]
}

/** They tell of something that was decided before. */
const NOTHING: ReadonlySet<Reason> = new Set(['echo', 'repeat', 'stale', 'reloaded'])
