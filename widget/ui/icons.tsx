/** Line icons: one path each, drawn in the colour of the text. */

const SHAPES = {
  bi: (
    <>
      <path
        fill-rule="evenodd"
        d="M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 5.7a3.3 3.3 0 1 1 0 6.6 3.3 3.3 0 0 1 0-6.6Z"
      />
    </>
  ),
  share: (
    <>
      <path d="M14 5l6 6-6 6v-4c-5 0-8 1.5-10 5 0-6 4-10 10-10z" />
    </>
  ),
  like: (
    <>
      <path d="M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.5 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z" />
    </>
  ),
  chat: (
    <>
      <path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z" />
    </>
  ),
  eye: (
    <>
      <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
      <circle cx="12" cy="12" r="2.8" />
    </>
  ),
  check: (
    <>
      <path d="M5 12.5l4.5 4.5L19 7.5" />
    </>
  ),
  x: (
    <>
      <path d="M6 6l12 12M18 6L6 18" />
    </>
  ),
  bag: (
    <>
      <path d="M6 8h12l1 12H5L6 8z" />
      <path d="M9 8V7a3 3 0 0 1 6 0v1" />
    </>
  ),
  gift: (
    <>
      <path d="M4 10h16v10H4zM3 7h18v3H3zM12 7v13M12 7c-2-4-6-3.5-5-1 .4 1 3 1 5 1zm0 0c2-4 6-3.5 5-1-.4 1-3 1-5 1z" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5V12l3 2" />
    </>
  ),
  user: (
    <>
      <circle cx="12" cy="8" r="3.8" />
      <path d="M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5" />
    </>
  ),
  lock: (
    <>
      <rect x="5" y="11" width="14" height="9" rx="2" />
      <path d="M8 11V8a4 4 0 0 1 8 0v3" />
    </>
  ),
  gear: (
    <>
      <circle cx="12" cy="12" r="3" />
      <path d="M12 3v3m0 12v3M3 12h3m12 0h3M5.6 5.6l2.1 2.1m8.6 8.6l2.1 2.1m0-12.8l-2.1 2.1m-8.6 8.6l-2.1 2.1" />
    </>
  ),
  down: (
    <>
      <path d="M6 9l6 6 6-6" />
    </>
  ),
  right: (
    <>
      <path d="M9 6l6 6-6 6" />
    </>
  ),
  plug: (
    <>
      <path d="M9 3v5m6-5v5M6 8h12v3a6 6 0 0 1-12 0V8zm6 9v4" />
    </>
  ),
  shield: (
    <>
      <path d="M12 3l7.5 3v5.5c0 5-3.2 8-7.5 9.5-4.3-1.5-7.5-4.5-7.5-9.5V6z" />
    </>
  ),
  mic: (
    <>
      <rect x="9" y="3" width="6" height="11" rx="3" />
      <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
    </>
  ),
  pause: (
    <>
      <path d="M9 6v12M15 6v12" />
    </>
  ),
  skip: (
    <>
      <path d="M6 6l8 6-8 6zM18 6v12" />
    </>
  ),
  bolt: (
    <>
      <path d="M13 3L5 13.5h6L10 21l8-10.5h-6z" />
    </>
  ),
  vote: (
    <>
      <path d="M5 20V11m7 9V4m7 16v-6" />
    </>
  ),
  star: (
    <>
      <path d="M12 4l2.4 5 5.6.8-4 3.9.9 5.5-4.9-2.6-4.9 2.6.9-5.5-4-3.9 5.6-.8z" />
    </>
  ),
  dice: (
    <>
      <rect x="4" y="4" width="16" height="16" rx="3" />
      <path d="M8.5 8.5h.01M15.5 15.5h.01M12 12h.01" />
    </>
  ),
  tag: (
    <>
      <path d="M4 12V4h8l8 8-8 8z" />
      <path d="M8.5 8.5h.01" />
    </>
  ),
  search: (
    <>
      <circle cx="11" cy="11" r="6.5" />
      <path d="M16 16l4.5 4.5" />
    </>
  ),
  book: (
    <>
      <path d="M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3z" />
      <path d="M9 8.5h6M9 12h6" />
    </>
  ),
  chart: (
    <>
      <path d="M4 4v16h16" />
      <path d="M8 15l4-4 3 2 5-6" />
    </>
  ),
  cal: (
    <>
      <rect x="4" y="5.5" width="16" height="14.5" rx="2" />
      <path d="M4 10h16M8 3v4m8-4v4" />
    </>
  ),
  coin: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <circle cx="12" cy="12" r="3" />
    </>
  ),
  warn: (
    <>
      <path d="M12 4l9 16H3z" />
      <path d="M12 10v4m0 3h.01" />
    </>
  ),
  log: (
    <>
      <path d="M5 5h14M5 10h14M5 15h9M5 20h6" />
    </>
  ),
  hook: (
    <>
      <path d="M8 4a4 4 0 0 1 4 4v6a4 4 0 1 0 4-4" />
      <circle cx="8" cy="4" r="1" />
    </>
  ),
  team: (
    <>
      <circle cx="9" cy="9" r="3" />
      <circle cx="17" cy="10" r="2.3" />
      <path d="M3 19c.6-3.5 3-5 6-5s5.4 1.5 6 5m1-4.5c2.5-.3 4.5.8 5 3.5" />
    </>
  ),
  up: (
    <>
      <path d="M12 19V6m-6 5l6-6 6 6" />
    </>
  ),
  spot: (
    <>
      <path d="M12 3v3m6.4-.4l-2.1 2.1M21 12h-3M5.6 5.6l2.1 2.1M3 12h3" />
      <path d="M9 20v-4a3 3 0 1 1 6 0v4z" />
    </>
  ),
} as const

export type IconName = keyof typeof SHAPES

export function Icon({ name }: { name: IconName }) {
  // `bi` is the jade disc, the mark of a point; it is filled and has a box of its own.
  return name === 'bi' ? (
    <svg class="ff-bi" viewBox="0 0 20 20" aria-hidden="true">
      {SHAPES.bi}
    </svg>
  ) : (
    <svg class="ff-i" viewBox="0 0 24 24" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  )
}
