/** Asks viewers whether they would recommend the points, and takes what they answer. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { ReplyOf } from '../../shared/protocol/index.ts'
import { isAmongAsked, surveyPeriod } from '../../shared/survey.ts'
import { DAY_MS, dayBounds, dayText } from '../../shared/time.ts'
import { answerSurvey, hasAnswered } from '../economy/index.ts'
import type { GatewayDeps } from './deps.ts'
import type { Viewer } from './viewer.ts'

type Deps = Pick<GatewayDeps, 'store' | 'clock' | 'partitions' | 'rulebook' | 'targeting'>

/** The period in which the account is asked, and its length; undefined where it is not. */
async function askedIn({ clock, rulebook, targeting }: Deps, account: number) {
  const { economy, timeZone } = rulebook().book
  if (!economy.survey) return undefined
  const { everyDays, ofHundred, afterDays } = economy.survey
  const nowMs = clock.now()
  const period = surveyPeriod(nowMs, everyDays)
  if (!isAmongAsked(account, period, ofHundred)) return undefined
  const { day } = dayBounds(nowMs, timeZone)
  const known = (await targeting.read(account))?.firstDay ?? day
  if (known + afterDays > day) return undefined
  return { period, periodMs: everyDays * DAY_MS, day }
}

/** Throws where Redis cannot be reached. */
export async function readSurveyOf(
  deps: Deps,
  { account }: Viewer,
): Promise<ReplyOf<'survey.read'>> {
  const asked = await askedIn(deps, account)
  if (!asked) return { ok: true, asked: false }
  const slot = deps.partitions.slotOf(account)
  return {
    ok: true,
    asked: !(await hasAnswered(deps.store, { slot, account, period: asked.period })),
  }
}

/** `score` is missing where the viewer does not want to be asked. Throws where Redis cannot be reached. */
export async function takeSurveyAnswer(
  deps: Deps,
  { account, rung }: Viewer,
  score: number | undefined,
): Promise<ReplyOf<'survey.answer'> | Refusal> {
  const asked = await askedIn(deps, account)
  if (!asked) return refuse('not_found')
  const { period, periodMs, day } = asked
  const month = dayText(day).slice(0, 7)
  await answerSurvey(
    deps.store,
    { slot: deps.partitions.slotOf(account), account, period },
    { periodMs, answer: score === undefined ? undefined : { score, month, rung } },
  )
  return { ok: true }
}
