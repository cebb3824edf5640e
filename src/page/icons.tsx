// The few pictures of the page. They only repeat what words beside them say.

const PATHS = {
  alert: 'M8 2.2 14.6 13.6H1.4L8 2.2ZM8 6.4v3.4M8 11.6v.1',
  lock: 'M4.5 7.2V5.3a3.5 3.5 0 0 1 7 0v1.9M3.3 7.2h9.4v6.3H3.3z',
  arrow: 'M2.5 8h10M9 4.5 12.5 8 9 11.5',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6L12.8 8 5 3.2Z',
  sync: 'M13 8a5 5 0 0 1-9 3M3 8a5 5 0 0 1 9-3M12.2 2.2V5H9.4M3.8 13.8V11h2.8',
  reload: 'M13 8A5 5 0 1 1 11.3 4.2M11.5 1.8v2.7H8.8',
  release: 'M4.5 7.2V5.3a3.5 3.5 0 0 1 6.8-1.1M3.3 7.2h9.4v6.3H3.3z',
  sun: 'M8 5.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  moon: 'M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.7 5.7 0 1 0 6.8 6.8Z',
  system: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3 13.8 13.8',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  back: 'M9.8 3.5 5.3 8l4.5 4.5',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
