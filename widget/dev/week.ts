/** A weekly board as the server would answer it, for scripted states. */

import type { RoomRedemptions, WeekBoards } from '../../shared/boards.ts'
import { DAY_MS, MINUTE_MS } from '../../shared/time.ts'
import type { Lang } from '../ui/lang.ts'

const NAMES = {
  zh: ['小美', '老陈', '爱喝汤的猫', '阿杰', '静静', '大刘', 'viewer-K3QF', '周周'],
  en: ['Mei', 'Chen', 'Soup cat', 'Jay', 'Jing', 'Big Liu', 'viewer-K3QF', 'Zhou'],
} as const
const PRIZES = [888, 666, 500, 300, 300, 200, 200, 100, 100, 100]

export function weekOf(lang: Lang, nowMs: number): WeekBoards {
  const title = { zh: '本周积分榜', en: 'Points of the week' }
  const star = { title: { zh: '互动之星', en: 'Star of the week' }, places: 1, days: 7 }
  const places = NAMES[lang].map((name, i) => ({
    ...{ rank: i + 1, handle: `w${i}`, name, rung: Math.max(0, 4 - i) },
    points: 12_480 - i * 1130,
    prize: PRIZES[i] ?? 0,
    ...(i === 0 && { star: true as const }),
  }))
  const board = {
    ...{ id: 'week', title, week: '2026-11-16', least: 1, prizes: PRIZES, star, people: 1832 },
    ...{ startsAtMs: nowMs - 3 * DAY_MS, endsAtMs: nowMs + 3 * DAY_MS, places },
  }
  return {
    ok: true,
    atMs: nowMs,
    boards: [{ board, own: { points: 1850, rank: 41, toNext: 2721, toPrize: 2721 } }],
  }
}

export function redeemedOf(lang: Lang, nowMs: number): RoomRedemptions {
  const titles = [
    { zh: '低GI燕麦片 1kg', en: 'Low-GI oats 1 kg' },
    { zh: '5 元无门槛券', en: '¥5 coupon' },
    { zh: '土鸡蛋 10 枚', en: 'Ten eggs' },
  ] as const
  const states = ['issued', 'used', 'awaiting_cash', 'refunded'] as const
  return {
    ok: true,
    redemptions: NAMES[lang].flatMap((name, i) => {
      const title = titles[i % titles.length] ?? titles[0]
      const state = states[i % states.length] ?? 'issued'
      const atMs = nowMs - i * 17 * MINUTE_MS
      return [{ atMs, name: `${name.slice(0, 1)}**`, title, points: 888, cashFen: 0, state }]
    }),
    next: 'more',
  }
}
