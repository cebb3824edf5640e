// What let work through, and what to do about it, in words for people who support agents.

import { REASSERTS_MAX } from '../domain/limits.ts'
import type { ExposureCause } from '../domain/record.ts'
import { type Side, sideName } from '../domain/side.ts'

/** What was so, after "because". `words`: what the platform said itself. */
export function causeWords(cause: ExposureCause | null, side: Side, words: string | null = null): string {
  const where = sideName(side)
  const said = words === null ? '' : ` (${words})`
  switch (cause) {
    case 'under_way':
      return `the status that keeps work away was just being written to ${where}`
    case 'not_taken':
      return `${where} had not taken the block yet${said}`
    case 'refused':
      return `${where} refused the block${said}`
    case 'failed':
      return `the block could not be written to ${where} and was given up${said}`
    case 'ignored':
      return `${where} took the block and did not set it${said}`
    case 'frozen':
      return 'writing for this person was stopped for a while, because they were written too often'
    case 'paused':
      return 'the bridge was paused for this person'
    case 'shadow':
      return 'of shadow mode: nothing is written'
    case 'gave_way':
      return `the block of ${where} had given way to the agent's own choice or to a release`
    case 'not_blocked':
      return `the rules do not block ${where}`
    case null:
      return 'of something that is not recorded'
  }
}

/** One or two words, for tables. */
export const CAUSE_TITLES: Readonly<Record<ExposureCause, string>> = {
  under_way: 'being written',
  not_taken: 'not taken yet',
  refused: 'refused',
  failed: 'given up',
  ignored: 'ignored',
  frozen: 'frozen',
  paused: 'paused',
  shadow: 'shadow mode',
  gave_way: 'gave way',
  not_blocked: 'not blocked by the rules',
}

/** Null: there is nothing to be done. */
export function remedyFor(
  cause: ExposureCause | null,
  { side, rule }: { readonly side: Side; readonly rule: string | null },
): string | null {
  const line = rule === null ? 'blocking: of the mapping file' : rule.replace(/:(\d+)$/, ' line $1')
  switch (cause) {
    case 'under_way':
      return `Some hundred milliseconds cannot be avoided. Where it is more, look at the latency of ${sideName(side)} with "presence-bridge report".`
    case 'not_taken':
      return side === 'crm'
        ? `See that the agent's CRM console was open at that time: without it nobody can set the status there.`
        : 'See whether the link to telephony was down, or its limit of calls reached, at that time: "presence-bridge timeline" shows both.'
    case 'refused':
      return `Put right what ${sideName(side)} refuses, most often a status that is not granted to this person: "presence-bridge check FILE --live" names what is missing.`
    case 'failed':
    case 'ignored':
      return `Look at the service log for what ${sideName(side)} answered; the next status change, or "presence-bridge resync", tries again.`
    case 'frozen':
      return `Find out what changes this person's status so often: "presence-bridge timeline" shows who did; limits: in the mapping file says how often is too often.`
    case 'paused':
      return 'If they are to be kept in step again: "presence-bridge resume".'
    case 'shadow':
      return 'Once you trust what it would do, which "presence-bridge report" counts: mode: live.'
    case 'gave_way':
      return `A block gives way to an agent who goes on choosing against it after it was written again ${REASSERTS_MAX} times, with on_override: allow at once (${line}): a block status whose name says why helps.`
    case 'not_blocked':
      return `If they shall be kept away: blocking: ${side} in the mapping file.`
    case null:
      return null
  }
}
