// A whole contact centre on loopback for trying the bridge out: a stand-in Salesforce org, a stand-in Genesys Cloud organisation,
// agents with consoles, and life in them. Everything speaks the vendors' real wire protocols.

import { randomUUID } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import { createGenesysModel, type GenesysModel } from './genesys-cloud/model.ts'
import { type GenesysServer, serveGenesys } from './genesys-cloud/server.ts'
import { createPeople, type SandboxPerson } from './people.ts'
import { createOrgCertificate } from './salesforce/certificate.ts'
import { type CompanionClient, createCompanionClient } from './salesforce/companion-client.ts'
import { createSalesforceModel, type SalesforceModel } from './salesforce/model.ts'
import { type SalesforceServer, serveSalesforce } from './salesforce/server.ts'

export const SANDBOX_AUDIENCE = 'sandbox'
export const SANDBOX_ORIGIN = 'https://sandbox.lightning.force.com'

const NAMES = ['Ada', 'Ben', 'Chloe', 'Dan', 'Eva', 'Finn', 'Jane', 'Lee', 'Mia', 'Noah', 'Olga', 'Paul']
/** E-mail addresses by name. */
export type Addresses = Readonly<Record<string, { readonly crm: string; readonly telephony: string }>>
/** Whom the example mapping speaks of: one whose addresses differ, and one who takes chats only. */
export const EXAMPLE_ADDRESSES: Addresses = {
  Jane: { crm: 'jane@acme.example', telephony: 'jane.doe@acme.example' },
  Lee: { crm: 'lee@acme.example', telephony: 'lee@acme.example' },
}
/** `channels`: by developer name; none where the status takes no work. */
export type SandboxStatus = readonly [apiName: string, label: string, channels: readonly string[]]

const STATUSES: readonly SandboxStatus[] = [
  ['On_Queue', 'On Queue', ['chat', 'case']],
  ['Lunch', 'Lunch', []],
  ['Break', 'Break', []],
  ['Coaching', 'Coaching', []],
  ['Busy', 'Busy', []],
  ['Missed_Call', 'Missed Call', []],
  ['Away', 'Away', []],
  ['Transition', 'Transition', []],
]

export type ContactCentre = {
  readonly salesforce: { readonly model: SalesforceModel; readonly server: SalesforceServer }
  readonly genesys: { readonly model: GenesysModel; readonly server: GenesysServer }
  readonly people: readonly SandboxPerson[]
  readonly publicKeyPem: string
  /** What both servers accept. */
  readonly clientId: string
  readonly clientSecret: string
  /** Opens every agent's console; it dials the companion endpoint until it answers. */
  openConsoles(companionUrl: string): readonly CompanionClient[]
  /** People begin to work. */
  openDoors(): void
  stop(): Promise<void>
}

/** `agents`: how many people; they are logged out until they log in. */
export async function openContactCentre(args: {
  readonly clock: Clock
  readonly random: () => number
  readonly agents: number
  /** The org's presence statuses; where left out, those of the example mapping. */
  readonly statuses?: readonly SandboxStatus[]
  /** Genesys's budget of calls a minute; the platform's own where left out. */
  readonly callsPerMinute?: number
  /** Of those who have others than their names at the sandbox. */
  readonly addresses?: Addresses
}): Promise<ContactCentre> {
  const { clock, random } = args
  const credentials = { clientId: 'sandbox-client', clientSecret: randomUUID() }
  const salesforce = createSalesforceModel({ clock, random })
  for (const channel of ['chat', 'case']) salesforce.addChannel(channel)
  for (const [apiName, label, channels] of args.statuses ?? STATUSES) salesforce.addStatus({ apiName, label, channels })
  const genesys = createGenesysModel({ clock, random, alertingTimeoutMs: 12_000 })
  const people = addPeople({ salesforce, genesys, count: args.agents, addresses: args.addresses ?? {} })
  const servers = {
    salesforce: await serveSalesforce(salesforce, { clock, ...credentials, port: 0 }),
    genesys: await serveGenesys(genesys, {
      ...credentials,
      port: 0,
      ...(args.callsPerMinute === undefined ? {} : { callsPerMinute: args.callsPerMinute }),
    }),
  }
  const certificate = createOrgCertificate(() => clock.now())
  const life = createPeople({ clock, random, salesforce, genesys, people })
  const consoles: CompanionClient[] = []

  return {
    salesforce: { model: salesforce, server: servers.salesforce },
    genesys: { model: genesys, server: servers.genesys },
    people,
    publicKeyPem: certificate.publicKeyPem,
    ...credentials,
    openConsoles(url) {
      for (const { crm } of people) {
        const signToken = () => certificate.sign(crm, SANDBOX_AUDIENCE)
        const tab = {
          url,
          origin: SANDBOX_ORIGIN,
          signToken,
          userId: crm,
          tab: 'tab-1',
          model: salesforce,
          clock,
          random,
        }
        consoles.push(createCompanionClient(tab))
      }
      return consoles
    },
    openDoors: () => life.start(),
    async stop() {
      life.stop()
      for (const console of consoles) console.close()
      genesys.stop()
      await Promise.all([servers.salesforce.close(), servers.genesys.close()])
    },
  }
}

function addPeople(at: {
  readonly salesforce: SalesforceModel
  readonly genesys: GenesysModel
  readonly count: number
  readonly addresses: Addresses
}): readonly SandboxPerson[] {
  const { salesforce, genesys, count, addresses } = at
  return Array.from({ length: count }, (_, index) => {
    const first = NAMES[index % NAMES.length] ?? 'Agent'
    const round = Math.floor(index / NAMES.length)
    const name = `${first}${round === 0 ? '' : ` ${round + 1}`}`
    const email = `${name.toLowerCase().replace(' ', '')}@sandbox.example`
    const address = addresses[name] ?? { crm: email, telephony: email }
    const crm = salesforce.addUser({ username: address.crm, email: address.crm, name })
    const telephony = genesys.addUser({ name, email: address.telephony }).id
    return { name, username: address.crm, crm, telephony }
  })
}
