// What the browser remembers for the reader: the token for as long as the tab is open, who gives orders, light or dark.

import { type Signal, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

export type Session = {
  readonly theme: Signal<Theme>
  nextTheme(): void
  token(): string | null
  keepToken(token: string | null): void
  by(): string
  keepBy(name: string): void
}

const KEYS = { theme: 'presence-bridge.theme', token: 'presence-bridge.token', by: 'presence-bridge.by' } as const
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }

export function createSession(): Session {
  const stored = read(localStorage, KEYS.theme)
  const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')
  show(theme.value)
  return {
    theme,
    nextTheme() {
      theme.value = NEXT[theme.value]
      write(localStorage, KEYS.theme, theme.value === 'system' ? null : theme.value)
      show(theme.value)
    },
    token: () => read(sessionStorage, KEYS.token),
    keepToken: (token) => write(sessionStorage, KEYS.token, token),
    by: () => read(localStorage, KEYS.by) ?? '',
    keepBy: (name) => write(localStorage, KEYS.by, name === '' ? null : name),
  }
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

/** Storage may be forbidden; then nothing is remembered. */
function read(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key)
  } catch {
    return null
  }
}

function write(storage: Storage, key: string, value: string | null): void {
  try {
    if (value === null) storage.removeItem(key)
    else storage.setItem(key, value)
  } catch {
    // Asked for again next time.
  }
}
