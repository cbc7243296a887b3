/** The economy's figures: what each partition counts of its journal, and the days that were closed from it. */

export {
  type ClosedDay,
  closeDay,
  newestDay,
  readDays,
  readLives,
  told,
  toldUpTo,
} from './days.ts'
export { activeKey, redeemedKey, watchedKey } from './keys.ts'
export { DAYS_READ_MAX, LIVES_PER_DAY, NOTED_PER_CALL } from './limits.ts'
export {
  countedSince,
  FIELDS,
  forgetDay,
  LIVE_FIELDS,
  liveField,
  type PartitionDay,
  readPartitionDay,
} from './partition-day.ts'
export { forgetStudy, isCountedUpTo, STUDY_FULL, scanStudy } from './study.ts'
export {
  answerSurvey,
  forgetAnswer,
  hasAnswered,
  readSurvey,
  type SurveyAnswer,
  type SurveyMonth,
} from './survey.ts'
export { readTallied, talliedOf } from './tallied.ts'
export {
  type Beside,
  beginTally,
  CONSUMER,
  isWalked,
  noteUsed,
  type Tally,
  tally,
  walked,
} from './tally.ts'
