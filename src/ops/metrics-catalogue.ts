// Every metric of the bridge, written down once: its name, what it tells, its labels and their values.

import type { Registry } from 'prom-client'
import { URGENCIES } from '../domain/outbox.ts'
import { REASONS } from '../domain/reason.ts'
import { type EventKind, EXPOSURE_CAUSES, WRITE_OUTCOMES } from '../domain/record.ts'
import { SIDES } from '../domain/side.ts'
import { createMaker, type Maker } from './metrics-make.ts'

const EVENT_KINDS = [
  'status',
  'work',
  'start',
  'reading',
  'timer',
  'write',
  'admin',
  'reload',
] as const satisfies readonly EventKind[]

/** Where an agent is logged in. */
export const LOGGED_IN = ['both', 'crm', 'telephony', 'none'] as const
export type LoggedIn = (typeof LOGGED_IN)[number]

/** What keeps everything from being written for an agent. */
export const HELD_BY = ['paused', 'broken_promise', 'shadow', 'frozen'] as const
export type HeldBy = (typeof HELD_BY)[number]

/**
 * Why a side goes on showing something else than its target. `not_taken`: the platform does not take the write (closed console, link down, rate
 * limit); `not_confirmed`: it took it and does not report it back; `unexplained`: nothing is under way and nothing is known to be in the way.
 */
export const DRIFT_CAUSES = [
  'not_taken',
  'not_confirmed',
  'refused',
  'failed',
  'ignored',
  'frozen',
  'paused',
  'shadow',
  'unexplained',
] as const
export type DriftCause = (typeof DRIFT_CAUSES)[number]

/** The named checks of /readyz. */
export const CHECKS = ['crm read', 'crm link', 'telephony read', 'telephony link', 'journal'] as const

/** From a write that is answered at once to one that waited for its retries, seconds. */
const WRITE_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** From the platform's event to the report that the other side stands, seconds. */
const CONVERGENCE_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300]
/** Streams are late by fractions of a second, or by minutes where the platform is in trouble. */
const LAG_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300]
const COMMIT_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

const side = SIDES
const reason = Object.keys(REASONS)
const NO_LABELS = {}

export function createCatalogue(registry: Registry) {
  const make = createMaker(registry)
  return {
    ...aboutTheBridge(make),
    ...aboutDecisions(make),
    ...aboutAgents(make),
    ...aboutPlatforms(make),
    ...aboutTheJournal(make),
    listed: make.listed,
  }
}

function aboutTheBridge({ counter, gauge }: Maker) {
  return {
    build: gauge('build_info', 'Always 1; which build runs.', { version: null, revision: null, node: null }),
    ready: gauge('ready', '1 while /readyz says 200.', NO_LABELS),
    checks: gauge('check_ok', '1 while this check of /readyz is well.', { check: CHECKS }),
    shadow: gauge('shadow', '1 in shadow mode: everything is decided and recorded, nothing is written.', NO_LABELS),
    inbox: gauge('inbox_depth', 'Reports that wait to be decided.', NO_LABELS),
    reloads: counter('reloads_total', 'Changes of the mapping file that were taken or refused.', {
      result: ['taken', 'refused'],
    }),
    mappingCurrent: gauge('mapping_current', '1 while the mapping file as it is now is in force.', NO_LABELS),
    broken: counter(
      'promises_broken_total',
      'Agents paused because a decision broke a promise of the bridge.',
      NO_LABELS,
    ),
  }
}

function aboutDecisions({ counter, gauge, histogram }: Maker) {
  return {
    events: counter('events_total', 'Events that were decided.', { side: [...SIDES, 'none'], kind: EVENT_KINDS }),
    decisions: counter('decisions_total', 'Decisions by reason code.', { reason }),
    writes: counter(
      'writes_total',
      'Status writes by outcome and by the reason why they were wanted. A write may count under more than one on its way, such as sent and then confirmed.',
      { side, outcome: WRITE_OUTCOMES, reason },
    ),
    writeSeconds: histogram(
      'write_seconds',
      'From the decision to the answer of the platform.',
      { side },
      WRITE_BUCKETS,
    ),
    convergence: histogram(
      'convergence_seconds',
      'From the event on one side to the confirmation on the other (the labelled) one.',
      { side },
      CONVERGENCE_BUCKETS,
    ),
    outbox: gauge('outbox_depth', 'Writes that wait, by urgency.', { side, urgency: URGENCIES }),
    oldestWrite: gauge('outbox_oldest_seconds', 'Age of the oldest write that waits, by urgency; 0: none does.', {
      side,
      urgency: URGENCIES,
    }),
  }
}

