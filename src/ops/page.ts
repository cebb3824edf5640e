// The status page as the server sends it: complete without a script, which then keeps it fresh.

import { html } from 'hono/html'
import type { JournalEntry } from '../domain/journal.ts'
import { SIDES, type Side } from '../domain/side.ts'
import { PAGE_LOG_LINES } from './limits.ts'
import type { AgentSummary, Check, LinkSummary, OpsStatus, SideSummary } from './status.ts'

type Html = ReturnType<typeof html>

export type PageContent = {
  readonly about: ReturnType<OpsStatus['about']>
  readonly checks: readonly Check[]
  readonly links: readonly LinkSummary[]
  readonly agents: readonly AgentSummary[]
  /** Of all agents, also those not shown. */
  readonly total: number
  readonly log: readonly JournalEntry[]
}

const SIDE_TITLES: Readonly<Record<Side, string>> = { crm: 'CRM', telephony: 'Telephony' }

/** The same words as the script of the page uses when it is refreshed. */
function refusedText({ error }: NonNullable<PageContent['about']['refused']>): string {
  return `The mapping file was changed and not taken; the old rules stay in force. ${error}`
}

export function renderPage({ about, checks, links, agents, total, log }: PageContent): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${about.name} – presence-bridge</title>
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<header>
<h1>${about.name}</h1>
<p class="facts"><span id="mode" class="tag ${about.mode}">${about.mode}</span> <span id="fresh" class="quiet">presence-bridge ${about.version}, mapping <code id="mapping">${about.mapping.slice(0, 19)}</code></span></p>
</header>
<main>
<section aria-labelledby="state-title">
<h2 id="state-title">State</h2>
<p id="refused" class="refused" ${about.refused === null ? 'hidden' : ''}>${about.refused === null ? '' : refusedText(about.refused)}</p>
<ul id="links" class="cards">${links.map(linkCard)}</ul>
<ul id="checks" class="checks">${checks.map(checkLine)}</ul>
</section>
<section aria-labelledby="agents-title">
<div class="bar"><h2 id="agents-title">Agents</h2><p class="quiet"><span id="shown">${agents.length}</span> of <span id="total">${total}</span>, those who need a look first</p>
<label>Find <input id="find" type="search" autocomplete="off" placeholder="name, status, profile"></label></div>
<div class="scroll"><table>
<thead><tr><th scope="col">Agent</th><th scope="col">CRM</th><th scope="col">Telephony</th><th scope="col">Work</th><th scope="col">Block</th><th scope="col">Since</th></tr></thead>
<tbody id="agents">${agents.map(agentRow)}</tbody>
</table></div>
</section>
<section aria-labelledby="log-title">
<h2 id="log-title">Last ${PAGE_LOG_LINES} decisions</h2>
<ol id="log" class="log" data-lines="${PAGE_LOG_LINES}">${[...log].reverse().map(logLine)}</ol>
</section>
</main>
</body>
</html>`
}

function linkCard({ side, title, up, since, why, notes = [], budgets = [] }: LinkSummary): Html {
  return html`<li class="${up ? 'good' : 'bad'}"><strong>${SIDE_TITLES[side]}: ${title}</strong><span>${up ? 'connected' : 'not connected'} since <time datetime="${since}">${since}</time></span>${up ? '' : html`<span>${why}</span>`}${notes.map((note) => html`<span class="note">${note}</span>`)}${budgets.map(({ words }) => html`<span>${words}</span>`)}</li>`
}

function checkLine({ name, ok, why }: Check): Html {
  return html`<li class="${ok ? 'good' : 'bad'}">${name}: ${ok ? 'ok' : why}</li>`
}

function agentRow(agent: AgentSummary): Html {
  const work = SIDES.flatMap((side) => agent[side].work.map(({ channel, state }) => `${channel ?? 'work'} ${state}`))
  const marks = [...agent.blocked.map((side) => SIDE_TITLES[side]), ...(agent.paused ? ['paused'] : [])]
  return html`<tr><th scope="row">${agent.name}<small>${agent.agent}${agent.profile === null ? '' : ` · ${agent.profile}`}</small></th>${SIDES.map((side) => sideCell(agent[side]))}<td>${work.join(', ')}</td><td>${marks.join(', ')}</td><td>${agent.since === null ? '' : html`<time datetime="${agent.since}">${agent.since}</time>`}</td></tr>`
}

function sideCell({ status, target, pending }: SideSummary): Html {
  if (pending !== null) return html`<td class="busy">${status}<small>→ ${pending}</small></td>`
  return status === target
    ? html`<td>${status}</td>`
    : html`<td class="bad">${status}<small>should be ${target}</small></td>`
}

function logLine({ seq, record }: JournalEntry): Html {
  const reasons = record.decisions.map(({ reason }) => reason)
  const quiet = reasons.every((reason) => reason === 'echo' || reason === 'repeat') ? 'quiet' : ''
  const writes = record.writes.map(
    ({ side, status, outcome }) =>
      html` <span class="tag ${outcome}">${SIDE_TITLES[side]} ${status}: ${outcome}</span>`,
  )
  return html`<li data-seq="${seq}" class="${quiet}"><time datetime="${record.time}">${record.time}</time> <code>${reasons.join(' ')}</code> <span>${record.sentence}</span>${writes}</li>`
}
