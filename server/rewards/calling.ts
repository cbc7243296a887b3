/** What scripts are told of time: the time zone of the rulebook, and an instant only where a test sets it. */

import type { RedemptionsOptions } from './deps.ts'

export const timeOf = ({ nowMs }: Pick<RedemptionsOptions, 'nowMs'>) =>
  nowMs ? { nowMs: nowMs() } : {}

export const callingOf = (options: Pick<RedemptionsOptions, 'rulebook' | 'nowMs'>) => ({
  timeZone: options.rulebook().book.timeZone,
  ...timeOf(options),
})
