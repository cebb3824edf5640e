// Checks a mapping file, with its proof, while the bridge goes on.

import { Worker } from 'node:worker_threads'
import type { Finding } from '../domain/finding.ts'
import type { LoadOptions } from '../mapping/compile-text.ts'

export type CheckWanted = { readonly text: string; readonly options: LoadOptions }

/** Sources run as they are; the published package has them built. */
const CHECK_THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './check-thread.ts' : './check-thread.js',
  import.meta.url,
)

/** Every finding. Rejects where the check itself failed. */
export function checkAside(wanted: CheckWanted): Promise<readonly Finding[]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(CHECK_THREAD, { workerData: wanted })
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', () => reject(new Error('The check of the mapping file ended without a result')))
  })
}
