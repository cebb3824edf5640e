// The bridge's own state: asked for every few seconds while somebody looks.

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Check, LinkSummary, Load, OpsStatus } from '../ops/status.ts'
import { ask } from './api.ts'

const EVERY_MS = 5_000

type BridgeStatus = ReturnType<OpsStatus['about']> & {
  readonly ready: boolean
  readonly checks: readonly Check[]
  readonly links: readonly LinkSummary[]
  readonly load: Load
  /** Orders are taken: a token is configured. */
  readonly changes: boolean
}

export type StatusData = {
  readonly status: ReadonlySignal<BridgeStatus | null>
  /** Why it could not be asked lately; null: it could. */
  readonly failure: ReadonlySignal<string | null>
  refresh(): Promise<void>
}

export function createStatusData(): StatusData {
  const status = signal<BridgeStatus | null>(null)
  const failure = signal<string | null>(null)
  let timer = 0

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    if (!document.hidden) {
      const answer = await ask<BridgeStatus>('/api/status')
      failure.value = answer.ok ? null : answer.error
      if (answer.ok) status.value = answer.value
    }
    clearTimeout(timer)
    timer = setTimeout(() => void refresh(), EVERY_MS)
  }

  document.addEventListener('visibilitychange', () => void refresh())
  void refresh()
  return { status, failure, refresh }
}
