// The keys of the page, and whose work is in it.

import { useEffect, useRef } from 'preact/hooks'
import { usePage } from './page.ts'

const KEYS = [
  ['/', 'find'],
  ['1 … 5', 'agents, sync log, charts, health, mapping'],
  ['↑ ↓ or k j', 'walk through the rows'],
  ['Page Up, Page Down, Home, End', 'walk further'],
  ['Enter', 'open the agent'],
  ['Escape', 'empty the search, clear the filters, close, go back to the board'],
  ['← →', 'walk through a timeline that has the focus'],
  ['?', 'this help'],
] as const

export function HelpDialog() {
  const { help } = usePage()
  return help.value ? <Open /> : null
}

function Open() {
  const { help, bridge } = usePage()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const close = () => {
    help.value = false
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
      <p class="muted">
        Times are in your zone; point at one for the exact time. presence-bridge {bridge.status.value?.version ?? ''}.{' '}
        <a href="/assets/licences.txt">Licences of what is built in</a>
      </p>
      <div class="dialog-end">
        <button type="button" class="primary" onClick={close}>
          Close
        </button>
      </div>
    </dialog>
  )
}
