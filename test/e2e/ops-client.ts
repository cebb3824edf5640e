// What a probe, an operator's script and the page see of a running bridge.

import type { LogRecord } from '../../src/domain/record.ts'
import type { AgentDetail, AgentSummary, Check } from '../../src/ops/status.ts'

const TIMEOUT_MS = 5_000

type Readiness = { readonly status: number; readonly ready: boolean; readonly checks: readonly Check[] }
type Answer = { readonly status: number; readonly body: unknown }

export type Ops = {
  /** Null while nobody answers. */
  readyz(): Promise<Readiness | null>
  agents(): Promise<readonly AgentSummary[]>
  agent(name: string): Promise<AgentDetail>
  log(query: string): Promise<readonly LogRecord[]>
  text(path: string): Promise<string>
  order(action: string, body: object, token?: string | null): Promise<Answer>
}

export function createOps(url: string, ownToken: string | undefined): Ops {
  async function get(path: string): Promise<Response> {
    return await fetch(`${url}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  }

  async function json<T>(path: string): Promise<T> {
    const answer = await get(path)
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }

  return {
    async readyz() {
      try {
        const answer = await get('/readyz')
        const body = (await answer.json()) as Omit<Readiness, 'status'>
        return { status: answer.status, ...body }
      } catch {
        return null
      }
    },
    agents: () => json('/api/agents'),
    agent: (name) => json(`/api/agents/${encodeURIComponent(name)}`),
    log: (query) => json(`/api/log?${query}`),
    text: async (path) => await (await get(path)).text(),
    async order(action, body, token = ownToken ?? null) {
      const answer = await fetch(`${url}/api/${action}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      return { status: answer.status, body: await answer.json() }
    },
  }
}
