// Makes a failing run shorter while it fails in the same way: acts are left out in chunks, then one by one, then parts of the rules.

import type { Act, Schedule } from './acts.ts'
import { play, type SimResult } from './run.ts'

export async function shrink(failed: SimResult, limitMs: number): Promise<SimResult> {
  const until = performance.now() + limitMs
  const kind = failed.problems[0]?.kind
  let best = failed

  async function holds(schedule: Schedule): Promise<boolean> {
    const result = await play(schedule)
    if (!result.problems.some((p) => p.kind === kind)) return false
    best = result
    return true
  }

  async function withoutActs(): Promise<void> {
    for (let size = Math.ceil(best.schedule.acts.length / 2); size >= 1; size = Math.floor(size / 2))
      for (let from = best.schedule.acts.length - size; from > -size; from -= size) {
        if (performance.now() > until) return
        const { acts } = best.schedule
        const fewer: readonly Act[] = acts.filter((_, n) => n < from || n >= from + size)
        if (fewer.length < acts.length) await holds({ ...best.schedule, acts: [...fewer] })
      }
  }

  async function withSimplerRules(): Promise<void> {
    for (const simpler of simplifications(best.schedule)) {
      if (performance.now() > until) return
      const schedule = simpler(best.schedule)
      if (schedule !== null) await holds(schedule)
    }
  }

  for (let length = Number.POSITIVE_INFINITY; best.schedule.acts.length < length && performance.now() < until; ) {
    length = best.schedule.acts.length
    await withoutActs()
    await withSimplerRules()
  }
  return best
}

type Simplification = (schedule: Schedule) => Schedule | null

/** Each is tried by itself; null: there is nothing to leave out. */
function simplifications({ plan }: Schedule): readonly Simplification[] {
  const top = (change: (top: Schedule['plan']['top']) => Partial<Schedule['plan']['top']>): Simplification => {
    return (s) => ({ ...s, plan: { ...s.plan, top: { ...s.plan.top, ...change(s.plan.top) } } })
  }
  return [
    (s) => (s.plan.yaml ? { ...s, plan: { ...s.plan, yaml: false } } : null),
    (s) => ({
      ...s,
      agents: s.agents.map(() => null),
      plan: { ...s.plan, profiles: null },
      acts: s.acts.map((a) => (a.kind === 'reload' ? { ...a, plan: { ...a.plan, profiles: null } } : a)),
    }),
    (s) => ({ ...s, skewMs: { crm: 0, telephony: 0 } }),
    (s) => ({ ...s, versions: { crm: false, telephony: false } }),
    top(() => ({ noSync: {} })),
    top(() => ({ unmapped: {} })),
    top(() => ({ transition: {} })),
    top(({ transition }) => ({ transition: { ...transition, crm: undefined } })),
    top(({ transition }) => ({ transition: { ...transition, telephony: undefined } })),
    top(() => ({ blocking: {} })),
    top(({ blocking }) => ({ blocking: { ...blocking, crm: undefined } })),
    top(({ blocking }) => ({ blocking: { ...blocking, telephony: undefined } })),
    ...plan.top.rows.map((row) => top(({ rows }) => ({ rows: rows.filter((r) => r !== row) }))),
    // Agents whom no act concerns any more and who come last.
    (s) => {
      const most = Math.max(0, ...s.acts.map((a) => ('agent' in a && a.agent !== null ? a.agent : 0)))
      return most + 1 < s.agents.length ? { ...s, agents: s.agents.slice(0, most + 1) } : null
    },
  ]
}
