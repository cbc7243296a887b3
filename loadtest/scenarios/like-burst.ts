/** The host says "everybody tap now": likes rise by an order of magnitude within a second, and fall again. */

import type { Phase, Scenario } from './plan.ts'

const calm: Phase['rates'] = { 'like.send': { perMinute: 10, taps: [1, 3] } }
/** Below the limit of the command; as fast as a client that merges taps sends. */
const burst: Phase['rates'] = { 'like.send': { perMinute: 180, taps: [5, 20] } }

export const likeBurst: Scenario = {
  name: 'like-burst',
  what: 'a quiet room that taps all at once, then is quiet again',
  forms: {
    short: {
      viewers: 100,
      arriveMs: 4000,
      phases: [
        { name: 'calm', ms: 6000, rates: calm },
        { name: 'burst', ms: 4000, rates: burst },
        { name: 'after', ms: 4000, rates: calm },
      ],
    },
    long: {
      viewers: 300,
      arriveMs: 20_000,
      phases: [
        { name: 'calm', ms: 30_000, rates: calm },
        { name: 'burst', ms: 30_000, rates: burst },
        { name: 'calm again', ms: 20_000, rates: calm },
        { name: 'second burst', ms: 30_000, rates: burst },
        { name: 'after', ms: 10_000, rates: calm },
      ],
    },
  },
}
