/** Answers to whether viewers would recommend the points: one of an account and period, counted by month and rung. */

import { SURVEY_MAX } from '../../shared/survey.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import source from './answer-survey.lua'
import { answeredKey, surveyKey } from './keys.ts'
import { SURVEY_PERIODS_KEPT } from './limits.ts'

const script = defineScript({
  name: 'economy.answer_survey',
  source,
  keys: ['answered', 'survey'],
  args: { period: 'int', counts: 'str', kept_ms: 'int' },
  replies: { taken: {} },
})

/** Who is asked, and when. */
export interface Asked {
  slot: SlotTag
  account: number
  /** Number of the period, as `surveyPeriod` gives it. */
  period: number
}

export interface SurveyAnswer {
  /** From 0 to `SURVEY_MAX`. */
  score: number
  /** Of the platform's zone, `2026-11`. */
  month: string
  rung: number
}

/** Whether the account has answered in this period, or did not want to. Throws where Redis cannot be reached. */
export async function hasAnswered(
  store: Store,
  { slot, account, period }: Asked,
): Promise<boolean> {
  const answered = await store.get(answeredKey(slot, account))
  return answered?.startsWith(`${period} `) ?? false
}

/**
 * Takes an answer, or with none that the account does not want to be asked in this period. What is counted names nobody; the
 * account keeps its own answer for `SURVEY_PERIODS_KEPT` periods, so that another one takes its place.
 */
export async function answerSurvey(
  store: Store,
  { slot, account, period }: Asked,
  { periodMs, answer }: { periodMs: number; answer: SurveyAnswer | undefined },
): Promise<void> {
  await script.run(store, {
    keys: { answered: answeredKey(slot, account), survey: surveyKey(slot) },
    args: {
      period,
      counts: answer ? `${answer.month}:${answer.rung}:${answer.score}` : '',
      kept_ms: SURVEY_PERIODS_KEPT * periodMs,
    },
  })
}

/** Forgets what an account answered; what was counted stays and is of nobody. */
export async function forgetAnswer(store: Store, at: Omit<Asked, 'period'>): Promise<void> {
  await store.del(answeredKey(at.slot, at.account))
}

export interface SurveyMonth {
  /** `2026-11`. */
  month: string
  /** How many gave each answer, from 0 to `SURVEY_MAX`, by the rung that they had. */
  rungs: { rung: number; counts: number[] }[]
}

/** All answers there were: oldest month first, lowest rung first. Throws where Redis cannot be reached. */
export async function readSurvey(store: Store, slots: readonly SlotTag[]): Promise<SurveyMonth[]> {
  const hashes = await Promise.all(slots.map((slot) => store.hgetall(surveyKey(slot))))
  const months = new Map<string, Map<number, number[]>>()
  for (const [field, count] of hashes.flatMap((hash) => Object.entries(hash))) {
    const [month = '', rung = '', score = ''] = field.split(':')
    const rungs = months.get(month) ?? new Map<number, number[]>()
    const counts = rungs.get(Number(rung)) ?? new Array<number>(SURVEY_MAX + 1).fill(0)
    counts[Number(score)] = (counts[Number(score)] ?? 0) + Number(count)
    months.set(month, rungs.set(Number(rung), counts))
  }
  return [...months]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([month, rungs]) => ({
      month,
      rungs: [...rungs].sort(([a], [b]) => a - b).map(([rung, counts]) => ({ rung, counts })),
    }))
}
