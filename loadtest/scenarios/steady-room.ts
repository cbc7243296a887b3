/** An ordinary hour of a room, in short: people come, like now and then, say something, share. */

import type { Phase, Scenario } from './plan.ts'

const rates: Phase['rates'] = {
  'like.send': { perMinute: 30, taps: [1, 5] },
  'comment.send': { perMinute: 3 },
  'share.send': { perMinute: 0.5 },
}

export const steadyRoom: Scenario = {
  name: 'steady-room',
  what: 'a room where everybody likes every other second and comments every 20 s',
  forms: {
    short: { viewers: 100, arriveMs: 4000, phases: [{ name: 'steady', ms: 14_000, rates }] },
    long: {
      viewers: 500,
      arriveMs: 30_000,
      phases: [
        { name: 'filling', ms: 30_000, rates },
        { name: 'steady', ms: 120_000, rates },
      ],
    },
  },
}
