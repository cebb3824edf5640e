// The same as the drawing, to be read or listened to line by line.

import { useState } from 'preact/hooks'
import { Time } from './bits.tsx'
import { type Item, walked } from './timeline-items.ts'
import { SIDE_TITLES } from './words.ts'

/** The newest so many: nobody reads more in a row, and the drawing can be moved. */
const ROWS_MAX = 300

export function TimelineTable({ items }: { readonly items: readonly Item[] }) {
  const [open, setOpen] = useState(false)
  return (
    <details class="as-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>As a table</summary>
      {open ? (
        <div class="scroll" tabIndex={0} role="region" aria-label="Timeline as a table">
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Side</th>
                <th scope="col">What</th>
              </tr>
            </thead>
            <tbody>
              {walked(items)
                .slice(-ROWS_MAX)
                .map((item) => (
                  <tr key={item.key}>
                    <td>
                      <Time at={item.from} />
                    </td>
                    <td>{item.to > item.from ? <Time at={item.to} /> : ''}</td>
                    <td>{item.side === null ? 'both' : SIDE_TITLES[item.side]}</td>
                    <td>{item.words.join(' ')}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </details>
  )
}