function aboutAgents({ counter, gauge }: Maker) {
  return {
    agents: gauge('agents', 'Agents that are kept in step.', NO_LABELS),
    loggedIn: gauge('agents_logged_in', 'Agents by where they are logged in.', { on: LOGGED_IN }),
    available: gauge('agents_available', 'Agents who show an available status on the side.', { side }),
    working: gauge('agents_working', 'Agents with work open on the side.', { side }),
    held: gauge(
      'agents_held',
      'Agents for whom nothing is written, by why: paused by an admin, paused by the bridge, in shadow mode (also by profile), frozen by the breaker.',
      { by: HELD_BY },
    ),
    blocked: gauge('agents_blocked', 'Agents with a block in force on the side.', { side }),
    stuck: gauge('agents_stuck', 'Agents with a block in force on the side for four hours or more.', { side }),
    oldestBlock: gauge('block_oldest_seconds', 'Age of the oldest block in force on the side; 0: there is none.', {
      side,
    }),
    drifting: gauge(
      'agents_drifting',
      'Agents whose side has shown something else than its target for 15 s or more, by why.',
      { side, cause: DRIFT_CAUSES },
    ),
    exposed: gauge(
      'agents_exposed',
      'Agents to whom this side can give work at this moment while they handle work on the other one, by why.',
      { side, cause: EXPOSURE_CAUSES },
    ),
    exposure: counter(
      'exposure_seconds_total',
      'For how long this side could give work to agents who handled work on the other one, all agents together, by why.',
      { side, cause: EXPOSURE_CAUSES },
    ),
    overlaps: counter(
      'overlaps_total',
      'Work that arrived on this side while the agent handled work on the other one, although a block was in force.',
      { side },
    ),
    overlapSeconds: counter(
      'overlap_seconds_total',
      'For how long agents handled work of both sides because of that; counted when it is over.',
      { side },
    ),
    strangers: counter('unknown_users_total', 'Reports about people who are not kept in step.', { side }),
  }
}

function aboutPlatforms({ counter, gauge, histogram }: Maker) {
  return {
    linkUp: gauge('link_up', '1 while the stream of events of the side is whole.', { side }),
    lag: histogram(
      'stream_lag_seconds',
      "From the platform's own time of a report to hearing it; the two clocks may differ.",
      { side },
      LAG_BUCKETS,
    ),
    quiet: gauge(
      'stream_quiet_seconds',
      'How long nothing was heard from the stream of the side, since the start where nothing was yet.',
      { side },
    ),
    consoles: gauge(
      'consoles_connected',
      'Tabs of consoles that are connected; only where consoles carry out the writes of the side.',
      { side: null },
    ),
    calls: counter('api_calls_total', 'Calls of the platforms, by operation.', {
      side: null,
      operation: null,
      ok: null,
    }),
    callsAllowed: gauge('calls_allowed', "Calls of the platform's API that are allowed in a minute.", { side: null }),
    callsLeft: gauge('calls_left', "Of a minute's calls, those that could go out at once.", { side: null }),
    callsWaiting: gauge('calls_waiting', 'Calls that wait for their turn, by class.', { side: null, class: null }),
    budgetUsed: gauge('budget_used', "Of a platform's allowance for 24 hours, what is used.", {
      side: null,
      budget: null,
    }),
    budgetLimit: gauge('budget_limit', "A platform's allowance for 24 hours.", { side: null, budget: null }),
    budgetForecast: gauge(
      'budget_forecast',
      'What will be used by the end of 24 hours if it goes on as it did; only once that can be said.',
      { side: null, budget: null },
    ),
  }
}

function aboutTheJournal({ gauge, histogram }: Maker) {
  return {
    commitSeconds: histogram('journal_commit_seconds', 'Time of one commit of the journal.', NO_LABELS, COMMIT_BUCKETS),
    journalUp: gauge('journal_up', '1 while the journal can be written.', NO_LABELS),
    journalBytes: gauge('journal_bytes', 'What the journal takes on the disk, with the log beside it.', NO_LABELS),
    journalMax: gauge('journal_max_bytes', 'How large the journal may grow: journal.max_size.', NO_LABELS),
    journalFree: gauge('journal_disk_free_bytes', 'What is free on the disk of the journal.', NO_LABELS),
    journalDecisions: gauge(
      'journal_decisions',
      'Decisions in the journal, by the first and the last number.',
      NO_LABELS,
    ),
    journalReachesBack: gauge('journal_reaches_back_seconds', 'Age of the oldest decision in the journal.', NO_LABELS),
  }
}
