// How the bridge is: its links with what they may still ask for, the conditions of being ready, what waits and what is kept.

import type { LinkSummary, Load } from '../ops/status.ts'
import { Age, Empty, Failure, Time } from './bits.tsx'
import { Icon } from './icons.tsx'
import { usePage } from './page.ts'
import { bytes } from './time.ts'
import { SIDE_TITLES } from './words.ts'

export function HealthView() {
  const { bridge } = usePage()
  const status = bridge.status.value
  const failure = bridge.failure.value
  const again = () => void bridge.refresh()
  if (status === null) return failure === null ? <Empty title="Reading …" /> : <Failure words={failure} again={again} />
  return (
    <div class="health">
      <h2>Health</h2>
      {failure === null ? null : <Failure words={`${failure} What you see is older.`} again={again} />}
      <div class="cards">
        {status.links.map((link) => (
          <LinkCard key={link.side} link={link} />
        ))}
        <section class="card">
          <h3>{status.ready ? 'Ready' : 'Not ready'}</h3>
          <ul class="checks">
            {status.checks.map(({ name, ok, why }) => (
              <li key={name} class={ok ? 'ok' : 'bad'}>
                <Icon name={ok ? 'check' : 'cross'} />
                <span>
                  <b>{name}</b> <span class="muted">{why === '' ? (ok ? 'ok' : 'not ok') : why}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
        <LoadCard load={status.load} />
      </div>
      <p class="muted">
        {status.name} · presence-bridge {status.version} · {status.mode} · mapping{' '}
        <code>{status.mapping.slice(0, 19)}</code>
      </p>
    </div>
  )
}

function LinkCard({ link }: { readonly link: LinkSummary }) {
  const { side, title, up, since, why, notes = [], details = {}, budgets = [], rate } = link
  return (
    <section class="card" aria-label={`${SIDE_TITLES[side]}: ${title}`}>
      <h3>
        {SIDE_TITLES[side]} <span class="muted">{title}</span>
      </h3>
      <p class={up ? 'ok' : 'bad'}>
        <Icon name={up ? 'check' : 'cross'} /> {up ? 'connected' : 'not connected'} for <Age at={Date.parse(since)} />
        {up || why === '' ? '' : `: ${why}`}
      </p>
      {notes.map((note) => (
        <p key={note} class="warn">
          <Icon name="alert" /> {note}
        </p>
      ))}
      {rate === undefined ? null : (
        <Meter
          name="calls this minute"
          used={rate.perMinute - rate.left}
          limit={rate.perMinute}
          more={waitingWords(rate.waiting)}
        />
      )}
      {budgets.map(({ name, used, limit, forecast, words }) => (
        <Meter
          key={name}
          name={name.replaceAll('_', ' ')}
          used={used}
          limit={limit}
          forecast={forecast}
          title={words}
        />
      ))}
      <dl class="facts">
        {Object.entries(details).map(([name, value]) => (
          <>
            <dt>{wordsOf(name)}</dt>
            <dd>{isTime(name, value) ? <Time at={value} /> : String(value)}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}

/** "channelsNeeded", "work_events": as adapters name them. */
function wordsOf(name: string): string {
  return name.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
}

function isTime(name: string, value: string | number | boolean): value is number {
  return typeof value === 'number' && /At$|_at$/.test(name) && value > 1e12
}

function waitingWords(waiting: Readonly<Record<string, number>>): string {
  const found = Object.entries(waiting).filter(([, count]) => count > 0)
  return found.length === 0 ? '' : `waiting: ${found.map(([name, count]) => `${count} ${name}`).join(', ')}`
}

type MeterProps = {
  readonly name: string
  readonly used: number
  readonly limit: number
  readonly forecast?: number | null
  readonly more?: string
  readonly title?: string
}

const HIGH = 0.8

function Meter({ name, used, limit, forecast = null, more = '', title }: MeterProps) {
  const share = limit === 0 ? 1 : Math.min(1, used / limit)
  const ahead = forecast === null || limit === 0 ? 0 : Math.min(1, forecast / limit)
  const figure = (value: number) => Math.round(value).toLocaleString('en')
  return (
    <div class="meter" title={title}>
      <div class="meter-words">
        <span>{name}</span>
        <span>
          {figure(used)} of {figure(limit)}
          {forecast === null ? '' : `, ${figure(forecast)} foreseen`}
        </span>
      </div>
      <div
        class="meter-bar"
        role="meter"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.round(used)}
      >
        <i class="ahead" style={{ width: `${ahead * 100}%` }} />
        <i class={Math.max(share, ahead) > HIGH ? 'high' : ''} style={{ width: `${share * 100}%` }} />
      </div>
      {more === '' ? null : <small class="muted">{more}</small>}
    </div>
  )
}

function LoadCard({ load: { inbox, outbox, journal } }: { readonly load: Load }) {
  const sum = (waiting: Readonly<Record<string, number>>) => Object.values(waiting).reduce((a, b) => a + b, 0)
  return (
    <section class="card" aria-label="What waits and what is kept">
      <h3>What waits, what is kept</h3>
      <dl class="facts">
        <dt>reports to decide</dt>
        <dd>{inbox.toLocaleString('en')}</dd>
        <dt>writes to the CRM</dt>
        <dd>{sum(outbox.crm).toLocaleString('en')}</dd>
        <dt>writes to telephony</dt>
        <dd>{sum(outbox.telephony).toLocaleString('en')}</dd>
        {journal === null ? null : (
          <>
            <dt>journal</dt>
            <dd class={journal.ok ? '' : 'bad'}>
              {journal.ok ? bytes(journal.bytes) : 'cannot be written; see the service log'}
            </dd>
            <dt>decisions so far</dt>
            <dd>{journal.decisions.toLocaleString('en')}</dd>
          </>
        )}
      </dl>
    </section>
  )
}
