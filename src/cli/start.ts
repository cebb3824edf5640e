// presence-bridge start: runs the bridge, with settings between real platforms, without between the sandbox ones.

import { CannotStart } from '../app/cannot-start.ts'
import { Daemon } from '../app/daemon.ts'
import { discreetLog } from '../app/discreet.ts'
import { REAL_CLOCK } from '../app/real-clock.ts'
import { secretsOf } from '../app/secrets.ts'
import type { Settings } from '../app/settings.ts'
import type { Log } from '../domain/log.ts'
import { createScrub } from '../domain/scrub.ts'
import { renderFindings } from '../mapping/render.ts'
import { createLogs } from '../ops/service-log.ts'
import { crashDiscreetly } from './crash.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'
import { readSettings } from './settings.ts'
import { version } from './version.ts'

export type StartOptions = { readonly settings: string | null }

/** Resolves when the bridge has ended. */
export async function start(options: StartOptions, io: Io): Promise<ExitCode> {
  const settings = options.settings === null ? null : readSettings(options.settings, io)
  if (options.settings !== null && settings === null) return EXIT.couldNotRun
  const wantsSandbox = settings === null || settings.crm.kind === 'sandbox'
  const sandbox = wantsSandbox ? await openSandbox(settings) : null
  try {
    const used = sandbox?.settings ?? settings
    return used === null ? EXIT.couldNotRun : await runUntilTold(used, sandbox, io)
  } finally {
    await sandbox?.stop()
  }
}

async function runUntilTold(settings: Settings, sandbox: Sandbox | null, io: Io): Promise<ExitCode> {
  const terminal = process.stdout.isTTY === true
  const format = settings.log.format ?? (terminal ? 'pretty' : 'json')
  const logs = createLogs({ level: settings.log.level, format, stdout: process.stdout, colour: io.color })
  const scrub = createScrub(secretsOf(settings))
  crashDiscreetly({ blank: scrub.words, io })
  const log = discreetLog(logs.service, { blank: scrub.line, debug: settings.log.level === 'debug' })
  const daemon = new Daemon({
    settings,
    clock: REAL_CLOCK,
    random: Math.random,
    log,
    sync: ({ record }) => logs.sync(record),
    version: version(),
  })
  const told = untilTold(() => void daemon.reload())
  let code: ExitCode = EXIT.no
  try {
    code = await untilTheEnd(daemon, { sandbox, told, log, io })
  } finally {
    if (!(await daemon.stop())) {
      log.error({ code: 'stop_overdue' }, 'Stopping took too long; the process ends all the same')
      code = EXIT.no
    }
    await logs.flush()
  }
  return code
}

async function untilTheEnd(
  daemon: Daemon,
  around: { readonly sandbox: Sandbox | null; readonly told: Promise<void>; readonly log: Log; readonly io: Io },
): Promise<ExitCode> {
  const { sandbox, told, log, io } = around
  try {
    await daemon.open()
    const page = { code: 'page', url: daemon.opsUrl }
    log.info(page, `The page is at ${daemon.opsUrl}`)
    sandbox?.openDoors()
    const running = daemon.run()
    const how = await Promise.race([
      told.then(() => 'told' as const),
      running.then(() => told).then(() => 'told' as const),
    ])
    log.info({ code: 'stopping', how }, 'Stopping: writes under way are finished, the rest is parked')
    running.catch(() => {}) // being stopped while still trying is no failure
    return EXIT.fine
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    const { findings } = error
    io.err(findings.length > 0 ? renderFindings(findings, { format: 'text', color: io.color }) : `${error.message}\n`)
    return EXIT.couldNotRun
  }
}

/** Resolves at SIGTERM or SIGINT; a second one ends the process at once. SIGHUP reloads the mapping. */
function untilTold(reload: () => void): Promise<void> {
  process.on('SIGHUP', reload)
  return new Promise((resolve) => {
    let told = false
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (told) process.exit(130)
        told = true
        resolve()
      })
    }
  })
}
