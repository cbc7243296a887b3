/** What tests of the gateway may pay. */

import type { Cap } from './allowance.ts'

/** A platform that bounds nothing. */
export const NO_CAP: Cap = {
  binds: false,
  hold: () => ({ points: 1e12, untilMs: 2 ** 47, of: { settle: () => undefined } }),
  settle: () => undefined,
}
