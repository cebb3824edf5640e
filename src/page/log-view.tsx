// The sync log of everybody, live.

import { LogPanel } from './log-panel.tsx'

export function LogView() {
  return (
    <div class="log-view">
      <h2 class="spoken">Sync log</h2>
      <LogPanel agent={null} opened={null} />
    </div>
  )
}
