// Before an order goes out: what it does, why, who asks, and the token where it is not known yet.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Order } from './admin.ts'
import { Icon } from './icons.tsx'
import { usePage } from './page.ts'

export function OrderDialog() {
  const { admin } = usePage()
  const order = admin.asked.value
  return order === null ? null : <OpenDialog key={order.title} order={order} />
}

function OpenDialog({ order }: { readonly order: Order }) {
  const { admin, session } = usePage()
  const dialog = useRef<HTMLDialogElement>(null)
  const [knownToken, setKnownToken] = useState(session.token())
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])
  const close = () => {
    admin.asked.value = null
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const fields = new FormData(event.currentTarget)
    const text = (name: string) => String(fields.get(name) ?? '').trim()
    setBusy(true)
    const refusal = await admin.give(order, {
      reason: text('reason'),
      by: text('by'),
      token: knownToken ?? text('token'),
    })
    setBusy(false)
    if (refusal === null) return close()
    setError(refusal.error)
    if (refusal.badToken) setKnownToken(null)
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="order-title" onClose={close}>
      <form onSubmit={submit}>
        <h2 id="order-title">{order.title}</h2>
        <p>{order.effect}</p>
        <label>
          Reason
          <input name="reason" maxLength={500} autocomplete="off" placeholder="Stands in the sync log" />
        </label>
        <label>
          Your name
          <input name="by" maxLength={500} autocomplete="off" defaultValue={session.by()} required />
        </label>
        {knownToken === null ? (
          <label>
            Token
            <input name="token" type="password" autocomplete="off" required />
            <small class="muted">As in ops.token of the settings. Kept until this tab is closed.</small>
          </label>
        ) : null}
        {error === null ? null : (
          <p class="failure" role="alert">
            <Icon name="alert" /> {error}
          </p>
        )}
        <div class="dialog-end">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class={order.grave ? 'grave' : 'primary'} disabled={busy}>
            {order.title}
          </button>
        </div>
      </form>
    </dialog>
  )
}
