/** Every socket breaks in the same instant, with commands under way, and everybody comes back at once. */

import type { Phase, Scenario } from './plan.ts'

const rates: Phase['rates'] = {
  'like.send': { perMinute: 60, taps: [1, 5] },
  'comment.send': { perMinute: 2 },
}

export const reconnectStorm: Scenario = {
  name: 'reconnect-storm',
  what: 'all sockets cut at once while everybody likes, then half of them again',
  forms: {
    short: {
      viewers: 120,
      arriveMs: 4000,
      phases: [
        { name: 'before', ms: 6000, rates },
        { name: 'all cut', ms: 5000, rates, cut: 1 },
        { name: 'half cut', ms: 4000, rates, cut: 0.5 },
      ],
    },
    long: {
      viewers: 400,
      arriveMs: 20_000,
      phases: [
        { name: 'before', ms: 30_000, rates },
        { name: 'all cut', ms: 30_000, rates, cut: 1 },
        { name: 'all cut again', ms: 30_000, rates, cut: 1 },
        { name: 'half cut', ms: 30_000, rates, cut: 0.5 },
      ],
    },
  },
}
