// A disk that fills up under a running process: the kernel refuses every byte past a size, with the same error to the writer's eye.

import { execFileSync } from 'node:child_process'

/** Of util-linux. */
const PRLIMIT = 'prlimit'

/** Bytes that any file of the process may have from now on. */
export function limitFileSize(pid: number, bytes: number | 'unlimited'): void {
  execFileSync(PRLIMIT, ['--pid', String(pid), `--fsize=${bytes}:`])
}
