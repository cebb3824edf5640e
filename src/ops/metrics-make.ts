// How a metric is made: registered, put at zero for every label set that is known beforehand, and listed for the reference page.

import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export const PREFIX = 'presence_bridge_'

/** The values that a label can have; null where they are only known when they come. */
type LabelValues = readonly string[] | null

export type MetricDescription = {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** Each label with its values. */
  readonly labels: Readonly<Record<string, LabelValues>>
}

type Labels = Readonly<Record<string, LabelValues>>
type Set<L extends Labels> = Record<keyof L & string, string>

export type Maker = {
  counter<L extends Labels>(what: string, help: string, labels: L): Counter<keyof L & string>
  gauge<L extends Labels>(what: string, help: string, labels: L): Gauge<keyof L & string>
  histogram<L extends Labels>(
    what: string,
    help: string,
    labels: L,
    buckets: readonly number[],
  ): Histogram<keyof L & string>
  listed(): readonly MetricDescription[]
}

/** A series that appears only with its first event hides that event from rate(): whatever can be at zero is there from the start. */
export function createMaker(registry: Registry): Maker {
  const listed: MetricDescription[] = []
  const registers = [registry]

  function described<L extends Labels>(type: MetricDescription['type'], what: string, help: string, labels: L) {
    const name = PREFIX + what
    listed.push({ name, help, type, labels })
    return { name, help, labelNames: Object.keys(labels) as (keyof L & string)[], registers }
  }

  return {
    counter(what, help, labels) {
      const made = new Counter(described('counter', what, help, labels))
      for (const set of setsOf(labels)) made.inc(set, 0)
      return made
    },
    gauge(what, help, labels) {
      const made = new Gauge(described('gauge', what, help, labels))
      for (const set of setsOf(labels)) made.set(set, 0)
      return made
    },
    histogram(what, help, labels, buckets) {
      const made = new Histogram({ ...described('histogram', what, help, labels), buckets: [...buckets] })
      for (const set of setsOf(labels)) made.zero(set)
      return made
    },
    listed: () => listed,
  }
}

/** Every combination of values, or none where a label's values are not known. */
function setsOf<L extends Labels>(labels: L): readonly Set<L>[] {
  let sets: Record<string, string>[] = [{}]
  for (const [label, values] of Object.entries(labels))
    sets = sets.flatMap((set) => (values ?? []).map((value) => ({ ...set, [label]: value })))
  return sets as Set<L>[]
}
