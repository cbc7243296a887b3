import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAmongAsked, SURVEY_MAX, surveyPeriod, surveyScore } from './survey.ts'
import { DAY_MS } from './time.ts'

const counts = (answers: readonly number[]) =>
  Array.from({ length: SURVEY_MAX + 1 }, (_, i) => answers.filter((one) => one === i).length)

test('[EC12 003-43] the score is the percent of 9 and 10 less the percent of 0 to 6', () => {
  expect(surveyScore(counts([10, 9, 9, 8, 7, 6, 3, 0]))).toEqual({
    ...{ answers: 8, promoters: 3, detractors: 3 },
    score: 0,
  })
  expect(surveyScore(counts([9, 10, 8]))).toMatchObject({ score: 67 })
  expect(surveyScore(counts([8, 7, 7]))).toMatchObject({ score: 0 })
  expect(surveyScore(counts([6, 6, 10]))).toMatchObject({ score: -33 })
  expect(surveyScore(counts([]))).toEqual({ answers: 0, promoters: 0, detractors: 0 })
})

test('[EC12] whatever is answered, the score is between -100 and 100, and 100 only where all recommend', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: SURVEY_MAX }), { minLength: 1 }), (answers) => {
      const { score = Number.NaN } = surveyScore(counts(answers))
      expect(Math.abs(score)).toBeLessThanOrEqual(100)
      expect(surveyScore(counts([...answers, 10])).score ?? Number.NaN).toBeGreaterThanOrEqual(
        score,
      )
      if (answers.every((one) => one >= 9)) expect(score).toBe(100)
      if (answers.every((one) => one <= 6)) expect(score).toBe(-100)
    }),
  )
})

test('[EC13] so many of a hundred are asked in each period, and everybody within a hundred periods as often as anybody', () => {
  const accounts = Array.from({ length: 1000 }, (_, i) => 4_000_000_000 + i)
  for (const ofHundred of [1, 20, 100])
    for (const period of [0, 1, 227])
      expect(accounts.filter((one) => isAmongAsked(one, period, ofHundred))).toHaveLength(
        10 * ofHundred,
      )
  const times = (account: number) =>
    Array.from({ length: 100 }, (_, i) => isAmongAsked(account, 200 + i, 20)).filter(Boolean).length
  for (const account of [1, 17, 4711]) expect(times(account)).toBe(20)
})

test('[EC13] a period begins when the one before is over', () => {
  const period = surveyPeriod(1_795_400_000_000, 90)
  expect(surveyPeriod((period + 1) * 90 * DAY_MS - 1, 90)).toBe(period)
  expect(surveyPeriod((period + 1) * 90 * DAY_MS, 90)).toBe(period + 1)
})
