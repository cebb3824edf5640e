// Sets a person's presence: one attempt, its outcome classified. Off and on the queue are presences; the routing status is
// touched only to bring someone back from Not Responding, which a presence alone does not do (staff answer and lab tool).

import type { Clock } from '../../domain/clock.ts'
import type { WriteOptions, WriteResult } from '../../domain/platform.ts'
import type { PlatformUserId, StatusId } from '../../domain/side.ts'
import type { CallOutcome, CallRequest, Client } from './client.ts'
import type { KnownDefinitions } from './definitions.ts'
import type { OffQueue } from './off-queue.ts'
import { isNotResponding, type PresenceViews } from './presence-view.ts'

export type WriteDeps = {
  readonly client: Client
  readonly clock: Clock
  readonly definitions: KnownDefinitions
  readonly views: PresenceViews
  readonly offQueue: OffQueue
  /** Whether work of this person is open. */
  readonly isAtWork: (user: PlatformUserId) => boolean
  readonly linkUp: () => boolean
  readonly writePresence: (target: WriteTarget, presence: NewPresence) => Promise<WriteResult>
}

/** As the platform takes it. */
export type NewPresence = { readonly presenceDefinition: { readonly id: string }; readonly primary?: true }

export type WriteTarget = { readonly user: PlatformUserId; readonly status: StatusId; readonly options: WriteOptions }

export async function writeStatus(deps: WriteDeps, target: WriteTarget): Promise<WriteResult> {
  const { user, status, options } = target
  if (options.signal.aborted || deps.clock.now() >= options.deadline) {
    return { kind: 'transient', words: 'the write was no longer wanted when its turn came' }
  }
  const definition = deps.definitions.toWrite(status)
  if (!definition)
    return { kind: 'refused', words: `Genesys Cloud sets this status itself; nobody else can (${status})` }
  const view = deps.views.of(user)
  if (definition.onQueue && isNotResponding(view)) {
    const back = await sendWrite(deps, target, {
      operation: 'routing.write',
      method: 'PUT',
      path: `/api/v2/users/${user}/routingstatus`,
      body: { status: 'IDLE' },
    })
    if (back.kind !== 'accepted' || view.presence?.status === status) return back
  }
  if (view.presence?.onQueue && !definition.onQueue && deps.offQueue.isOnlyNoted() && deps.isAtWork(user)) {
    return { kind: 'unreachable', words: 'at work: Genesys Cloud would only note the wish to leave the queue' }
  }
  // Where another system is the primary source, the presence would else be kept without being shown [derived].
  return await deps.writePresence(target, {
    presenceDefinition: { id: definition.id },
    ...(view.presence?.foreign && { primary: true }),
  })
}

/** One presence by a call of its own. */
export async function writeOnePresence(
  deps: SendDeps & Pick<WriteDeps, 'offQueue'>,
  { user, options }: WriteTarget,
  presence: NewPresence,
): Promise<WriteResult> {
  const path = `/api/v2/users/${user}/presences/purecloud`
  const request = { operation: 'presence.write', method: 'PATCH', path, body: presence } as const
  const outcome = await deps.client.call({ ...request, ...turnOf(options) })
  if (outcome.kind === 'ok') deps.offQueue.answered(presence.presenceDefinition.id, outcome.body)
  return classify(outcome, request.operation, deps.linkUp())
}

type SendDeps = Pick<WriteDeps, 'client' | 'linkUp'>
type WriteRequest = Pick<CallRequest, 'operation' | 'method' | 'path' | 'body'>

/** One call of a write, with its outcome classified. */
export async function sendWrite(deps: SendDeps, target: WriteTarget, request: WriteRequest): Promise<WriteResult> {
  const outcome = await deps.client.call({ ...request, ...turnOf(target.options) })
  return classify(outcome, request.operation, deps.linkUp())
}

function turnOf({ deadline, signal, urgency }: WriteOptions): Pick<CallRequest, 'kind' | 'deadline' | 'signal'> {
  return { kind: urgency ?? 'write', deadline, signal }
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  'presence.write': 'presence:userPresence:edit',
  'tokens.delete': 'oauth:token:delete',
}

/** What an answer means for a write. */
export function classify(outcome: CallOutcome, operation: string, linkUp: boolean): WriteResult {
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'accepted' }
    case 'limited':
      return { kind: 'rate_limited', untilMs: outcome.untilMs, words: outcome.message }
    case 'credentials':
      // Not the fault of this write: once the credentials are mended, the same write succeeds.
      return { kind: 'transient', words: outcome.message }
    case 'network':
      if (!linkUp && !outcome.connected) return { kind: 'unreachable', words: outcome.message }
      return { kind: 'transient', words: outcome.message }
    case 'status':
      return classifyStatus(outcome, operation)
  }
}

function classifyStatus(outcome: CallOutcome & { kind: 'status' }, operation: string): WriteResult {
  const { status, message } = outcome
  if (status >= 500 || status === 408 || status === 413) return { kind: 'transient', words: `${status}: ${message}` }
  if (status === 403) {
    // Setting a routing status needs none by the vendor's documentation, so what lacks there is not named.
    const permission = PERMISSIONS[operation] ?? 'a permission'
    const words = `Genesys Cloud refused it (${message}); the OAuth client needs ${permission} in the person's division`
    return { kind: 'refused', words }
  }
  if (status === 404)
    return { kind: 'refused', words: `Genesys Cloud does not know the person or the status: ${message}` }
  return { kind: 'refused', words: message }
}
