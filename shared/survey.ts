/** What viewers answer to whether they would recommend the points to a friend, and the score that comes of it. Pure. */

import { DAY_MS } from './time.ts'

/** Answers go from 0 to this. */
export const SURVEY_MAX = 10
/** From this answer on a viewer recommends the points; up to the other one they warn of them. */
const PROMOTES_FROM = 9
const DETRACTS_UP_TO = 6
const HUNDRED = 100

export interface SurveyScore {
  answers: number
  promoters: number
  detractors: number
  /** From -100 to 100; missing where nobody has answered. */
  score?: number
}

/**
 * Net promoter score of answers, given how many there are of each from 0 to 10: percent of 9 and 10 less percent of 0 to 6
 * (F. Reichheld, The One Number You Need to Grow, Harvard Business Review, December 2003).
 */
export function surveyScore(counts: readonly number[]): SurveyScore {
  let [answers, promoters, detractors] = [0, 0, 0]
  for (const [answer, count] of counts.entries()) {
    answers += count
    if (answer >= PROMOTES_FROM) promoters += count
    if (answer <= DETRACTS_UP_TO) detractors += count
  }
  if (answers === 0) return { answers, promoters, detractors }
  return {
    ...{ answers, promoters, detractors },
    score: Math.round((HUNDRED * (promoters - detractors)) / answers),
  }
}

/** Number of the period of so many days that an instant is in. */
export const surveyPeriod = (nowMs: number, everyDays: number): number =>
  Math.floor(nowMs / (everyDays * DAY_MS))

/**
 * Whether an account is among those of a hundred who are asked in a period. Every gateway says the same without asking anybody, and
 * each period takes others. Account numbers are drawn by chance, so their order says nothing of who somebody is.
 */
export function isAmongAsked(account: number, period: number, ofHundred: number): boolean {
  // 61 has no factor in common with 100: a viewer's place goes through all of them before it comes back.
  return (account + 61 * period) % HUNDRED < ofHundred
}
