// A contact centre in the test's process, on real sockets, and the real bridge beside it: what an end-to-end test stands on.
// People do nothing of their own accord here; a test moves them. Everything ends with `close`, whatever a test did.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type ContactCentre, openContactCentre, type SandboxStatus } from '../../src/sandbox/contact-centre.ts'
import { until } from '../support/poll.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'
import { type BridgeProcess, startProcess } from './bridge-process.ts'
import { freePorts } from './free-ports.ts'
import { createOps, type Ops } from './ops-client.ts'
import { type Agent, createAgent } from './person.ts'
import { settingsOf } from './settings-file.ts'
import { type Received, tapWire } from './wire-tap.ts'

/** A start takes about a second; two at a time on a busy machine take longer. */
const READY_MS = 20_000

export type FloorOptions = {
  readonly mapping: string
  readonly agents?: number
  readonly statuses?: readonly SandboxStatus[]
  /** Replaces whole keys of the settings file. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Replaces variables of the bridge's environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** Of the CRM's event stream; the default where left out. */
  readonly transport?: 'pubsub' | 'cometd'
  /** Consoles stay closed until the test opens them. */
  readonly consolesClosed?: boolean
}

export type Floor = {
  readonly centre: ContactCentre
  readonly agents: readonly Agent[]
  readonly folder: string
  readonly settingsFile: string
  readonly mappingFile: string
  readonly journal: string
  readonly ports: { readonly ops: number; readonly companion: number }
  readonly ops: Ops
  agent(index: number): Agent
  /** Starts the bridge and waits for nothing; with other keys in its settings file or other variables, where given. */
  launch(other?: Pick<FloorOptions, 'settings' | 'environment'>): BridgeProcess
  /** The same with this text as its settings file. */
  launchText(settings: string): BridgeProcess
  /** The same with another settings file, which may be missing. */
  launchFile(file: string): BridgeProcess
  /** Starts the bridge; resolves when it is ready and every console is connected. */
  start(): Promise<BridgeProcess>
  ready(bridge: BridgeProcess): Promise<void>
  /** Opens every agent's console, anew where it was open. */
  openConsoles(): Promise<void>
  /** Closes this agent's; it does not dial again. */
  closeConsole(index: number): void
  /** Closes them all; they do not dial again. */
  closeConsoles(): void
  write(file: string, text: string): void
  /** Status writes that the two platforms received from the bridge so far: commands to consoles, and calls that change something. */
  writes(): { readonly crm: number; readonly telephony: number }
  /** Every request that a server of this process received. */
  received(): readonly Received[]
  close(): Promise<void>
}

export async function openFloor(options: FloorOptions): Promise<Floor> {
  const [ops = 0, companion = 0] = await freePorts(2)
  const { statuses } = options
  const tap = tapWire()
  const centre = await openContactCentre({
    clock: REAL_CLOCK,
    random: Math.random,
    agents: options.agents ?? 1,
    ...(statuses === undefined ? {} : { statuses }),
  })
  const folder = mkdtempSync(join(tmpdir(), 'presence-bridge-e2e-'))
  const agents = centre.people.map((person) => createAgent(centre, person))
  const genesysPort = Number(new URL(centre.genesys.server.url).port)
  const processes: BridgeProcess[] = []
  let consoles: ReturnType<ContactCentre['openConsoles']> = []
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text)
  const { file, environment } = settingsOf({
    centre,
    ports: { ops, companion },
    ...(options.transport && { transport: options.transport }),
  })
  write('mappings.yaml', options.mapping)

  function launchFile(name: string, other: FloorOptions['environment'] = {}): BridgeProcess {
    const given = { ...environment, ...options.environment, ...other }
    const bridge = startProcess(['start', '--settings', join(folder, name)], given)
    processes.push(bridge)
    return bridge
  }

  function launchText(text: string, other: FloorOptions['environment'] = {}): BridgeProcess {
    write('bridge.yaml', text)
    return launchFile('bridge.yaml', other)
  }

  const launch: Floor['launch'] = (other = {}) =>
    launchText(stringify({ ...file, ...options.settings, ...other.settings }), other.environment)

  function closeConsoles(): void {
    for (const console of consoles) console.close()
  }

  async function openConsoles(): Promise<void> {
    // Pages that were open while the bridge was dead would dial again by themselves, after a while; agents reload them.
    closeConsoles()
    consoles = centre.openConsoles(`ws://127.0.0.1:${companion}/companion`)
    const opened = consoles.slice(-agents.length)
    await until(() => opened.every((console) => console.state().connected), 'the consoles to connect')
  }

  const client = createOps(`http://127.0.0.1:${ops}`, environment.OPS_TOKEN)

  async function ready(bridge: BridgeProcess): Promise<void> {
    let over = false
    void bridge.ended.then(() => {
      over = true
    })
    const end = performance.now() + READY_MS
    for (;;) {
      if ((await client.readyz())?.ready === true) return
      const { stdout, stderr } = bridge.printed()
      if (over || performance.now() > end) throw new Error(`The bridge does not become ready.\n${stdout}\n${stderr}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  return {
    centre,
    agents,
    folder,
    settingsFile: join(folder, 'bridge.yaml'),
    mappingFile: join(folder, 'mappings.yaml'),
    journal: join(folder, 'data', 'journal.sqlite'),
    ports: { ops, companion },
    ops: client,
    agent(index) {
      const found = agents[index]
      if (found === undefined) throw new Error(`There is no agent ${index}.`)
      return found
    },
    launch,
    launchText,
    launchFile,
    async start() {
      const bridge = launch()
      await ready(bridge)
      if (options.consolesClosed !== true) await openConsoles()
      return bridge
    },
    ready,
    openConsoles,
    closeConsole: (index) => consoles.at(index - agents.length)?.close(),
    closeConsoles,
    write,
    writes: () => ({
      crm: consoles.reduce((sum, console) => sum + console.state().commands, 0),
      telephony: tap.received().filter(({ port, method, path }) => port === genesysPort && isWrite(method, path))
        .length,
    }),
    received: tap.received,
    async close() {
      for (const bridge of processes) bridge.signal('SIGKILL')
      await Promise.all(processes.map((bridge) => bridge.ended))
      await centre.stop()
      tap.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Presence and routing status are all that the bridge may change in telephony. */
function isWrite(method: string, path: string): boolean {
  return /\/(presences|routingstatus)\b/.test(path) && (method === 'PATCH' || method === 'PUT')
}

/** Tries until it does not throw; then with what it gives, else with its last error. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 8_000): Promise<T> {
  const end = performance.now() + timeoutMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > end) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
