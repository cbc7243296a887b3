/** What the service says of the dry run that was asked for last. */

import type {
  DryRunAsked,
  DryRunEnd,
  DryRunProgress,
  DryRunReport,
} from '../../../../shared/dry-run.ts'
import { DAY_MS } from '../../../../shared/time.ts'
import type { Period } from './words.ts'

export const DRY_RUN = '/v1/rulebook/dry-run'
/** How often it is asked how far it is. */
export const DRY_RUN_EVERY_MS = 1000
/** What to run where no worker can. */
export const COMMAND = 'npm run dry-run -- --draft'

export interface ShownRun {
  id: string
  state: 'asked' | 'running' | 'done' | 'ended' | 'lost'
  asked: DryRunAsked
  by: string
  draft: number
  progress?: DryRunProgress
  report?: DryRunReport
  why?: DryRunEnd
}

const DAYS: Record<Exclude<Period, 'all'>, number> = { day: 1, week: 7 }

/** What to ask for, up to now. */
export const askedFor = (period: Period, nowMs: number): DryRunAsked => ({
  fromMs: period === 'all' ? 0 : nowMs - DAYS[period] * DAY_MS,
  toMs: nowMs,
  oneOf: 1,
})

export const isUnderWay = (run: ShownRun | undefined): boolean =>
  run?.state === 'asked' || run?.state === 'running'

export const percentOf = ({ progress }: ShownRun): number =>
  progress && progress.of > 0 ? Math.min(100, Math.floor((100 * progress.done) / progress.of)) : 0
