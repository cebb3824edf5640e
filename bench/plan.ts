// How long and how hard the benchmark runs: the full plan, and the quick one that only shows that everything works.

export type Plan = {
  readonly engineMs: number
  readonly journalMs: number
  readonly runtimeMs: number
  /** Steady load: changes a second, how long one round lasts, and how many rounds there are, in which everybody takes a turn. */
  readonly steadyRate: number
  readonly roundMs: number
  readonly rounds: number
  /** Before the steady load is measured: code gets compiled, connections get opened. */
  readonly warmUpMs: number
  /** Changes a second, tried in turn until one is too much. */
  readonly rates: readonly number[]
  readonly stepMs: number
}

export const AGENTS_FEW = 200
export const AGENTS_MANY = 2_000

export const FULL: Plan = {
  engineMs: 5_000,
  journalMs: 3_000,
  runtimeMs: 20_000,
  steadyRate: 200,
  roundMs: 4_000,
  rounds: 5,
  warmUpMs: 5_000,
  rates: [500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000],
  stepMs: 4_000,
}

export const QUICK: Plan = {
  engineMs: 500,
  journalMs: 300,
  runtimeMs: 5_000,
  steadyRate: 200,
  roundMs: 1_500,
  rounds: 3,
  warmUpMs: 1_000,
  rates: [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000],
  stepMs: 1_500,
}
