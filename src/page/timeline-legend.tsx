// What the shapes of the drawing mean.

const SHAPES = [
  { words: 'takes work', className: 'mark-status takes', shape: <rect width="18" height="12" rx="3" /> },
  { words: 'takes none', className: 'mark-status', shape: <rect width="18" height="12" rx="3" /> },
  { words: 'offered', className: '', shape: <rect class="stage offered" x="1" y="1" width="16" height="10" /> },
  { words: 'accepted', className: '', shape: <rect class="stage" y="1" width="18" height="11" /> },
  { words: 'wrap-up', className: '', shape: <rect class="stage wrap_up" y="1" width="18" height="11" /> },
  { words: 'blocked', className: 'mark-block', shape: <rect y="4" width="18" height="5" /> },
  { words: 'written', className: 'mark-write ok', shape: <path d="M9 1 l5 5 l-5 5 l-5 -5 Z" /> },
  { words: 'exposed', className: 'mark-exposure', shape: <rect y="3" width="18" height="6" /> },
  { words: 'while it is written', className: 'mark-exposure warn', shape: <rect y="3" width="18" height="6" /> },
  { words: 'not known or not written', className: 'mark-gap', shape: <rect width="18" height="12" rx="1" /> },
] as const

export function TimelineLegend() {
  return (
    <ul class="legend" aria-label="Legend">
      {SHAPES.map(({ words, className, shape }) => (
        <li key={words}>
          <svg width="18" height="12" aria-hidden="true" focusable="false">
            <g class={className}>{shape}</g>
          </svg>
          {words}
        </li>
      ))}
    </ul>
  )
}
