// The mapping in force: what each status leads to, for everybody or one profile, and what was found when it was read last.

import { useEffect, useState } from 'preact/hooks'
import type { MappingView as Mapping, MappingTable } from '../ops/mapping-view.ts'
import { OrderButton } from './agent-actions.tsx'
import { ask } from './api.ts'
import { Badge, Empty, Failure, Time } from './bits.tsx'
import { RELOAD } from './order-menu.tsx'
import { usePage } from './page.ts'
import { counted } from './words.ts'

export function MappingView() {
  const { bridge, router } = usePage()
  const [mapping, setMapping] = useState<Mapping | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const { mapping: hash, refused } = bridge.status.value ?? { mapping: '', refused: null }

  async function read(): Promise<void> {
    const answer = await ask<Mapping>('/api/mapping')
    setFailure(answer.ok ? null : answer.error)
    if (answer.ok) setMapping(answer.value)
  }
  useEffect(() => void read(), [hash, refused?.at])

  if (failure !== null) return <Failure words={failure} again={() => void read()} />
  if (mapping === null) return <Empty title="Reading …" />
  const name = router.route.value.query.profile ?? ''
  const shown = mapping.profiles.find(({ profile }) => (profile ?? '') === name) ?? mapping.profiles[0]
  return (
    <div class="mapping">
      <div class="tools">
        <h2>Mapping</h2>
        <code title={mapping.hash}>{mapping.hash.slice(0, 19)}</code>
        <span class="muted">{mapping.file}</span>
        <OrderButton icon="reload" label="Reload" order={RELOAD} />
      </div>
      <LastReload last={mapping.last} />
      {mapping.profiles.length < 2 ? null : <Profiles mapping={mapping} chosen={shown?.profile ?? ''} />}
      {shown === undefined ? null : (
        <>
          <ul class="sheet-facts">
            {shown.sheet.facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
          {shown.sheet.tables.map((table) => (
            <SheetTable key={table.heading} table={table} />
          ))}
          <ul class="sheet-facts muted">
            {shown.sheet.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
      <FileText text={mapping.text} />
    </div>
  )
}

function Profiles({ mapping, chosen }: { readonly mapping: Mapping; readonly chosen: string }) {
  const { router } = usePage()
  return (
    <fieldset class="marks">
      <legend class="spoken">Whose rules</legend>
      {mapping.profiles.map(({ profile, mode, agents }) => (
        <button
          key={profile ?? ''}
          type="button"
          class="mark info"
          aria-pressed={(profile ?? '') === chosen}
          onClick={() => router.filter({ profile: profile ?? '' })}
        >
          {profile ?? 'everybody else'} <b>{counted(agents, 'agent')}</b>
          {mode === 'shadow' ? ' shadow' : ''}
        </button>
      ))}
    </fieldset>
  )
}

function LastReload({ last }: { readonly last: Mapping['last'] }) {
  if (last === null) return <p class="muted">In force since the start; nobody has reloaded it.</p>
  return (
    <div class="last-reload">
      <p class={last.error === null ? '' : 'bad'}>
        Last reload <Time at={Date.parse(last.at)} />: {last.error ?? 'taken'}
      </p>
      {last.findings.length === 0 ? null : (
        <ul class="findings">
          {last.findings.map(({ severity, line, message, hint, source, code }) => (
            <li key={`${line} ${code} ${message}`}>
              <Badge tone={severity === 'error' ? 'bad' : 'warn'}>{severity}</Badge> line {line}: {message}{' '}
              {hint === undefined ? null : <span class="muted">{hint}</span>}
              <pre class="quote">{source}</pre>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function SheetTable({ table }: { readonly table: MappingTable }) {
  const { heading, header, rows, work } = table
  return (
    <section class="panel" aria-label={heading}>
      <h3>{heading}</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label={`${heading}, what each status leads to`}>
        <table>
          <thead>
            <tr>
              {header.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ cells: [status = '', ...others], takesWork }) => (
              <tr key={status}>
                <th scope="row">
                  <i class={`dot ${takesWork ? 'takes' : ''}`} /> {status}
                </th>
                {others.map((cell, index) => (
                  // The cells of a row never change places.
                  <td key={index}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h4>{work.heading}</h4>
      <dl class="facts">
        {work.facts.map(([name, fact]) => (
          <>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}

function FileText({ text }: { readonly text: string | null }) {
  if (text === null) return <p class="muted">The file was changed since it took effect, so it is not shown.</p>
  return (
    <details class="as-table">
      <summary>The file as it is in force</summary>
      <ol class="file" tabIndex={0}>
        {text.split(/\r?\n/).map((line, index) => (
          // Lines of a file are what they are by their number.
          <li key={index}>
            <code>{line}</code>
          </li>
        ))}
      </ol>
    </details>
  )
}
