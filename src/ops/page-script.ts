// What the browser runs on the status page: it asks for the agents now and then and follows the log. Everything is set as text, never as HTML.

export const PAGE_SCRIPT = `'use strict';
const POLL_MS = 3000;
const TITLES = { crm: 'CRM', telephony: 'Telephony' };
const byId = (id) => document.getElementById(id);

function make(name, { text, className, children = [], ...attributes } = {}) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function timeOf(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  const text = today ? at.toLocaleTimeString() : at.toLocaleString();
  return make('time', { text, datetime: iso, title: iso });
}

function sideCell({ status, target, pending }) {
  const note = pending !== null ? '→ ' + pending : status === target ? null : 'should be ' + target;
  const cell = make('td', { text: status, className: pending !== null ? 'busy' : note ? 'bad' : '' });
  if (note) cell.append(make('small', { text: note }));
  return cell;
}

function agentRow(agent) {
  const who = make('th', { text: agent.name, scope: 'row' });
  who.append(make('small', { text: agent.profile === null ? agent.agent : agent.agent + ' · ' + agent.profile }));
  const work = [...agent.crm.work, ...agent.telephony.work].map((item) => (item.channel ?? 'work') + ' ' + item.state);
  const marks = agent.blocked.map((side) => TITLES[side]);
  if (agent.paused) marks.push('paused');
  return make('tr', {
    children: [
      who,
      sideCell(agent.crm),
      sideCell(agent.telephony),
      make('td', { text: work.join(', ') }),
      make('td', { text: marks.join(', ') }),
      make('td', { children: agent.since === null ? [] : [timeOf(agent.since)] }),
    ],
  });
}

function linkCard({ side, title, up, since, why, notes = [], budgets = [] }) {
  const state = make('span', { text: (up ? 'connected' : 'not connected') + ' since ' });
  state.append(timeOf(since));
  const card = make('li', { className: up ? 'good' : 'bad', children: [make('strong', { text: TITLES[side] + ': ' + title }), state] });
  if (!up) card.append(make('span', { text: why }));
  for (const note of notes) card.append(make('span', { text: note, className: 'note' }));
  for (const { words } of budgets) card.append(make('span', { text: words }));
  return card;
}

function checkLine({ name, ok, why }) {
  return make('li', { className: ok ? 'good' : 'bad', text: name + ': ' + (ok ? 'ok' : why) });
}

async function read(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(10000) });
  if (!response.ok) throw new Error(path + ' answered ' + response.status);
  return response;
}

async function refresh() {
  const [status, agents] = await Promise.all([
    read('/api/status').then((response) => response.json()),
    read('/api/agents?limit=200&find=' + encodeURIComponent(byId('find').value)).then(async (response) => {
      return { total: response.headers.get('x-total-count'), list: await response.json() };
    }),
  ]);
  byId('mode').textContent = status.mode;
  byId('mode').className = 'tag ' + status.mode;
  byId('mapping').textContent = status.mapping.slice(0, 19);
  byId('refused').hidden = status.refused === null;
  byId('refused').textContent = status.refused === null ? '' : 'The mapping file was changed and not taken; the old rules stay in force. ' + status.refused.error;
  byId('links').replaceChildren(...status.links.map(linkCard));
  byId('checks').replaceChildren(...status.checks.map(checkLine));
  byId('agents').replaceChildren(...agents.list.map(agentRow));
  byId('shown').textContent = agents.list.length;
  byId('total').textContent = agents.total;
}

let timer = 0;
async function poll() {
  clearTimeout(timer);
  try {
    if (!document.hidden) await refresh();
    document.body.classList.remove('stale');
  } catch {
    document.body.classList.add('stale');
  }
  clearTimeout(timer);
  timer = setTimeout(poll, POLL_MS);
}

function logLine(seq, record) {
  const reasons = record.decisions.map((decision) => decision.reason);
  const quiet = reasons.every((reason) => reason === 'echo' || reason === 'repeat');
  const writes = record.writes.map(({ side, status, outcome }) => {
    return make('span', { className: 'tag ' + outcome, text: TITLES[side] + ' ' + status + ': ' + outcome });
  });
  const parts = [timeOf(record.time), make('code', { text: reasons.join(' ') }), make('span', { text: record.sentence }), ...writes];
  const spaced = parts.flatMap((part) => [part, ' ']);
  return make('li', { className: quiet ? 'quiet' : '', 'data-seq': seq, children: spaced });
}

function follow() {
  const list = byId('log');
  const lines = Number(list.dataset.lines);
  const source = new EventSource('/api/log?limit=' + lines);
  source.onmessage = ({ lastEventId, data }) => {
    const line = logLine(lastEventId, JSON.parse(data));
    const known = [...list.children].find((child) => child.dataset.seq === lastEventId);
    if (known) known.replaceWith(line);
    else list.prepend(line);
    while (list.children.length > lines) list.lastElementChild.remove();
  };
}

for (const element of document.querySelectorAll('time')) element.replaceWith(timeOf(element.dateTime));
byId('find').addEventListener('input', poll);
document.addEventListener('visibilitychange', poll);
poll();
follow();
`
