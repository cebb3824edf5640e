// Stretches of time that follow each other: what is open, what it was, and how they are cut to what is looked at.

/** Begins and ends in ISO 8601, which sorts as text; `to` null while it lasts. */
export type Spell = { from: string; to: string | null }

/** Before everything that is looked at. */
export const ALWAYS = ''

export type Spells<T> = {
  /** The one that lasts. */
  open(): (T & Spell) | null
  /** Ends the one that lasts, if one does. */
  begin(spell: T, from: string): void
  end(at: string): void
  /** It lasts after all: what came after it never was. */
  reopen(spell: T & Spell): void
  all(): readonly (T & Spell)[]
  /** Those that have ended; they are forgotten. */
  drain(): readonly (T & Spell)[]
}

export function createSpells<T extends object>(): Spells<T> {
  const spells: (T & Spell)[] = []
  const open = () => {
    const last = spells.at(-1)
    return last === undefined || last.to !== null ? null : last
  }
  const end = (at: string) => {
    const last = open()
    if (last !== null) last.to = at < last.from ? last.from : at
  }
  return {
    open,
    end,
    begin(spell, from) {
      end(from)
      spells.push({ ...spell, from, to: null })
    },
    reopen(spell) {
      spells.splice(spells.indexOf(spell) + 1)
      spell.to = null
    },
    all: () => spells,
    drain: () => spells.splice(0, open() === null ? spells.length : spells.length - 1),
  }
}

/** What lies in the span; what began before it begins with it. */
export function within<T extends Readonly<Spell>>(spells: readonly T[], from: string): readonly T[] {
  return spells.flatMap((spell) => {
    if (spell.to !== null && spell.to <= from && spell.from < from) return []
    return [spell.from < from ? { ...spell, from } : spell]
  })
}
