/**
 * Who is in which arm: by a keyed hash of the account, so the same on every gateway and after every restart, and
 * independent of every other experiment, whose key is another. Pure.
 */

import { createHmac } from 'node:crypto'

/** Shares are thousandths. */
const WHOLE = 1000
const HASH_BYTES = 6
/** The same for all experiments, so that the same accounts stay out of all. */
const HOLDOUT_KEY = 'fanfare holdout'

/** 0 to 999; its bias is one in 10^11. */
function placeOf(key: string, account: number): number {
  const hash = createHmac('sha256', key).update(String(account)).digest()
  return hash.readUIntBE(0, HASH_BYTES) % WHOLE
}

export interface Shares {
  /** The key of this experiment. */
  salt: string
  /** Thousandths of all accounts. */
  holdout: number
  control: number
  arms: readonly { share: number }[]
}

/** -1 is the control, else the arm by its index; undefined is outside. */
export function assign({ salt, holdout, control, arms }: Shares, account: number) {
  if (holdout > 0 && placeOf(HOLDOUT_KEY, account) < holdout) return undefined
  let left = placeOf(salt, account) - control
  if (left < 0) return -1
  for (const [i, { share }] of arms.entries()) {
    left -= share
    if (left < 0) return i
  }
  return undefined
}
