// How far something long has come, said now and then where somebody looks.

import type { Io } from './output.ts'

const EVERY = 5_000
/** Less is over before anybody has read it. */
const WORTH_SAYING = 50_000

/** `total`: how many there will be, about. */
/** `total`: how many there will be, about; counted only where somebody looks. */
export function progressOf(io: Io, total: () => number): { at(done: number): void; end(): void } {
  const all = io.progress === undefined ? 0 : total()
  const say = all >= WORTH_SAYING ? io.progress : undefined
  return {
    at(done) {
      if (say !== undefined && done % EVERY === 0)
        say(`${Math.min(100, Math.floor((100 * done) / all))} % of ${all.toLocaleString('en')} decisions`)
    },
    end: () => say?.(''),
  }
}
