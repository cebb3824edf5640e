// One turn of somebody in a conversation.

import type { SandboxParticipant } from './model-types.ts'

export type Beginning = Pick<SandboxParticipant, 'purpose' | 'userId' | 'state'> & { readonly consultedBy?: string }

export function newParticipant(
  deps: { readonly newId: () => string; readonly tick: () => number },
  { purpose, userId, state, consultedBy }: Beginning,
): SandboxParticipant {
  const startedAt = deps.tick()
  return {
    id: deps.newId(),
    purpose,
    userId,
    legId: deps.newId(),
    state,
    held: false,
    direction: purpose === 'user' ? 'outbound' : 'inbound',
    startedAt,
    connectedAt: state === 'connected' ? startedAt : null,
    disconnectedAt: null,
    disconnectType: null,
    parkedAt: null,
    resumedAt: null,
    call: null,
    consultedBy: consultedBy ?? null,
    wrapupRequired: false,
    wrapupTimeoutMs: null,
    acwStartedAt: null,
    acwEndedAt: null,
  }
}

export function isEnded(one: SandboxParticipant): boolean {
  return one.state === 'disconnected' || one.state === 'terminated'
}

export function inWrapUp(one: SandboxParticipant): boolean {
  return one.acwStartedAt !== null && one.acwEndedAt === null
}
