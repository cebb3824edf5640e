// One agent of the test's contact centre: what both platforms show, and what the agent does there.

import type { ContactCentre } from '../../src/sandbox/contact-centre.ts'
import type { SandboxPerson } from '../../src/sandbox/people.ts'

export type Agent = {
  /** The name across the bridge. */
  readonly name: string
  readonly crm: string
  readonly telephony: string
  /** What both platforms show: API name and label. */
  shows(): { readonly crm: string; readonly telephony: string }
  /** Telephony's own view of whether a call can be offered. */
  routing(): string
  /** The agent chooses a status in the CRM, by API name. */
  inCrm(apiName: string): void
  /** The agent chooses a status in telephony, by label. */
  inTelephony(label: string): void
  /** A chat is pushed to the agent, whatever the status; gives the work's id. */
  offerChat(): string
  accept(work: string): void
  closeChat(work: string): void
  /** A call rings at the agent, whatever the status; gives the conversation's id. */
  ring(): string
}

export function createAgent(centre: ContactCentre, { crm, telephony, username }: SandboxPerson): Agent {
  const salesforce = centre.salesforce.model
  const genesys = centre.genesys.model

  return {
    name: username,
    crm,
    telephony,
    shows: () => ({
      crm: salesforce.presence(crm),
      telephony: genesys.user(telephony)?.presence.label ?? 'nobody',
    }),
    routing: () => genesys.user(telephony)?.routing ?? 'nobody',
    inCrm(apiName) {
      done(salesforce.setPresence({ user: crm, apiName, by: 'agent' }) === 'ok', `the CRM takes ${apiName}`)
    },
    inTelephony(label) {
      done(genesys.setPresence(telephony, label).kind === 'done', `telephony takes ${label}`)
    },
    offerChat() {
      const channel = salesforce.channel('chat')?.Id
      if (channel === undefined) throw new Error('There is no channel for chats.')
      return salesforce.work.assign(channel, crm)
    },
    accept: (work) => done(salesforce.work.accept(work), 'the chat can be accepted'),
    closeChat: (work) => done(salesforce.work.close(work), 'the chat can be closed'),
    ring: () => genesys.offer(telephony, 'call').id,
  }
}

function done(ok: boolean, what: string): void {
  if (!ok) throw new Error(`Expected that ${what}.`)
}
