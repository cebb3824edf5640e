// The thread in which a changed mapping file is checked: its proof may take seconds, and people must not wait for it.

import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../domain/assert.ts'
import { loadMapping } from '../mapping/compile.ts'
import type { CheckWanted } from './check-aside.ts'

const { text, options } = workerData as CheckWanted
assert(parentPort !== null, 'A check of its own runs in a thread of its own.')
parentPort.postMessage(loadMapping(text, options).findings)
