import { beforeEach, expect, test } from 'vitest'
import { newBehaviour } from '../../shared/behaviour.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { isAmongAsked, surveyPeriod } from '../../shared/survey.ts'
import { DAY_MS } from '../../shared/time.ts'
import { forgetAnswer, readSurvey } from '../economy/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { readSurveyOf, takeSurveyAnswer } from './survey.ts'

/** Six in the evening of 31 October in Shanghai. */
const NOW = Date.parse('2026-10-31T10:00:00Z')
const TODAY = Math.floor(NOW / DAY_MS)
const partitions = createPartitions(4)

let store: Store
let nowMs: number
/** Days since the viewer first came. */
let since: number
let survey: { everyDays?: number; ofHundred?: number; afterDays?: number } | undefined
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  await store.flushall()
  nowMs = NOW
  since = 30
  survey = { everyDays: 90, ofHundred: 100 }
})

function deps() {
  const book = Rulebook.parse({
    ...PRESETS.live,
    economy: survey ? { survey } : {},
  })
  return {
    ...{ store, partitions },
    clock: { now: () => nowMs },
    rulebook: () => ({ book }),
    targeting: { read: async () => ({ ...newBehaviour(1), firstDay: TODAY - since }) },
  } as unknown as Parameters<typeof readSurveyOf>[0]
}

const viewer = (account: number, rung = 0) =>
  ({ account, rung }) as Parameters<typeof readSurveyOf>[1]
const isAsked = async (account: number) => (await readSurveyOf(deps(), viewer(account))).asked
const answer = (account: number, score?: number, rung = 0) =>
  takeSurveyAnswer(deps(), viewer(account, rung), score)
/** Scores that were given, by month and rung. */
async function counted() {
  const months = await readSurvey(store, partitions.slots)
  return months.flatMap(({ month, rungs }) =>
    rungs.map(({ rung, counts }) => [
      ...[month, rung],
      ...counts.flatMap((count, score) => new Array<number>(count).fill(score)),
    ]),
  )
}

test('[EC12 EC14 003-43] each answer counts once, in the month and with the rung that the viewer had', async () => {
  for (const account of [11, 12, 13]) expect(await isAsked(account)).toBe(true)
  expect(await answer(11, 9, 2)).toEqual({ ok: true })
  expect(await answer(12, 10, 2)).toEqual({ ok: true })
  expect(await answer(13, 0)).toEqual({ ok: true })
  for (const account of [11, 12, 13]) expect(await isAsked(account)).toBe(false)
  expect(await counted()).toEqual([
    ['2026-10', 0, 0],
    ['2026-10', 2, 9, 10],
  ])
  // A few hours later it is November where the platform is.
  nowMs += 8 * 3_600_000
  await answer(14, 7)
  expect((await counted()).at(-1)).toEqual(['2026-11', 0, 7])
})

test('[EC14] another answer in the same period takes the place of the first, in the next one it counts beside it', async () => {
  await answer(11, 3, 1)
  await answer(11, 9, 2)
  expect(await counted()).toEqual([
    ['2026-10', 1],
    ['2026-10', 2, 9],
  ])
  nowMs += 90 * DAY_MS
  expect(await isAsked(11)).toBe(true)
  await answer(11, 5, 2)
  expect((await counted()).filter(([, rung]) => rung === 2)).toEqual([
    ['2026-10', 2, 9],
    ['2027-01', 2, 5],
  ])
})

test('[EC14] who does not want to be asked is not, until the next period, and counts for nothing', async () => {
  await answer(11)
  expect(await isAsked(11)).toBe(false)
  expect(await counted()).toEqual([])
  // A change of mind is an answer.
  await answer(11, 8)
  expect(await counted()).toEqual([['2026-10', 0, 8]])
  nowMs += 90 * DAY_MS
  expect(await isAsked(11)).toBe(true)
})

test('[EC13] nobody is asked without a rule, before the days have passed, or outside of the share', async () => {
  survey = undefined
  expect(await isAsked(11)).toBe(false)
  expect(await answer(11, 9)).toMatchObject({ ok: false, code: 'not_found' })

  survey = { ofHundred: 100, afterDays: 7 }
  since = 6
  expect(await isAsked(11)).toBe(false)
  since = 7
  expect(await isAsked(11)).toBe(true)

  survey = { everyDays: 90, ofHundred: 20 }
  const accounts = Array.from({ length: 100 }, (_, i) => 5000 + i)
  const period = surveyPeriod(nowMs, 90)
  for (const account of accounts)
    expect(await isAsked(account)).toBe(isAmongAsked(account, period, 20))
  const left = accounts.find((account) => !isAmongAsked(account, period, 20)) ?? 0
  expect(await answer(left, 0)).toMatchObject({ ok: false, code: 'not_found' })
  expect(await counted()).toEqual([])
})

test('[EC14] what an erased person answered is forgotten, that it was answered is not', async () => {
  await answer(11, 9)
  await forgetAnswer(store, { slot: partitions.slotOf(11), account: 11 })
  expect(await store.keys('*answered*')).toEqual([])
  expect(await counted()).toEqual([['2026-10', 0, 9]])
})
