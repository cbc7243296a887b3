/** The overlay's element, as pages write it. */

import type { HTMLAttributes } from 'preact'

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'fanfare-overlay': HTMLAttributes<HTMLElement> & {
        'data-room'?: string
        'data-ff-theme'?: string
      }
    }
  }
}
