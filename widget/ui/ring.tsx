/** The ring: progress, countdown, goal. */

import type { ComponentChildren } from 'preact'

/** `value` is 0 to 100; what is inside stands in the middle. */
export function Ring({ value, children }: { value: number; children?: ComponentChildren }) {
  return (
    <span class="ff-ringbox">
      <svg class="ff-ring" viewBox="0 0 40 40" aria-hidden="true">
        <circle class="t" cx="20" cy="20" r="17.5" />
        {/* A round end would show as a dot where there is nothing yet. */}
        {value > 0 && (
          <circle class="v" cx="20" cy="20" r="17.5" pathLength={100} style={{ '--v': value }} />
        )}
      </svg>
      {children}
    </span>
  )
}
