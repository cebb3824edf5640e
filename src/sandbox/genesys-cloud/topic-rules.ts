// Topic names as the platform reads them: single ones, and combined ones that stand for several.

export type TopicState = {
  readonly id: string
  readonly state: 'Permitted' | 'Rejected'
  readonly rejectionReason?: string
  readonly missingPermissions?: readonly string[]
}

const LENGTH_MAX = 200

/** The list of names in a subscription's body; undefined where it is none. */
export function readTopics(body: unknown): readonly string[] | undefined {
  if (!Array.isArray(body)) return undefined
  return body.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('id' in entry)) return []
    return typeof entry.id === 'string' ? [entry.id] : []
  })
}

/** "v2.users.X?presence&routingStatus" stands for "v2.users.X.presence" and "v2.users.X.routingStatus". */
export function partsOf(name: string): readonly string[] {
  const [head, tail] = name.split('?')
  return tail === undefined ? [name] : tail.split('&').map((part) => `${head}.${part}`)
}

/** A combined topic may be permitted while one of its parts comes back rejected, under the part's own name. */
export function topicState(name: string, rejected: ReadonlySet<string>): readonly TopicState[] {
  if (name.length > LENGTH_MAX) return [{ id: name, state: 'Rejected', rejectionReason: 'topic is too long' }]
  const denied = partsOf(name).filter((part) => [...rejected].some((text) => part.includes(text)))
  const refusals = denied.map((id) => ({
    id,
    state: 'Rejected' as const,
    rejectionReason: 'missing permissions',
    // Which one a topic needs the platform tells with the topics on offer; these stand for it.
    missingPermissions: [
      id.endsWith('.conversations') ? 'conversation:communication:view' : 'presence:userPresence:view',
    ],
  }))
  if (denied.length === partsOf(name).length) return refusals
  return [{ id: name, state: 'Permitted' }, ...refusals]
}
