// The process of the two fake platforms and the crowd of consoles for the companions' benchmark.

import { configOfProcess, serveOrders, tell } from './child.ts'
import { createCrowd, LOGGED_OUT } from './companions-consoles.ts'
import { createDesk } from './fakes/desk.ts'
import { startGenesysFake } from './fakes/genesys.ts'
import { startSalesforceFake } from './fakes/salesforce.ts'
import { fakesConfig } from './messages.ts'
import { createPeople } from './world.ts'

const people = createPeople(fakesConfig.parse(configOfProcess()).agents)
const desk = createDesk(people.length)
for (const agent of people.keys()) desk.put('crm', agent, LOGGED_OUT)
const genesys = await startGenesysFake(people, desk)
const salesforce = await startSalesforceFake(people, desk)
const crowd = createCrowd(people, desk)

serveOrders(
  async (asked) => {
    if (asked.kind === 'storm') tell({ kind: 'served', ...copied(await crowd.storm(asked)) })
    if (asked.kind === 'return') tell({ kind: 'served', ...copied(await crowd.everybody()) })
    if (asked.kind === 'calls') {
      const { patches, others } = genesys.calls()
      tell({ kind: 'calls', crm: salesforce.calls(), telephony: patches + others })
    }
  },
  async () => {
    crowd.close()
    genesys.close()
    salesforce.close()
  },
)
tell({
  kind: 'fakes',
  genesysUrl: genesys.url,
  salesforceUrl: salesforce.url,
  publicKeyPem: crowd.publicKeyPem,
})

function copied<T extends { readonly waits: readonly number[] }>(served: T) {
  return { ...served, waits: [...served.waits] }
}
