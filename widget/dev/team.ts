/** Team tasks as the server would answer them, for scripted states. */

import type { TeamsRead, TeamTaskView, TeamView } from '../../shared/teams.ts'
import { HOUR_MS } from '../../shared/time.ts'

const CHEER: Omit<TeamTaskView, 'endsAtMs'> = {
  id: 'cheer',
  title: { zh: '好友合力点赞', en: 'Cheer together' },
  action: 'like',
  ...{ target: 60, most: 40, least: 10, min: 2, max: 5, points: 30 },
}
const WATCH: Omit<TeamTaskView, 'endsAtMs'> = {
  id: 'watch',
  title: { zh: '周末一起看', en: 'Watch as friends' },
  action: 'watch',
  ...{ target: 120, most: 60, least: 15, min: 3, max: 4, points: 100 },
}

const teamOf = (reached: boolean): TeamView => ({
  code: 'K7QMZ4XW2P',
  sum: reached ? 60 : 37,
  ...(reached && { reached: true }),
  members: [
    { name: '小美', you: true, part: reached ? 40 : 25, ...(reached && { paid: 30 }) },
    { name: '爱做饭的阿哲今天也在', part: 12, ...(reached && { paid: 30 }) },
    { name: '柚子茶', part: reached ? 8 : 0 },
  ],
})

/** `none`: the viewer is in no team yet. */
export function teamsOf(nowMs: number, state: 'none' | 'going' | 'reached'): TeamsRead {
  return {
    ok: true,
    atMs: nowMs,
    tasks: [
      {
        ...CHEER,
        endsAtMs: nowMs + 5 * HOUR_MS,
        ...(state !== 'none' && { team: teamOf(state === 'reached') }),
      },
      { ...WATCH, endsAtMs: nowMs + 75 * HOUR_MS },
    ],
  }
}
