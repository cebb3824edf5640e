// The stand-in's REST query resource.
//
// NOT imitated: describe and limits resources, concurrent-request limits; records are written in sobjects.ts.

import { randomBytes } from 'node:crypto'
import type { FaultState } from './faults.ts'
import type { SalesforceModel } from './model.ts'
import { seen } from './setup-sight.ts'
import { parseSoql, runQuery, SoqlError } from './soql.ts'

/** Rows in one answer; Salesforce gives at most 2,000. */
const PAGE_ROWS = 2_000
/** API calls that the org allows in 24 hours; here it counts from its start on, and never forgets. */
const DAILY_CALLS = 100_000
/** Query results that wait for their next page; the oldest is forgotten. */
const CURSORS_MAX = 100
export type Reply = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }

export type Rest = {
  query(request: {
    version: string
    soql: string | null
    cursor: string | null
    authorization: string | undefined
    api: 'data' | 'tooling'
  }): Reply
}

type RestDeps = {
  readonly model: SalesforceModel
  readonly faults: FaultState
  readonly accepts: (authorization: string | undefined) => boolean
  readonly pageRows?: number
  readonly dailyCalls?: number
}

export function createRest(deps: RestDeps): Rest {
  const { model, faults, accepts } = deps
  const cursors = new Map<string, { readonly records: readonly object[]; readonly total: number }>()
  const { pageRows = PAGE_ROWS, dailyCalls = DAILY_CALLS } = deps

  function query(request: Parameters<Rest['query']>[0]): Reply {
    faults.calls.rest++
    if (faults.failures.count > 0) return injected(faults)
    if (faults.refuseTokens || !accepts(request.authorization)) {
      return errors(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
    }
    if (!model.setup.rights.apiEnabled) {
      return errors(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.')
    }
    const headers = { 'Sforce-Limit-Info': `api-usage=${Math.min(faults.calls.rest, dailyCalls)}/${dailyCalls}` }
    if (faults.calls.rest > dailyCalls) {
      return { ...errors(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'), headers }
    }
    try {
      return { ...answer(request), headers }
    } catch (error) {
      if (error instanceof SoqlError) return errors(400, error.errorCode, error.message)
      throw error
    }
  }

  function answer(request: Parameters<Rest['query']>[0]): Reply {
    if (request.cursor !== null) return nextPage(request.cursor, request.version)
    if (request.soql === null) return errors(400, 'MALFORMED_QUERY', 'no query')
    const tables = seen({ ...model, api: request.api })
    const records = runQuery(parseSoql(request.soql), tables, request.version)
    return { status: 200, body: page({ records, total: records.length, from: 0, version: request.version }) }
  }

  function nextPage(cursor: string, version: string): Reply {
    const [key = '', from = ''] = cursor.split('-')
    const kept = cursors.get(key)
    if (!kept) return errors(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
    return { status: 200, body: page({ ...kept, from: Number(from), version, key }) }
  }

  function page(at: {
    records: readonly object[]
    total: number
    from: number
    version: string
    key?: string
  }): object {
    const { records, total, from } = at
    const until = from + pageRows
    const shown = records.slice(from, until)
    if (until >= records.length) return { totalSize: total, done: true, records: shown }
    const key = at.key ?? `01g${randomBytes(6).toString('hex')}`
    cursors.set(key, { records, total })
    dropOldest(cursors, CURSORS_MAX)
    const nextRecordsUrl = `/services/data/v${at.version}/query/${key}-${until}`
    return { totalSize: total, done: false, nextRecordsUrl, records: shown }
  }

  return { query }
}

/** REST errors are an array, also when there is only one. */
export function errors(status: number, errorCode: string, message: string): Reply {
  return { status, body: [{ message, errorCode }] }
}

function injected(faults: FaultState): Reply {
  faults.failures.count--
  const { status } = faults.failures
  if (status === 403) return errors(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
  return errors(status, status === 401 ? 'INVALID_SESSION_ID' : 'SERVER_UNAVAILABLE', 'The server could not do it now.')
}

function dropOldest(kept: Map<string, unknown>, max: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= max) return
    kept.delete(key)
  }
}
