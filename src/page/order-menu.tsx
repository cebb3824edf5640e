// What an admin can do about a profile or everybody, as a menu at the board.

import { useEffect, useRef } from 'preact/hooks'
import type { Order } from './admin.ts'
import { Icon, type IconName } from './icons.tsx'
import { usePage } from './page.ts'
import { counted } from './words.ts'

type Choice = { readonly icon: IconName; readonly label: string; readonly order: Order }

export function AdminMenu() {
  const { board, router, bridge, admin } = usePage()
  const menu = useRef<HTMLDetailsElement>(null)
  const profile = router.route.value.query.profile ?? ''
  const { total } = board.figures.value
  useEffect(() => closeOutside(menu), [])
  const allowed = bridge.status.value?.changes ?? true
  const choices = choicesFor(profile, total)
  return (
    <details class="menu" ref={menu} onKeyDown={(event) => event.key === 'Escape' && shut(menu.current)}>
      <summary>
        <Icon name="lock" /> Admin
      </summary>
      <div class="menu-body">
        <p class="muted">
          {profile === ''
            ? `For all ${counted(total, 'agent')}. Choose a profile to narrow it.`
            : `For the profile ${profile}.`}
        </p>
        {choices.map(({ icon, label, order }) => (
          <button
            key={label}
            type="button"
            disabled={!allowed}
            onClick={() => {
              shut(menu.current)
              admin.asked.value = order
            }}
          >
            <Icon name={icon} /> {label}
          </button>
        ))}
        {allowed ? null : <p class="muted">No token is configured: set ops.token in the settings.</p>}
      </div>
    </details>
  )
}

function choicesFor(profile: string, total: number): readonly Choice[] {
  const target = profile === '' ? ({ all: true } as const) : { profile }
  const whom = profile === '' ? `all ${counted(total, 'agent')}` : `profile ${profile}`
  return [
    {
      icon: 'pause',
      label: `Pause ${whom}`,
      order: {
        action: 'pause',
        title: `Pause ${whom}`,
        effect: 'Everything is decided and recorded; nothing is written for them until somebody resumes.',
        target,
        grave: true,
      },
    },
    {
      icon: 'play',
      label: `Resume ${whom}`,
      order: {
        action: 'resume',
        title: `Resume ${whom}`,
        effect: 'Both sides are compared, and what differs is written again.',
        target,
      },
    },
    {
      icon: 'sync',
      label: `Resync ${whom}`,
      order: {
        action: 'resync',
        title: `Resync ${whom}`,
        effect: 'Both sides are read again; what differs from what should be is written.',
        target,
      },
    },
    { icon: 'reload', label: 'Reload the mapping', order: RELOAD },
  ]
}

export const RELOAD: Order = {
  action: 'reload',
  title: 'Reload the mapping',
  effect: 'The mapping file is read and checked anew. It takes effect for everybody at one instant, or not at all.',
  target: {},
}

function shut(menu: HTMLDetailsElement | null): void {
  if (menu !== null) menu.open = false
}

function closeOutside(menu: { readonly current: HTMLDetailsElement | null }): () => void {
  const pressed = ({ target }: Event) => {
    if (target instanceof Node && menu.current?.contains(target) === false) shut(menu.current)
  }
  document.addEventListener('pointerdown', pressed)
  return () => document.removeEventListener('pointerdown', pressed)
}
