// The process of the two fake platforms and the agents' consoles. It makes the load and takes the times.

import { configOfProcess, serveOrders, tell } from '../child.ts'
import { fakesConfig } from '../messages.ts'
import { createPeople } from '../world.ts'
import { createConsoles } from './consoles.ts'
import { createDesk } from './desk.ts'
import { startGenesysFake } from './genesys.ts'
import { load } from './load.ts'
import { startSalesforceFake } from './salesforce.ts'

const people = createPeople(fakesConfig.parse(configOfProcess()).agents)
const desk = createDesk(people.length)
const genesys = await startGenesysFake(people, desk)
const salesforce = await startSalesforceFake(people, desk)
const consoles = createConsoles(people, desk)

serveOrders(
  async (asked) => {
    if (asked.kind === 'connect') {
      await consoles.connect(asked.port)
      tell({ kind: 'connected' })
    }
    if (asked.kind === 'load') {
      const result = await load({ desk, genesys, salesforce, consoles }, asked)
      tell({ kind: 'loaded', result: { ...result, unasked: result.unasked + consoles.troubles() } })
    }
  },
  async () => {
    consoles.close()
    genesys.close()
    salesforce.close()
  },
)
tell({
  kind: 'fakes',
  genesysUrl: genesys.url,
  salesforceUrl: salesforce.url,
  publicKeyPem: consoles.publicKeyPem,
})
