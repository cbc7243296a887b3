import { expect, test } from 'vitest'
import { teamTaskSentence } from './team-task-sentences.ts'
import { TeamTask, TeamTasks, teamPeriodAt } from './team-tasks.ts'

const CHEER = {
  id: 'cheer',
  title: { zh: '好友合力点赞', en: 'Cheer together' },
  action: 'like' as const,
  ...{ target: 60, most: 40, least: 10, max: 5, points: 30, budget: 3000 },
}
const at = (text: string) => ({ atMs: Date.parse(text), timeZone: 'Asia/Shanghai' })
const ms = (text: string) => Date.parse(text)

test.each([
  ['most', { most: 60 }],
  ['most', { most: 11, max: 5 }],
  ['least', { least: 41 }],
  ['min', { min: 6 }],
  ['budget', { budget: 149 }],
  ['from', { period: 'window' as const, until: '2026-11-30' }],
  ['until', { from: '2026-11-30', until: '2026-11-29' }],
])('[TM1] a task that cannot be what it says is refused at %s', (path, wrong) => {
  const { error } = TeamTask.safeParse({ ...CHEER, ...wrong })
  expect(error?.issues.map((issue) => issue.path[0])).toEqual([path])
})

test('[TM1] each id once', () => {
  expect(TeamTasks.safeParse([CHEER, CHEER]).success).toBe(false)
})

test('[TM1 003-23] a task says everything that a member wants to know', () => {
  const task = TeamTask.parse({ ...CHEER, until: '2026-12-31' })
  expect(teamTaskSentence(task, 'zh')).toBe(
    '好友合力点赞：每天，至 2026-12-31，2–5 人组队合力点赞 60 次；每人最多算 40，满 10 的成员各得 30 积分；每期一人一队，同一网络最多 3 人，退队带走自己的贡献；每期最多发 3000 积分，开队即为全队预留',
  )
  expect(teamTaskSentence(task, 'en')).toBe(
    'Cheer together: every day, until 2026-12-31, teams of 2 to 5 reach 60 likes together; one member counts for at most 40, and who did at least 10 gets 30 points; one team each at a time, at most 3 from one network, and who leaves takes the own part along; at most 3000 points in all, put aside for a team when it is opened',
  )
})

test('[TM2] a day, a week and a window begin and end at midnight of the platform', () => {
  const day = teamPeriodAt(TeamTask.parse(CHEER), at('2026-11-25T10:00:00Z'))
  expect(day).toMatchObject({
    ...{ startsAtMs: ms('2026-11-24T16:00:00Z'), endsAtMs: ms('2026-11-25T16:00:00Z') },
  })
  const weekly = TeamTask.parse({ ...CHEER, period: 'week', from: '2026-11-25' })
  expect(teamPeriodAt(weekly, at('2026-11-25T10:00:00Z'))).toMatchObject({
    // Monday is cut off by the first day.
    ...{ startsAtMs: ms('2026-11-24T16:00:00Z'), endsAtMs: ms('2026-11-29T16:00:00Z') },
  })
  const window = { ...CHEER, period: 'window', from: '2026-11-25', until: '2026-11-27' }
  const once = TeamTask.parse(window)
  const [first, last] = ['2026-11-25T00:00:00Z', '2026-11-27T15:59:59Z'].map((text) =>
    teamPeriodAt(once, at(text)),
  )
  expect(first).toEqual(last)
  expect(first?.endsAtMs).toBe(ms('2026-11-27T16:00:00Z'))
  for (const text of ['2026-11-24T15:59:59Z', '2026-11-27T16:00:00Z'])
    expect(teamPeriodAt(once, at(text))).toBeUndefined()
  const off = TeamTask.parse({ ...CHEER, enabled: false })
  expect(teamPeriodAt(off, at('2026-11-25T10:00:00Z'))).toBeUndefined()
})
