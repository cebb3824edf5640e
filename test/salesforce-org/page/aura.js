// As much of Aura as the utility needs: its own controller and helper run here as they are deployed. The toolkit, Apex and the org behind them
// are in the test, which gives the page `askToolkit` and calls `omniEvent`.
//
// NOT imitated: Locker, action queues, access checks, the utility bar.

const METHODS = [
  'getServicePresenceStatusId',
  'getAgentWorks',
  'setServicePresenceStatus',
  'logout',
  'acceptAgentWork',
  'declineAgentWork',
  'closeAgentWork',
]

window.$A = { getCallback: (callback) => callback }

const [controller, helper] = await Promise.all(['controller.js', 'helper.js'].map(definition))
const companion = document.querySelector('c-presence-bridge-companion')
const toolkit = Object.fromEntries(METHODS.map((method) => [method, (args) => ask(method, args)]))
const component = { isValid: () => true, find: (id) => ({ companion, toolkit })[id] }
const event = (params) => ({ getParam: (key) => params[key] })

companion.addEventListener('ask', ({ detail }) => controller.ask(component, event(detail), helper))
window.omniEvent = ({ name, params }) => controller[name](component, event(params), helper)
await import('/presenceBridgeCompanion.js')

async function ask(method, args) {
  const { ok, result, message } = await window.askToolkit(method, args ?? null)
  if (!ok) throw new Error(message)
  return result
}

/** The file of a definition is one expression in brackets. */
async function definition(path) {
  const text = await (await fetch(path)).text()
  return new Function(`return ${text.replace(/^(\s*\/\/.*\n)*/, '')}`)()
}
