/** A fan club as the server would answer it, for scripted states. */

import type { ClubDeskRead, ClubRead } from '../../shared/clubs.ts'
import { DAY_MS, MINUTE_MS } from '../../shared/time.ts'

const RUNGS = [
  { label: { zh: '新团员', en: 'New' }, growth: 0, platformGrowth: 0 },
  { label: { zh: '铁粉', en: 'Loyal' }, growth: 100, platformGrowth: 20 },
  { label: { zh: '真爱粉', en: 'Devoted' }, growth: 500, platformGrowth: 50 },
  { label: { zh: '挚爱', en: 'Beloved' }, growth: 2000, platformGrowth: 100 },
]

const tasksAt = (nowMs: number) => [
  {
    ...{ task: 1, action: 'watch' as const, goal: 30, points: 50, places: 200, left: 143 },
    ...{ startsAtMs: nowMs - MINUTE_MS, endsAtMs: nowMs + 48 * MINUTE_MS },
  },
  {
    ...{ task: 2, action: 'comment' as const, goal: 5, points: 20, places: 100, left: 12 },
    ...{ startsAtMs: nowMs - MINUTE_MS, endsAtMs: nowMs + 3 * DAY_MS },
  },
]

export function clubOf(nowMs: number, joined: boolean): ClubRead {
  const [watch, comment] = tasksAt(nowMs)
  const own = { growth: 236, rung: 1, today: 42, sinceMs: nowMs - 9 * DAY_MS }
  const done = joined ? 18 : 0
  return {
    ok: true,
    atMs: nowMs,
    club: {
      ...{ rungs: RUNGS, perDay: 200, joinPoints: joined ? 0 : 100, free: 4 },
      ...(joined && { own }),
      tasks: [
        ...(watch ? [{ ...watch, progress: done, state: 'open' as const }] : []),
        ...(comment ? [{ ...comment, progress: 5, state: 'paid' as const }] : []),
      ].slice(0, joined ? 2 : 1),
    },
  }
}

export function clubDeskOf(nowMs: number): ClubDeskRead {
  const members = [812, 366, 97, 8]
  const [watch, comment] = tasksAt(nowMs)
  return {
    ok: true,
    atMs: nowMs,
    club: {
      members: members.reduce((sum, one) => sum + one, 0),
      byRung: RUNGS.map(({ label }, i) => ({ label, members: members[i] ?? 0 })),
      pointsLeft: 8000,
      tasks: [
        ...(watch ? [watch] : []),
        ...(comment ? [{ ...comment, endsAtMs: nowMs - 1, left: 0, ended: true as const }] : []),
      ],
    },
  }
}
