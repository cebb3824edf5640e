// The looks of the status page, light and dark by what the reader's system prefers.

export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f7f5, #16181b);
  --sheet: light-dark(#ffffff, #1e2125);
  --ink: light-dark(#1c1e21, #e6e7e9);
  --quiet: light-dark(#5c6470, #9aa3af);
  --line: light-dark(#d9dce0, #33383f);
  --good: light-dark(#12703a, #6fd39a);
  --busy: light-dark(#8a5300, #f0b95b);
  --bad: light-dark(#b3261e, #ff9a92);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header, main { max-width: 78rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; padding-bottom: 0; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0; }
p { margin: 0; }
section { margin-bottom: 1.75rem; }
section > h2 { margin-bottom: 0.6rem; }
code { font: 0.86em ui-monospace, monospace; }
small { display: block; color: var(--quiet); font-weight: normal; }
time { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--quiet); }
.quiet { color: var(--quiet); }
.tag { border: 1px solid var(--line); border-radius: 0.3rem; padding: 0 0.35rem; font-size: 0.86em; white-space: nowrap; }
.tag.shadow, .tag.waiting, .tag.sent, .tag.paused { color: var(--busy); border-color: currentColor; }
.refused { border-left: 0.25rem solid var(--bad); padding-left: 0.6rem; color: var(--bad); }
.tag.failed, .tag.refused, .tag.ignored { color: var(--bad); border-color: currentColor; }
.tag.confirmed { color: var(--good); }
.cards, .checks, .log { list-style: none; margin: 0; padding: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0.75rem; }
.cards li { background: var(--sheet); border: 1px solid var(--line); border-left: 4px solid var(--good); border-radius: 0.4rem; padding: 0.6rem 0.8rem; display: grid; align-content: start; }
.cards li.bad { border-left-color: var(--bad); }
.cards .note { color: var(--bad); }
.checks { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 0.6rem; }
.checks .good { color: var(--good); }
.checks .bad, td.bad, td.bad small { color: var(--bad); }
td.busy, td.busy small { color: var(--busy); }
.bar { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1rem; margin-bottom: 0.6rem; }
.bar label { margin-left: auto; }
input { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--line); border-radius: 0.3rem; padding: 0.2rem 0.5rem; }
.scroll { overflow-x: auto; background: var(--sheet); border: 1px solid var(--line); border-radius: 0.4rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.8rem; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-size: 0.86em; }
tbody tr:last-child > * { border-bottom: 0; }
.log { background: var(--sheet); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.4rem 0; }
.log li { padding: 0.2rem 0.8rem; }
.log li + li { border-top: 1px solid var(--line); }
.stale main { opacity: 0.55; }
`
