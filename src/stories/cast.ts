// Who is in a story: the agent whom it is about, the colleagues around, and somebody whom the mapping file does not know.

import type { Member } from '../app/agents.ts'
import type { LogRecord } from '../domain/record.ts'
import type { AgentId, PlatformUserId, Side } from '../domain/side.ts'
import type { Story } from '../mapping/story.ts'

export type Cast = {
  /** The agent first. */
  readonly members: readonly Member[]
  readonly agent: PlatformUserId
  readonly colleagues: readonly PlatformUserId[]
}

const AGENT = 'agent'

/** Everybody has the same id on both sides, and the profile of the story. */
export function castOf(story: Story): Cast {
  const names = Array.from({ length: story.colleagues }, (_, n) => `colleague-${n + 1}`)
  const member = (id: string, name: string): Member => {
    const user = id as PlatformUserId
    return { agent: id as AgentId, name, aliases: [], users: { crm: user, telephony: user }, profile: story.profile }
  }
  const colleagues = names.map((id, n) => member(id, `Colleague ${n + 1}`))
  return {
    members: [member(AGENT, 'the agent'), ...colleagues],
    agent: AGENT as PlatformUserId,
    colleagues: names.map((id) => id as PlatformUserId),
  }
}

/** Of each side another person. */
export function strangerOf(side: Side): PlatformUserId {
  return `stranger-${side}` as PlatformUserId
}

/** What is decided about colleagues is not of the story's concern. */
export function isOfStory(cast: Cast, { agent }: LogRecord): boolean {
  const others: readonly string[] = cast.colleagues
  return !others.includes(agent)
}
