/** Scripted draws, votes and effects for the overlay's fixture. */

import type { EffectsView } from '../../shared/effects.ts'
import { DAY_MS } from '../../shared/time.ts'

export const effectsOf = (nowMs: number): EffectsView => ({
  ok: true,
  offers: {
    broadcast: { points: 300, chars: 30, waitSec: 180 },
    colours: [
      { colour: 'sky', points: 80, days: 7 },
      { colour: 'jade', points: 150, days: 7 },
      { colour: 'rose', points: 300, days: 30 },
    ],
    entrances: [
      { entrance: 'soft', points: 120, days: 7 },
      { entrance: 'bright', points: 400, days: 30 },
    ],
    tip: { amounts: [10, 50, 200], policy: 'hostBucket', hostShare: 0.5 },
    boost: { points: 200, rung: 2 },
  },
  owned: { colour: { value: 'jade', by: 'bought', untilMs: nowMs + 5 * DAY_MS } },
  draws: [
    {
      draw: 3,
      box: false,
      title: { zh: '今晚积分抽奖', en: 'Points draw tonight' },
      points: 20,
      perViewer: 5,
      opensAtMs: nowMs - 60_000,
      endsAtMs: nowMs + 154_000,
      state: 'open',
      prizes: [
        { points: 500, voucher: '', winners: 3 },
        { points: 0, voucher: '低GI燕麦片 1kg', winners: 1 },
      ],
      total: 2000,
      tickets: 186,
      commitment: '5d1e6f0a9b7c3d2e'.padEnd(64, '0'),
      mine: { bought: 1, count: 2, free: false },
      won: [],
    },
    {
      draw: 2,
      box: true,
      title: { zh: '新品盲盒', en: 'New product boxes' },
      points: 20,
      perViewer: 5,
      opensAtMs: nowMs - 600_000,
      endsAtMs: nowMs - 20_000,
      state: 'closed',
      prizes: [{ points: 50, voucher: '', odds: 2000 }],
      total: 2000,
      tickets: 412,
      commitment: '77ab6f0a9b7c3d2e'.padEnd(64, '0'),
      seed: '00'.repeat(32),
      mine: { bought: 2, count: 3, free: true },
      won: [0],
    },
  ],
  votes: [
    {
      vote: 4,
      title: { zh: '下一场选哪款？', en: 'Which one next?' },
      points: 10,
      perViewer: 10,
      opensAtMs: nowMs - 60_000,
      endsAtMs: nowMs + 95_000,
      state: 'open',
      options: [
        { label: { zh: '有机燕麦', en: 'Organic oats' }, votes: 214 },
        { label: { zh: '手工酱油', en: 'Soy sauce' }, votes: 127 },
      ],
      mine: { bought: 0, count: 1, free: false },
    },
  ],
})
