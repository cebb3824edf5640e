// R2–R7: where a change on one side leads the other. A pure look-up; nothing is set here.

import type { Reason } from '../domain/reason.ts'
import type { RuleRef, Ruleset, Transition } from '../domain/rules.ts'
import { OFFLINE, otherSide, type Side, type StatusId } from '../domain/side.ts'

export type Question = {
  /** The touched side. */
  readonly lead: Side
  /** Its base before, null where it is not known. */
  readonly from: StatusId | null
  readonly to: StatusId
  /** The base of the other side. */
  readonly base: StatusId
  /** Whether the other side is logged in. */
  readonly loggedIn: boolean
}

export type Answer =
  | {
      readonly kind: 'set'
      readonly status: StatusId
      readonly reason: Reason
      readonly rule: RuleRef
      readonly ends: Transition['ends']
    }
  | { readonly kind: 'keep'; readonly reason: Reason; readonly rule: RuleRef | null }

export function follow(rules: Ruleset, question: Question): Answer {
  const { lead, from, to, base } = question
  if (!question.loggedIn) return keep('logged_out') // R2: setting a status would log some platforms in

  const noSync = rules.noSync[lead].get(to)
  if (noSync !== undefined) return keep('no_sync', noSync) // R6

  const partners = rules.partners[lead].get(to)
  const primary = partners?.[0]
  if (partners !== undefined && primary !== undefined) {
    const present = partners.find((p) => p.status === base)
    if (present !== undefined) return keep('already', present.rule) // R3: a mapping is a relation
    return { kind: 'set', status: primary.status, reason: 'mapped', rule: primary.rule, ends: null }
  }

  if (to === OFFLINE) return keep('logout') // R7

  const left = from === null ? undefined : rules.partners[lead].get(from)
  if (left !== undefined && left.length > 0)
    return leaving(
      rules,
      otherSide(lead),
      left.some((p) => p.status === base),
    )

  const fallback = rules.unmapped[lead]
  if (fallback === null) return keep('unmapped') // R5
  return { kind: 'set', status: fallback.status, reason: 'default', rule: fallback.rule, ends: null }
}

/** R4: the other side goes to its transition status, but only if it was in step. */
function leaving(rules: Ruleset, side: Side, inStep: boolean): Answer {
  if (!inStep) return keep('unrelated')
  const transition = rules.transition[side]
  if (transition === null) return keep('unmapped')
  const { status, rule, ends } = transition
  return { kind: 'set', status, reason: 'transition', rule, ends }
}

function keep(reason: Reason, rule: RuleRef | null = null): Answer {
  return { kind: 'keep', reason, rule }
}
