// What an admin can do about one agent.

import type { AgentDetail } from '../ops/status.ts'
import type { Order } from './admin.ts'
import { Icon, type IconName } from './icons.tsx'
import { usePage } from './page.ts'
import { SIDE_TITLES } from './words.ts'

export function AgentActions({
  detail,
  paused,
}: {
  readonly detail: AgentDetail
  readonly paused: string | undefined
}) {
  const { name, agent } = detail
  const isPaused = detail.paused || paused !== undefined
  return (
    <div class="actions">
      {isPaused ? (
        <OrderButton
          icon="play"
          label="Resume"
          order={{
            action: 'resume',
            title: `Resume ${name}`,
            effect: 'Both sides are compared, and what differs is written again.',
            target: { agent },
          }}
        />
      ) : (
        <OrderButton
          icon="pause"
          label="Pause"
          order={{
            action: 'pause',
            title: `Pause ${name}`,
            effect: 'Everything is decided and recorded; nothing is written until somebody resumes.',
            target: { agent },
            grave: true,
          }}
        />
      )}
      {detail.blocked.length === 0 ? null : (
        <OrderButton
          icon="release"
          label="Release block"
          order={{
            action: 'release',
            title: `Release the block of ${name}`,
            effect:
              'The block ends as if the work were over. If the work is still open, more may be offered beside it.',
            target: { agent },
            grave: true,
          }}
        />
      )}
      <OrderButton
        icon="sync"
        label="Resync"
        order={{
          action: 'resync',
          title: `Resync ${name}`,
          effect: 'Both sides are read again; what differs from what should be is written.',
          target: { agent },
        }}
      />
      <WorkActions detail={detail} />
    </div>
  )
}

/** Each open item can be ended in the agent's name, where the platform lets the bridge do that. */
function WorkActions({ detail }: { readonly detail: AgentDetail }) {
  const items = (['crm', 'telephony'] as const).flatMap((side) => detail[side].work.map((item) => ({ side, ...item })))
  return (
    <>
      {items.map(({ side, item, channel, state }) => {
        const action = state === 'offered' ? 'decline' : 'close'
        const label = `${action === 'decline' ? 'Decline' : 'Close'} ${channel ?? 'work'}`
        return (
          <OrderButton
            key={`${side} ${item}`}
            icon="cross"
            label={label}
            order={{
              action: 'work',
              title: `${label} of ${detail.name}`,
              effect: `Asks ${SIDE_TITLES[side]} to ${action} the item ${item} in the agent's name.`,
              target: { agent: detail.agent, work: item, action },
              grave: true,
            }}
          />
        )
      })}
    </>
  )
}

export function OrderButton({
  icon,
  label,
  order,
}: {
  readonly icon: IconName
  readonly label: string
  readonly order: Order
}) {
  const { admin, bridge } = usePage()
  const allowed = bridge.status.value?.changes ?? true
  return (
    <button
      type="button"
      class="action"
      disabled={!allowed}
      title={allowed ? order.effect : 'No token is configured: set ops.token in the settings.'}
      onClick={() => {
        admin.asked.value = order
      }}
    >
      <Icon name={icon} />
      {label}
    </button>
  )
}
