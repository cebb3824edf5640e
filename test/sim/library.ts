// The books of a calm run, one page an agent: what is written into them, and whether everybody shows what they say.

import { type Member, rulesetOf } from '../../src/app/agents.ts'
import type { Report } from '../../src/domain/report.ts'
import { SIDES, type Side } from '../../src/domain/side.ts'
import type { Act } from './acts.ts'
import { Page } from './book.ts'
import { standOf } from './views.ts'
import type { Watch } from './watch.ts'
import type { World } from './world.ts'

export class Library {
  readonly #world: World
  readonly #watch: Watch
  readonly #pages: ReadonlyMap<string, Page>

  /** Without pages where the run is not calm. */
  constructor(deps: { readonly world: World; readonly watch: Watch; readonly calm: boolean }) {
    this.#world = deps.world
    this.#watch = deps.watch
    const members = deps.calm ? deps.world.members : []
    this.#pages = new Map(members.map((m) => [m.agent, new Page(rulesetOf(deps.world.rules, m.profile))]))
    for (const member of members) this.#withhold(member)
  }

  /** What people do stands in the book when the bridge hears of it; echoes do not. */
  hear(member: Member, side: Side, report: Report): void {
    if (report.id?.startsWith('w')) return
    this.#pages.get(member.agent)?.hear(side, report, this.#world.clock.now())
  }

  /** What an admin does stands in the book at once. After it was done. */
  enter(act: Act): void {
    if (this.#pages.size === 0) return
    const now = this.#world.clock.now()
    for (const member of this.#world.members) {
      const page = this.#pages.get(member.agent)
      const isMeant = 'agent' in act && (act.agent === null || this.#world.member(act.agent) === member)
      if (act.kind === 'reload') page?.reload(rulesetOf(this.#world.rules, member.profile), now)
      else if (act.kind === 'release' && isMeant) page?.release(now)
      this.#withhold(member)
    }
  }

  check(): void {
    if (this.#pages.size === 0) return
    for (const member of this.#world.members) {
      const page = this.#pages.get(member.agent)
      if (page === undefined || !this.#world.isQuiet(member)) continue // a timer is due at this very instant
      page.pass(this.#world.clock.now())
      const stand = standOf(this.#world, member)
      for (const side of SIDES) {
        const { shows, base, block } = page[side]
        const [due, is] = [[shows, base, block?.phase ?? null].join(), Object.values(stand[side]).slice(0, 3).join()]
        const words = `${side} shows, has as base and as block ${is}; by the rules it is ${due}`
        this.#watch.say('the book', member.agent, due === is ? null : words)
      }
    }
  }

  #withhold(member: Member): void {
    const isShadow = rulesetOf(this.#world.rules, member.profile).mode === 'shadow'
    const isWithheld = isShadow || this.#world.paused.has(member.agent)
    this.#pages.get(member.agent)?.withhold(isWithheld, this.#world.clock.now())
  }
}
